"""What would be, if some cells said something else: the gaps that would close, and those that would open."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from funding.coverage import Gap, Limits, gaps
from funding.grid import Cell, Grid

OF_A_PHASE = ("G1", "G3", "G4", "G5")
OF_A_COLUMN = ("G6", "G7", "G8", "G10", "G12")  # the same service at another payer is another gap


@dataclass(frozen=True)
class Change:
    """`cell` is all that the place says then; nothing of what it says today is kept beside it."""

    element: int
    column: int
    cell: Cell


@dataclass(frozen=True)
class Comparison:
    """`closed` as the gaps are today; `opened` and `kept` as they would be.

    `wider` are those of the kept ones that would be at more services, or at more payers, than today.
    """

    closed: tuple[Gap, ...]
    opened: tuple[Gap, ...]
    kept: tuple[Gap, ...]
    wider: tuple[Gap, ...] = ()


def applied(grid: Grid, changes: Iterable[Change]) -> Grid:
    """The plan as it would be; the last change at a place counts."""
    changed = {(change.element, change.column): change.cell for change in changes}
    return replace(grid, cells={**grid.cells, **changed})


def compared(grid: Grid, changes: Iterable[Change], today: date, limits: Limits) -> Comparison:
    return between(gaps(grid, today, limits), gaps(applied(grid, changes), today, limits))


def between(now: Sequence[Gap], then: Sequence[Gap]) -> Comparison:
    kept = [(gap, before) for gap in then if (before := [each for each in now if is_same(gap, each)])]
    return Comparison(
        closed=tuple(gap for gap in now if not any(is_same(gap, each) for each in then)),
        opened=tuple(gap for gap in then if not any(is_same(gap, each) for each in now)),
        kept=tuple(gap for gap, _ in kept),
        wider=tuple(gap for gap, before in kept if is_wider(gap, before)),
    )


def is_same(gap: Gap, other: Gap) -> bool:
    """Is the other one the same trouble, however many it is counted at? A service is unpaid in an unpaid phase, too."""
    if gap.code == "G2" and other.code == "G1":
        return {*gap.elements} <= {*other.elements}
    if gap.code != other.code:
        return False
    if gap.code in OF_A_PHASE:
        return gap.phase == other.phase
    return touch(gap.elements, other.elements) and (
        gap.code not in OF_A_COLUMN or touch(gap.columns, other.columns)
    )


def touch(one: Sequence[int], other: Sequence[int]) -> bool:
    return one == other or not {*one}.isdisjoint(other)


def is_wider(gap: Gap, before: Iterable[Gap]) -> bool:
    elements = {element for each in before for element in each.elements}
    columns = {column for each in before for column in each.columns}
    return not elements.issuperset(gap.elements) or (
        gap.code == "G10" and not columns.issuperset(gap.columns)
    )
