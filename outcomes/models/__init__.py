from outcomes.models.fields import QuarterField
from outcomes.models.meetings import MeetingNote, Strategy, SupervisorsMeeting
from outcomes.models.publications import Publication, PublishedFigure
from outcomes.models.rates import NationalRate, SharedRate, StateRate
from outcomes.models.reports import CORE, NOTE_LIMIT, QuarterlyReport, Revision, RevisionQuerySet, sees_drafts

__all__ = [
    "CORE",
    "NOTE_LIMIT",
    "MeetingNote",
    "NationalRate",
    "Publication",
    "PublishedFigure",
    "QuarterField",
    "QuarterlyReport",
    "Revision",
    "RevisionQuerySet",
    "SharedRate",
    "StateRate",
    "Strategy",
    "SupervisorsMeeting",
    "sees_drafts",
]
