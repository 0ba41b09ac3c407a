"""Rows waiting to be written: an object graph made in memory, stored model by model in the order of its keys."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from django.db import models

from agencies.models import (
    Agency,
    Assignment,
    Invitation,
    Membership,
    MembershipTeam,
    Payer,
    PayerContract,
    Person,
    Population,
    State,
    StatePolicy,
    Team,
    TeamPartner,
    TeamPopulation,
)
from fidelity.models import (
    ActionPlan,
    AnswerWindow,
    BankText,
    ConsensusRating,
    CorrectedItem,
    Correction,
    DraftComment,
    Edition,
    ItemReport,
    Moderation,
    PlanEntry,
    PlanRow,
    Rating,
    Review,
    Reviewer,
    ReviewerTraining,
    ReviewImport,
    ReviewText,
    ScaleVersion,
    Visit,
)
from funding.models import (
    CellNote,
    FundingPlan,
    FundingSource,
    PaymentSchedule,
    PlanCell,
    PlanColumn,
    PlanElement,
)
from outcomes.models import (
    AgencyQuarter,
    AgreementAnswer,
    MeetingNote,
    MonthTally,
    QuarterlyReport,
    Revision,
    SharingAgreement,
    StateQuarter,
    Strategy,
    SupervisorsMeeting,
    TeamGoal,
    WeekOfContacts,
)

# A model comes after those it points to.
ORDER: tuple[type[models.Model], ...] = (
    Person,
    State,
    StatePolicy,
    ScaleVersion,
    Population,
    Agency,
    Payer,
    Team,
    PayerContract,
    TeamPartner,
    TeamPopulation,
    Membership,
    MembershipTeam,
    Invitation,
    ReviewImport,
    Review,
    Reviewer,
    ReviewerTraining,
    BankText,
    Assignment,
    Visit,
    Rating,
    ConsensusRating,
    ReviewText,
    ItemReport,
    AnswerWindow,
    DraftComment,
    Moderation,
    Edition,
    Correction,
    CorrectedItem,
    ActionPlan,
    PlanRow,
    PlanEntry,
    FundingSource,
    FundingPlan,
    PlanElement,
    PlanColumn,
    PlanCell,
    CellNote,
    PaymentSchedule,
    SharingAgreement,
    AgreementAnswer,
    StateQuarter,
    QuarterlyReport,
    Revision,
    AgencyQuarter,
    SupervisorsMeeting,
    MeetingNote,
    Strategy,
    WeekOfContacts,
    MonthTally,
    TeamGoal,
)
SAID: dict[type[models.Model], str] = {
    Agency: "agencies",
    Team: "teams",
    Person: "people",
    Membership: "memberships",
    Review: "reviews",
    Rating: "ratings",
    ActionPlan: "action plans",
    PlanRow: "plan rows",
    Edition: "issued reports",
    QuarterlyReport: "quarterly reports",
    Revision: "revisions of figures",
}
BATCH = 2000
Row = TypeVar("Row", bound=models.Model)


@dataclass(frozen=True)
class Told:
    """What somebody did to a row; its history is written once rows have their keys."""

    row: QuarterlyReport
    person: Person
    at: datetime
    values: dict[str, Any]
    reason: str = ""


class Rows:
    """Collects unsaved objects that point at each other. A row that is already stored is not written again."""

    def __init__(self) -> None:
        self._waiting: dict[type[models.Model], list[Any]] = {model: [] for model in ORDER}
        self.told: list[Told] = []

    def add(self, row: Row) -> Row:
        self._waiting[type(row)].append(row)
        return row

    def of(self, model: type[Row]) -> list[Row]:
        return self._waiting[model]

    def store(self) -> dict[str, int]:
        """Writes everything; bulk inserts set the keys that the next models point to."""
        for model, rows in self._waiting.items():
            model._base_manager.bulk_create([row for row in rows if row.pk is None], batch_size=BATCH)
        return {SAID[model]: len(self._waiting[model]) for model in SAID}
