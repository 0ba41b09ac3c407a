"""What the money model reckons with. Dollars are Decimal; what is not known is None and never zero.

Source of the kinds of payment: domain reference 4.2 and 4.4 (milestones, hours, one bundled monthly rate, a payment at
closure). Amounts are a state's own; none are shipped.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import reduce
from types import MappingProxyType

NOTHING = Decimal(0)


class Trigger(StrEnum):
    """What a payment is made for."""

    PLAN = "plan_signed"
    JOB_START = "job_start"
    DAYS_WORKED = "days_worked"
    CLOSURE = "closure"
    PERSON_MONTH = "person_month"
    HOUR = "hour"


TRIGGERS: dict[Trigger, str] = {
    Trigger.PLAN: "Career profile and plan done",
    Trigger.JOB_START: "Job start",
    Trigger.DAYS_WORKED: "Days worked",
    Trigger.CLOSURE: "Case closed with a job",
    Trigger.PERSON_MONTH: "Month a person is served",
    Trigger.HOUR: "Hour of service",
}
UNITS = (Trigger.PERSON_MONTH, Trigger.HOUR)  # paid by quantity, again and again for the same person


@dataclass(frozen=True)
class Payment:
    """`amount` in dollars. One that is not `repeatable` is made once for a person at most.

    `days` are those worked in one job, where the trigger asks for them. `requires` names the payment that must have
    been made before. `pays_only_if` is the payer's condition, as people say it.
    """

    name: str
    trigger: Trigger
    amount: Decimal
    days: int | None = None
    repeatable: bool = False
    requires: str | None = None
    pays_only_if: str = ""


@dataclass(frozen=True)
class Schedule:
    """One version of what a payer pays, from its first to its last day; without a last day it goes on."""

    payer: str
    name: str
    starts_on: date
    ends_on: date | None = None
    payments: tuple[Payment, ...] = ()

    @property
    def key(self) -> str:
        """The same for all versions, and for no other schedule."""
        return f"{self.payer}: {self.name}"


@dataclass(frozen=True)
class Grant:
    """Money for a time, both days among it; `amount` in dollars for all of it."""

    name: str
    starts_on: date
    ends_on: date
    amount: Decimal


@dataclass(frozen=True)
class Span:
    """From low to high. A high of None has no known limit. Raises ValueError where it is none, or is below zero."""

    low: Decimal
    high: Decimal | None

    def __post_init__(self) -> None:
        if self.low < 0 or (self.high is not None and self.high < self.low):
            raise ValueError(f"Not a range from low to high: {self.low} to {self.high}")

    def times(self, other: "Span") -> "Span":
        if self.high is None or other.high is None:
            return Span(self.low * other.low, None)
        return Span(self.low * other.low, self.high * other.high)

    def at_most(self, other: "Span") -> "Span":
        highs = [high for high in (self.high, other.high) if high is not None]
        return Span(min(self.low, other.low), min(highs) if highs else None)

    def from_none(self) -> "Span":
        """It may be as much, and it may be nothing."""
        return Span(NOTHING, self.high)


ANY = Span(NOTHING, None)
ALL = Span(NOTHING, Decimal(1))  # a share that nobody knows
MONTHS = Span(
    Decimal(1), Decimal(3)
)  # whoever is served in a quarter is served in one of its months, or in all


@dataclass(frozen=True)
class Figures:
    """A team's figures of one quarter, each from low to high; None is not known.

    `served` and `new_people` are people, `job_starts` jobs, `closures` cases that the payer itself closed with a job.
    `first_jobs` are people who start the first job the payer pays for. `held` gives, by days worked, the share of job
    starts that last so long, 0 to 1. `months` is in how many months of the quarter a person is served, 0 to 3. `hours`
    are all hours of service, whoever pays. `cost_per_fte` is in dollars a year. `paid_for` is the share of people, or
    of hours, a schedule pays for, 0 to 1, by the schedule's key; `granted` the team's share of a grant, by its name.
    Source of what is counted: implementation guide for states, quarterly outcomes.
    """

    served: Span | None = None
    new_people: Span | None = None
    job_starts: Span | None = None
    first_jobs: Span | None = None
    held: Mapping[int, Span] = field(default_factory=lambda: MappingProxyType({}))
    closures: Span | None = None
    months: Span | None = None
    hours: Span | None = None
    fte: Span | None = None
    cost_per_fte: Span | None = None
    paid_for: Mapping[str, Span] = field(default_factory=lambda: MappingProxyType({}))
    granted: Mapping[str, Span] = field(default_factory=lambda: MappingProxyType({}))

    def lasting(self, days: int) -> Span:
        """The share of job starts that last so long. Fewer last longer, so each number known bounds the others."""
        longer = [span.low for known, span in self.held.items() if known >= days]
        shorter = [span.high for known, span in self.held.items() if known <= days and span.high is not None]
        high = min([Decimal(1), *shorter])
        return Span(min(high, max([NOTHING, *longer])), high)


def least(spans: Iterable[Span]) -> Span:
    return reduce(Span.at_most, spans)


def said(trigger: Trigger, days: int | None) -> str:
    """What a payment is made for, in words."""
    return f"{days} days worked" if trigger is Trigger.DAYS_WORKED else TRIGGERS[trigger]
