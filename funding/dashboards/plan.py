"""A funding plan as its pages show it: the table, one column to fill in, one cell."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from django.db.models import QuerySet

from agencies.permissions import Actor, Resource, may
from funding.cells import as_cell
from funding.comparing import NOT_SAID, OF_CELL, said
from funding.grid import Cell, Column, Element, Grid, Method, Phase, Place, Status
from funding.models import CellNote, FundingPlan, PlanCell, PlanColumn, PlanElement
from funding.services import shipped
from funding.wording import METHODS, STATUSES, called

WORDS = {Status(key): word for key, word in STATUSES}
HOW = {Method(key): word for key, word in METHODS}
SHORT = WORDS | {Status.PARTLY: "Partly", Status.NO: "No"}


@dataclass(frozen=True)
class Sheet:
    """Everything of a plan that is in use, read in three queries."""

    plan: FundingPlan
    elements: tuple[PlanElement, ...]
    columns: tuple[PlanColumn, ...]
    cells: Mapping[Place, PlanCell]

    @cached_property
    def grid(self) -> Grid:
        return Grid(
            phases=shipped().phases,
            elements=tuple(as_element(row) for row in self.elements),
            columns=tuple(as_column(row) for row in self.columns),
            cells={place: as_cell(row) for place, row in self.cells.items()},
        )


@dataclass(frozen=True)
class Shown:
    """A cell in the table."""

    column: str
    word: str
    how: str
    status: str
    path: str
    asks: bool


@dataclass(frozen=True)
class Row:
    name: str
    cells: tuple[Shown, ...]


@dataclass(frozen=True)
class Band:
    """A phase with its rows."""

    phase: Phase
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Head:
    """A payer over its columns."""

    name: str
    columns: tuple[tuple[int, str], ...]  # key and source


@dataclass(frozen=True)
class Table:
    """The whole plan: phases down, payers across."""

    heads: tuple[Head, ...]
    bands: tuple[Band, ...]

    @property
    def width(self) -> int:
        return 1 + sum(len(head.columns) for head in self.heads)


def read(plan: FundingPlan) -> Sheet:
    elements = tuple(PlanElement.objects.filter(plan=plan, removed_at=None))
    columns = tuple(PlanColumn.objects.filter(plan=plan, removed_at=None).select_related("body"))
    rows = PlanCell.objects.filter(plan=plan, element__removed_at=None, column__removed_at=None)
    for column in columns:
        column.plan = plan
    order = {phase.key: place for place, phase in enumerate(shipped().phases)}
    groups = PlanColumn.Group.values
    return Sheet(
        plan,
        tuple(sorted(elements, key=lambda row: (order[row.phase], row.position))),
        tuple(sorted(columns, key=lambda row: (groups.index(row.payer), row.position))),
        {(row.element_id, row.column_id): row for row in rows},
    )


def as_element(row: PlanElement) -> Element:
    return Element(row.pk, row.phase, row.name, row.without_person, row.starts_up)


def as_column(row: PlanColumn) -> Column:
    return Column(row.pk, row.payer, row.name, row.kept_by, row.ends_on)


def table(grid: Grid, asked: frozenset[Place] = frozenset()) -> Table:
    """`asked` are cells with an open question."""
    heads = [
        Head(
            PlanColumn.Group(payer).label,
            tuple((column.key, column.name) for column in columns),
        )
        for payer, columns in groupby(grid.columns, key=lambda column: column.payer)
    ]
    bands = [
        Band(phase, tuple(row_of(grid, element, asked) for element in grid.by_phase[phase.key]))
        for phase in grid.phases
        if phase.key in grid.by_phase
    ]
    return Table(tuple(heads), tuple(bands))


def row_of(grid: Grid, element: Element, asked: frozenset[Place]) -> Row:
    return Row(element.name, tuple(shown(element, column, cell, asked) for column, cell in grid.row(element)))


def shown(element: Element, column: Column, cell: Cell, asked: frozenset[Place]) -> Shown:
    pays = cell.status in (Status.PAYS, Status.PARTLY, Status.PLANNED)
    return Shown(
        column.name,
        SHORT[cell.status],
        HOW[cell.method] if pays and cell.method else "",
        cell.status.value,
        f"{element.key}/{column.key}/",
        (element.key, column.key) in asked,
    )


def fills(column: PlanColumn, actor: Actor) -> bool:
    return not column.plan.closed_at and bool(may(actor, "edit", Resource.FUNDING_PLAN, column.place))


def lays_out(plan: FundingPlan, actor: Actor) -> bool:
    """May they change rows and columns, put versions forward and close it?"""
    return not plan.closed_at and bool(may(actor, "create", Resource.FUNDING_PLAN, plan.place))


def questions(plan: FundingPlan) -> "QuerySet[CellNote]":
    """Those still open."""
    return CellNote.objects.filter(plan=plan, is_question=True, answered_at=None)


def asked_cells(plan: FundingPlan) -> frozenset[Place]:
    return frozenset(questions(plan).values_list("element_id", "column_id"))


def filled_in(sheet: Sheet) -> tuple[int, int]:
    """How many cells somebody has said something about, and how many there are."""
    said = sum(row.status != Status.UNKNOWN for row in sheet.cells.values())
    return said, len(sheet.elements) * len(sheet.columns)


def facts(cell: Cell, grid: Grid) -> list[tuple[str, str]]:
    """What a cell says, but for what nobody has said."""
    told = [(label, said(name, getattr(cell, name), grid)) for name, label in OF_CELL.items()]
    return [(label, value) for label, value in told if value not in ("", NOT_SAID)]


def names_of(grid: Grid) -> dict[int, str]:
    return {column.key: called(column) for column in grid.columns}
