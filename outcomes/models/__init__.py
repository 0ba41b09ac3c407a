from outcomes.models.fields import QuarterField
from outcomes.models.rates import SharedRate, StateRate
from outcomes.models.reports import CORE, NOTE_LIMIT, QuarterlyReport, Revision, RevisionQuerySet, sees_drafts
from outcomes.models.state_quarters import BRIEF_LIMIT, StateQuarter

__all__ = [
    "BRIEF_LIMIT",
    "CORE",
    "NOTE_LIMIT",
    "QuarterField",
    "QuarterlyReport",
    "Revision",
    "RevisionQuerySet",
    "SharedRate",
    "StateQuarter",
    "StateRate",
    "sees_drafts",
]
