from outcomes.models.fields import QuarterField
from outcomes.models.reports import CORE, NOTE_LIMIT, QuarterlyReport, Revision, sees_drafts

__all__ = ["CORE", "NOTE_LIMIT", "QuarterField", "QuarterlyReport", "Revision", "sees_drafts"]
