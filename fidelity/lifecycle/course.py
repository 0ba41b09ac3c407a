"""Where a team is at one moment of its story: its position, the term that runs, and the results that led there."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from fidelity.lifecycle.history import Decided, Reviewed
from fidelity.lifecycle.months import months_after, said, written
from fidelity.policy import FidelityPolicy

Policies = Callable[[date], FidelityPolicy]  # the one in force on a day


class Position(StrEnum):
    """Codes of the policies (`policy_fields.STANDINGS`); people read the names their state gives them."""

    APPLICANT = "APPLICANT"
    NEW = "NEW"
    EXISTING = "EXISTING"
    EXCEPTIONAL = "EXCEPTIONAL"
    CORRECTIVE = "CORRECTIVE"
    RESTRICTED = "RESTRICTED"
    CLOSED = "CLOSED"


TAKES_NEW = (Position.NEW, Position.EXISTING, Position.EXCEPTIONAL, Position.CORRECTIVE)


class Purpose(StrEnum):
    """What a term is for."""

    FIRST = "First review"
    INTERVAL = "Next review"
    RECOVERY = "Time to reach good fidelity again"
    AGAIN = "Review while new referrals are paused"


@dataclass(frozen=True)
class Term:
    """The time until the next review is due; no end where the policy names no interval."""

    purpose: Purpose
    since: date
    months: int | None
    after: str  # what it counts from, as the end of a sentence
    opens_on: date | None = None  # where the review is not held earlier
    moved_to: date | None = None  # by a decision

    @property
    def until(self) -> date | None:
        if self.moved_to or self.months is None:
            return self.moved_to
        return months_after(self.since, self.months)

    @property
    def why(self) -> str:
        if self.moved_to:
            return "a day set by a decision about this team"
        if self.months is None:
            return ""
        return f"{said(self.months)} after {self.after} on {written(self.since)}"


@dataclass(frozen=True)
class Judged:
    """An official result, by the policy of its day, and where the team was then."""

    review: Reviewed
    policy: FidelityPolicy
    at: Position

    @property
    def total(self) -> int:
        return self.review.total or 0

    @property
    def is_good(self) -> bool:
        return self.total >= self.policy.thresholds.good

    @property
    def is_exemplary(self) -> bool:
        return self.total >= self.policy.thresholds.exemplary

    @property
    def earns_incentive(self) -> bool:
        """By the rule of its day. What a review from before the portal was given is not known here."""
        offer = self.policy.incentive
        reached = {"review": True, "good": self.is_good, "exemplary": self.is_exemplary}[offer.earned]
        return bool(offer.what) and reached and not self.review.is_imported

    @property
    def issued_on(self) -> date:
        return self.review.issued_on or self.review.ended_on

    @property
    def counts_from(self) -> tuple[date, str]:
        """Source: domain reference 2.6, the visit's end unless the state says otherwise."""
        if self.policy.interval_anchor == "report_issued_date":
            return self.issued_on, "the report of the last review was issued"
        return self.review.ended_on, "the last review ended"


@dataclass(frozen=True)
class Move:
    """One line of a team's story: from this day on, and why."""

    on: date
    position: Position
    because: str
    is_decision: bool = False


@dataclass(frozen=True)
class Course:
    position: Position
    since: date
    policies: Policies = field(repr=False)
    started: date | None = None
    term: Term | None = None
    last: Judged | None = None
    before: Judged | None = None
    awaiting: Reviewed | None = None  # held, and its report is not issued yet
    failures: int = 0  # in a row, since the team got where it is
    tried: bool = False  # a review within the time to recover did not reach the mark
    lapsed: bool = False  # the term ran out without a review, and nothing else followed
    override: Decided | None = None  # a restriction by decision, beside what the results say
    longer: bool = False
    approved: date | None = None  # the plan that follows the last result
    plans_in_use: frozenset[str] = frozenset()
    closure: Decided | None = None
    moves: tuple[Move, ...] = ()

    def moved(self, position: Position, on: date, because: str, *, is_decision: bool = False) -> "Course":
        """Into a position, which begins on the day unless the team was there already."""
        same = position is self.position
        return replace(
            self,
            position=position,
            since=self.since if same else on,
            failures=self.failures if same else 0,
            moves=(*self.moves, Move(on, position, because, is_decision)),
        )

    def told(self, on: date, because: str, *, is_decision: bool = False) -> "Course":
        """Something worth telling that moves nothing."""
        return replace(self, moves=(*self.moves, Move(on, self.position, because, is_decision)))

    def given(self, term: Term | None) -> "Course":
        return replace(self, term=term, lapsed=False, longer=False)
