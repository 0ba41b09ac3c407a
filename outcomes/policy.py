"""What a state asks of quarterly outcomes: when they are due, what is measured, what counts as a job, who sees what.

A state's data holds only what the state itself states; the rest is the national default, value by value.
Source: domain reference 3.1, 3.2 and 9.9; trust reference 2.2 rule 6 and 2.4.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from fidelity.documents import DocumentError, Node
from ips_portal.quarters import Quarter
from outcomes import goals
from outcomes.goals import Goal
from outcomes.measures import edition

DEFAULTS = Path(__file__).with_name("policies") / "national.yaml"
FTE_MOMENTS = {"quarter_end": "at the end of the quarter", "average": "on average over the quarter"}
# In full they share under a signed agreement that ends by itself, never by a rule alone.
PEER_TIERS = {"off": "Not shared", "suppressed": "Shared, small counts hidden"}
LOWEST_THRESHOLD = 11  # outside the circle of the state's leads. Source: trust reference 2.4, rule 9
LOWEST_RANGE = 5  # values that a hidden figure may still have. Source: trust reference 2.4, rule 10


class OutcomesPolicyError(DocumentError):
    """The policy's data is not a policy; the text names the place."""


@dataclass(frozen=True)
class JobDefinition:
    """What counts as a competitive job. Source: domain reference 3.2 and 9.9."""

    temp_agency_counts: bool
    seasonal_counts: bool
    set_aside_contract_counts: bool
    minimum_days: int

    @property
    def words(self) -> tuple[str, ...]:
        """The test of a competitive job: each line must be true."""
        days = "one day" if self.minimum_days == 1 else f"{self.minimum_days} days"
        seasonal = "; seasonal jobs count" if self.seasonal_counts else ", and not seasonal"
        agency = "count" if self.temp_agency_counts else "do not count"
        reserved = (
            "Open to anyone; jobs on contracts set aside for people with disabilities count in this state too."
            if self.set_aside_contract_counts
            else "Open to anyone, not reserved for people with disabilities."
        )
        return (
            "Pays at least the minimum wage, and what co-workers get for the same work.",
            reserved,
            f"In the open labor market; jobs through a temporary agency that takes everybody {agency}.",
            f"Not limited in time by the program{seasonal}.",
            f"Worked for at least {days} in the quarter.",
        )


@dataclass(frozen=True)
class Sharing:
    """Who outside the own agency and the state's leads sees what. Source: trust reference 2.4."""

    peers: str
    threshold: int
    narrowest_range: int  # how many values a hidden cell may at least have
    stakeholders: bool
    public: bool
    across_states: bool


@dataclass(frozen=True)
class SamePersonMayAccept:
    """A dated, written exception: the person who submitted may also accept."""

    allowed_until: date
    reason: str


@dataclass(frozen=True)
class BetweenQuarters:
    """What a state offers supervisors between quarters; nobody above the agency sees any of it."""

    weekly_contacts: bool
    monthly_tallies: bool
    specialist_goals: bool


@dataclass(frozen=True)
class DischargeEntry:
    """What a state wants entered of each person who leaves, in a system of its own. Blank for a state that has none.

    Source: domain reference 2.3, discharge data.
    """

    system: str = ""
    what: str = ""

    @property
    def words(self) -> str:
        return f"Each person's {self.what} is entered in {self.system} at discharge." if self.system else ""

    @property
    def reminder(self) -> str:
        return f"each one's {self.what} is entered in {self.system} at discharge" if self.system else ""


@dataclass(frozen=True)
class OutcomesPolicy:
    measures: str  # the edition
    optional: tuple[str, ...]
    due_days: int
    due_days_q4: int
    lock_days: int
    fte_moment: str
    fiscal_year_starts: int  # month, for display only
    reminders: tuple[int, ...]  # days before (negative) and after the due date
    job: JobDefinition
    sharing: Sharing
    between: BetweenQuarters
    discharge_entry: DischargeEntry
    goals: tuple[Goal, ...]
    same_person_may_accept: SamePersonMayAccept | None
    stated: frozenset[str]

    def due_on(self, quarter: Quarter) -> date:
        return quarter.due_on(self.due_days_q4 if quarter.number == 4 else self.due_days)

    def locks_on(self, quarter: Quarter) -> date:
        """Accepted figures lock on this day. Source: trust reference 2.2 rule 6 (default 45 days)."""
        return max(quarter.due_on(self.lock_days), self.due_on(quarter))

    def same_person_may_accept_on(self, today: date) -> bool:
        exception = self.same_person_may_accept
        return exception is not None and today <= exception.allowed_until

    def definition(self) -> dict[str, Any]:
        """What a report keeps of the definitions it was entered under, fit for JSON."""
        return {
            "measures": self.measures,
            "optional": list(self.optional),
            "fte_moment": self.fte_moment,
            "job": vars(self.job),
        }


def state_policy(data: Mapping[str, object]) -> OutcomesPolicy:
    """A state's stored data over the national default. Raises OutcomesPolicyError."""
    defaults = national()
    node = Node(_over(defaults, data), "policy", OutcomesPolicyError)
    node.mapping({*defaults, "name", "sources", "same_person_may_accept"})
    measures = edition(node.child("measures").text())
    optional = [measure.key for measure in measures.optional]
    return OutcomesPolicy(
        measures=measures.key,
        optional=tuple(entry.choice(optional) for entry in node.child("optional").entries()),
        due_days=node.child("due_days").number(1, 180),
        due_days_q4=node.child("due_days_q4").number(1, 180),
        lock_days=node.child("lock_days").number(1, 365),
        fte_moment=node.child("fte_moment").choice(FTE_MOMENTS),
        fiscal_year_starts=node.child("fiscal_year_starts").number(1, 12),
        reminders=tuple(_offset(entry) for entry in node.child("reminders").entries()),
        job=_job(node.child("job")),
        sharing=_sharing(node.child("sharing")),
        between=BetweenQuarters(**_flags(node.child("between"), BetweenQuarters)),
        discharge_entry=_discharge(node.child("discharge_entry")),
        goals=tuple(_goal(entry) for entry in node.child("goals").entries()),
        same_person_may_accept=node.optionally("same_person_may_accept", _exception),
        stated=frozenset(data),
    )


@cache
def national() -> Mapping[str, Any]:
    data: dict[str, Any] = yaml.safe_load(DEFAULTS.read_text(encoding="utf-8"))
    return data


def _over(defaults: Mapping[str, object], data: Mapping[str, object]) -> dict[str, object]:
    """The state's values over the defaults, one level deep."""
    merged = dict(defaults)
    for key, value in data.items():
        default = defaults.get(key)
        merged[key] = {**default, **value} if isinstance(default, dict) and isinstance(value, dict) else value
    return merged


def _offset(node: Node) -> int:
    if type(node.value) is not int or not -90 <= node.value <= 90 or not node.value:
        raise node.wrong("expected days before (negative) or after the due date, from -90 to 90, not 0.")
    return node.value


def _flags(node: Node, kind: type) -> dict[str, bool]:
    names = list(kind.__annotations__)
    node.mapping(names)
    return {name: node.child(name).flag() for name in names}


def _job(node: Node) -> JobDefinition:
    switches = ("temp_agency_counts", "seasonal_counts", "set_aside_contract_counts")
    node.mapping((*switches, "minimum_days"))
    flags = {name: node.child(name).flag() for name in switches}
    return JobDefinition(**flags, minimum_days=node.child("minimum_days").number(1, 31))


def _sharing(node: Node) -> Sharing:
    switches = ("stakeholders", "public", "across_states")
    node.mapping(("peers", "threshold", "narrowest_range", *switches))
    if node.child("public").flag() and not node.child("stakeholders").flag():
        raise node.child("public").wrong("what committee members do not see is not told to everybody.")
    return Sharing(
        peers=node.child("peers").choice(PEER_TIERS),
        threshold=node.child("threshold").number(LOWEST_THRESHOLD, 100),
        narrowest_range=node.child("narrowest_range").number(LOWEST_RANGE, 20),
        **{name: node.child(name).flag() for name in switches},
    )


def _discharge(node: Node) -> DischargeEntry:
    node.mapping(("system", "what"))
    found = DischargeEntry(node.text_or_blank("system"), node.text_or_blank("what"))
    if bool(found.system) != bool(found.what):
        raise node.wrong("expected both the system and what is entered in it, or neither.")
    return found


def _goal(node: Node) -> Goal:
    node.mapping(("measure", "level", "value"))
    measure, stated = node.child("measure").choice(goals.MEASURES), node.child("value")
    value = stated.value
    most = 1 if measure in goals.SHARES else 200
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= most:
        raise stated.wrong(
            f"expected a number above 0 and up to {most}{', such as 0.41' if most == 1 else ''}."
        )
    return Goal(measure, node.child("level").choice(goals.LEVELS), Decimal(str(value)))


def _exception(node: Node) -> SamePersonMayAccept:
    node.mapping(("allowed_until", "reason"))
    return SamePersonMayAccept(node.child("allowed_until").day(), node.child("reason").text())
