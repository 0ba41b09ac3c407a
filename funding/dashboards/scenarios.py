"""What would be if money came or went: a choice for each payer's source, held in the address."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date

from funding.coverage import Limits
from funding.dashboards.gaps import Titled, titled
from funding.grid import Cell, Column, Grid, Status
from funding.scenarios import Change, Comparison, compared

TODAY = ""
COMES = "comes"
STOPS = "stops"


def options(grid: Grid, column: Column) -> list[tuple[str, str]]:
    """What may be supposed of a source."""
    cells = [cell for element in grid.elements for own, cell in grid.row(element) if own == column]
    found = [(TODAY, "As today")]
    if any(cell.status is Status.PLANNED for cell in cells):
        found.append((COMES, "Its planned money comes"))
    if any(cell.status in (Status.PAYS, Status.PARTLY) for cell in cells):
        found.append((STOPS, "Its money stops"))
    return found + [(key, f"It pays for {grid.phase(key).name.lower()}") for key in grid.by_phase]


def changes(grid: Grid, supposed: Mapping[int, str]) -> Iterator[Change]:
    """Of each cell that would say something else."""
    for column in grid.columns:
        what = supposed.get(column.key, TODAY)
        for element in grid.elements:
            cell = grid.cell(element.key, column.key)
            then = becomes(cell, what, element.phase)
            if then != cell:
                yield Change(element.key, column.key, then)


def becomes(cell: Cell, what: str, phase: str) -> Cell:
    if what == COMES and cell.status is Status.PLANNED:
        return replace(cell, status=Status.PAYS, expected_on=None, bridge=None)
    if what == STOPS and cell.status in (Status.PAYS, Status.PARTLY):
        return replace(cell, status=Status.NO)
    if what == phase and cell.status is not Status.PAYS:
        return replace(cell, status=Status.PAYS, expected_on=None, bridge=None, valid_to=None)
    return cell


def outcome(grid: Grid, supposed: Mapping[int, str], today: date) -> Comparison:
    return compared(grid, changes(grid, supposed), today, Limits())


def told(comparison: Comparison) -> list[tuple[str, list[Titled]]]:
    """What a scenario does, with a heading for each kind of change."""
    kinds = (
        ("Closed", comparison.closed),
        ("New", comparison.opened),
        ("Still open", comparison.kept),
    )
    return [(heading, [titled(gap) for gap in rows]) for heading, rows in kinds]
