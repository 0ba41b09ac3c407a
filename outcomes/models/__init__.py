from outcomes.models.between import (
    ADDED_UP,
    AT_HOME,
    TALLIED,
    MonthTally,
    OnTeam,
    TeamGoal,
    WeekOfContacts,
    leads,
)
from outcomes.models.fields import QuarterField
from outcomes.models.rates import SharedRate, StateRate
from outcomes.models.reports import CORE, NOTE_LIMIT, QuarterlyReport, Revision, RevisionQuerySet, sees_drafts

__all__ = [
    "ADDED_UP",
    "AT_HOME",
    "CORE",
    "NOTE_LIMIT",
    "TALLIED",
    "MonthTally",
    "OnTeam",
    "QuarterField",
    "QuarterlyReport",
    "Revision",
    "RevisionQuerySet",
    "SharedRate",
    "StateRate",
    "TeamGoal",
    "WeekOfContacts",
    "leads",
    "sees_drafts",
]
