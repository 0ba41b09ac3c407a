from outcomes.models.fields import QuarterField
from outcomes.models.imports import OutcomeImport
from outcomes.models.rates import SharedRate, StateRate
from outcomes.models.reports import CORE, NOTE_LIMIT, QuarterlyReport, Revision, RevisionQuerySet, sees_drafts

__all__ = [
    "CORE",
    "NOTE_LIMIT",
    "OutcomeImport",
    "QuarterField",
    "QuarterlyReport",
    "Revision",
    "RevisionQuerySet",
    "SharedRate",
    "StateRate",
    "sees_drafts",
]
