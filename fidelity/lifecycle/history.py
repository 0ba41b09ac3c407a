"""What has happened to a team: plain facts with their dates, in whatever order they are found.

Facts of one day have an order, too: the order of `Moment`. Whoever decides something on the day of a result knows the
result, and records of one day follow each other by their number.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import IntEnum, StrEnum

DAY = timedelta(days=1)


class Kind(StrEnum):
    """What a state, or the payer's approver it names, decides about one team."""

    PLAN_APPROVED = "plan_approved"
    LONGER_INTERVAL = "longer_interval"  # until: the day of the next review
    EARLIER_REVIEW = "earlier_review"  # until: the day of the next review
    RESTRICTION = "restriction"  # no new people; until: its last day, if any
    SAFETY = "safety"  # the same, for the health and safety of people; no total lifts it
    LIFTING = "lifting"
    CLOSURE = "closure"  # a recommendation: teams are closed on their own page


@dataclass(frozen=True)
class Created:
    on: date


@dataclass(frozen=True)
class Started:
    """The team began to implement IPS."""

    on: date


@dataclass(frozen=True)
class Reviewed:
    """A review that was held. Its total counts from the day its report is issued, or a self-review is filed."""

    key: str
    kind: str  # as in `policy_fields.REVIEW_TYPES`
    ended_on: date
    issued_on: date | None = None
    total: int | None = None
    ratings: Mapping[str, int] = field(default_factory=dict, repr=False)
    is_imported: bool = False  # from before the portal, which knows no plan that followed it
    possible: int = field(kw_only=True)  # the highest total of its scale, settled when it is booked
    leads: str = ""  # the code of the part that is the total of, where that scale has parts
    part: str = ""  # and its name

    def is_counted_as(self, other: "Reviewed") -> bool:
        return (self.possible, self.leads) == (other.possible, other.leads)


@dataclass(frozen=True)
class PlanInUse:
    """The agency works by the plan that follows a review."""

    on: date
    review: str


@dataclass(frozen=True)
class Decided:
    on: date
    kind: Kind
    until: date | None = None
    number: int = 0  # of the record: which of two decisions of one day came later
    review: str = ""  # whose plan was approved

    @property
    def last_day(self) -> date | None:
        """Of what is decided for a while: that day at least."""
        return max(self.until, self.on) if self.until else None


@dataclass(frozen=True)
class Closed:
    """The first day on which the team no longer exists."""

    on: date


Fact = Created | Started | Reviewed | PlanInUse | Decided | Closed


class Rank(IntEnum):
    """The order of what happens on one day."""

    ENDS = 0  # a restriction that lasted until the day before
    CREATED = 1
    STARTED = 2
    HELD = 3
    RESULT = 4
    PLAN = 5
    DECIDED = 6
    CLOSED = 7


@dataclass(frozen=True)
class Moment:
    on: date
    rank: Rank
    fact: Fact

    @property
    def order(self) -> tuple[date, Rank, date, int, str]:
        """No two different facts are alike in all of it, so a history is read in one way only.

        A review is told from another by its key; its ratings move nothing.
        """
        fact = self.fact
        held = fact.ended_on if isinstance(fact, Reviewed) else self.on
        number = fact.number if isinstance(fact, Decided) else 0
        return self.on, self.rank, held, number, repr(fact)


def moments(history: Iterable[Fact], today: date) -> list[Moment]:
    """All that has happened by the end of `today`, in order."""
    found = [moment for fact in history for moment in _of(fact) if moment.on <= today]
    return sorted(found, key=lambda moment: moment.order)


def _of(fact: Fact) -> Iterator[Moment]:
    match fact:
        case Created():
            yield Moment(fact.on, Rank.CREATED, fact)
        case Started():
            yield Moment(fact.on, Rank.STARTED, fact)
        case Reviewed():
            yield Moment(fact.ended_on, Rank.HELD, fact)
            if fact.issued_on is not None:
                yield Moment(max(fact.issued_on, fact.ended_on), Rank.RESULT, fact)
        case PlanInUse():
            yield Moment(fact.on, Rank.PLAN, fact)
        case Decided():
            yield Moment(fact.on, Rank.DECIDED, fact)
            if fact.last_day is not None and fact.kind in (Kind.RESTRICTION, Kind.SAFETY):
                yield Moment(fact.last_day + DAY, Rank.ENDS, fact)
        case Closed():
            yield Moment(fact.on, Rank.CLOSED, fact)
