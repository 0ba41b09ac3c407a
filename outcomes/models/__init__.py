from outcomes.models.agency_quarters import AgencyQuarter
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
from outcomes.models.imports import OutcomeImport
from outcomes.models.meetings import MeetingNote, MeetingNoteQuerySet, Strategy, SupervisorsMeeting
from outcomes.models.publications import Publication, PublicQuarter, PublishedFigure
from outcomes.models.rates import NationalRate, SharedRate, StateRate
from outcomes.models.reports import (
    CORE,
    FIGURES,
    NOTE_LIMIT,
    QuarterlyReport,
    Revision,
    RevisionQuerySet,
    columns_of,
    figures_of,
    given,
    number,
    overdue,
    sees_drafts,
)
from outcomes.models.sharing import AgreementAnswer, FigureInFull, SharingAgreement
from outcomes.models.state_quarters import BRIEF_LIMIT, StateQuarter

__all__ = [
    "ADDED_UP",
    "AT_HOME",
    "BRIEF_LIMIT",
    "CORE",
    "FIGURES",
    "NOTE_LIMIT",
    "TALLIED",
    "AgencyQuarter",
    "AgreementAnswer",
    "FigureInFull",
    "MeetingNote",
    "MeetingNoteQuerySet",
    "MonthTally",
    "NationalRate",
    "OnTeam",
    "OutcomeImport",
    "PublicQuarter",
    "Publication",
    "PublishedFigure",
    "QuarterField",
    "QuarterlyReport",
    "Revision",
    "RevisionQuerySet",
    "SharedRate",
    "SharingAgreement",
    "StateQuarter",
    "StateRate",
    "Strategy",
    "SupervisorsMeeting",
    "TeamGoal",
    "WeekOfContacts",
    "columns_of",
    "figures_of",
    "given",
    "leads",
    "number",
    "overdue",
    "sees_drafts",
]
