"""What the rules of coverage read, and what they say."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from funding.grid import Cell, Column, Element, Grid, Phase

# Where a rule comes from, as people read it; its number is that of domain reference 4.5.
TIPS = "IPS Implementation Tips for State Leaders, on revenue for IPS services"
SLIDES = "Individual Placement and Support, presentation by Drake and Selleck, on how states pay for IPS"
MISSOURI = "Missouri IPS manual, on billing and on financial planning"
OURS = "The portal's own measure of what deserves a second look"
VR = "vr"


@dataclass(frozen=True)
class Limits:
    """What the rules count with; a state may set each otherwise."""

    support_days: int = 365  # a job is supported for about a year on average: seed 000, job supports
    closes_after_days: int = 90  # VR may close a case then, where its cell says nothing: seed 000
    share_percent: int = 80  # domain reference 4.5, a proposal
    expiring_months: int = 12  # domain reference 4.5, a proposal
    stale_months: int = 24  # domain reference 4.5, a proposal


@dataclass(frozen=True)
class Gap:
    """`code` is the rule's. `phase` is blank where it is about more than one phase, or about the plan as a whole.

    `reason` says what is wrong with names and numbers, `advice` what states did about it or what to do.
    """

    code: str
    phase: str
    elements: tuple[int, ...]
    columns: tuple[int, ...]
    reason: str
    advice: str
    source: str


@dataclass(frozen=True)
class Entered:
    """A cell with the element and the column it stands at."""

    element: Element
    column: Column
    cell: Cell


@dataclass(frozen=True)
class Reading:
    """A plan as it is on a day. Planned money counts only with its date and a bridge (domain reference 4.5)."""

    grid: Grid
    today: date
    limits: Limits

    @cached_property
    def phases(self) -> list[tuple[Phase, list[Element]]]:
        """Those that have elements."""
        rows = self.grid.by_phase
        return [(phase, rows[phase.key]) for phase in self.grid.phases if phase.key in rows]

    @cached_property
    def entered(self) -> list[Entered]:
        return [
            Entered(element, column, cell)
            for element in self.grid.elements
            for column, cell in self.grid.row(element)
        ]

    @cached_property
    def funding(self) -> dict[int, list[Entered]]:
        """What funds each element today."""
        found: dict[int, list[Entered]] = {element.key: [] for element in self.grid.elements}
        for entered in self.entered:
            if entered.cell.funds_on(self.today):
                found[entered.element.key].append(entered)
        return found

    def funding_of(self, elements: Iterable[Element]) -> list[Entered]:
        return [entered for element in elements for entered in self.funding[element.key]]

    def in_plan(self, key: int | None) -> Column | None:
        return next((column for column in self.grid.columns if column.key == key), None)


Rule = Callable[[Reading], Iterator[Gap]]


def keys(rows: Iterable[Element | Column]) -> tuple[int, ...]:
    return tuple(row.key for row in rows)


def elements_of(entered: Iterable[Entered]) -> list[Element]:
    return list({each.element.key: each.element for each in entered}.values())


def columns_of(entered: Iterable[Entered]) -> list[Column]:
    return list({each.column.key: each.column for each in entered}.values())


def phase_of(elements: Iterable[Element]) -> str:
    """The one phase they are in, or blank."""
    found = {element.phase for element in elements}
    return found.pop() if len(found) == 1 else ""
