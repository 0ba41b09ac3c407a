"""A funding plan as its pages show it: the table, one column to fill in, one cell."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import groupby

from django.contrib.postgres.aggregates import ArrayAgg
from django.utils.html import format_html

from agencies.permissions import Actor, Resource, Scope, may, scope_of
from funding.cells import as_cell
from funding.dashboards.waiting import open_questions
from funding.grid import Cell, Column, Element, Grid, Link, LinkKind, Method, Phase, Place, Status
from funding.models import CellLink, CellNote, FundingPlan, PlanCell, PlanColumn, PlanElement
from funding.services import shipped
from funding.wording import METHODS, STATUSES, called

WORDS = {Status(key): word for key, word in STATUSES}
HOW = {Method(key): word for key, word in METHODS}
PAYING = (Status.PAYS, Status.PARTLY, Status.PLANNED)
SMALL = " <small>{}</small>"
SHORT = WORDS | {Status.PARTLY: "Partly", Status.NO: "No"}


@dataclass(frozen=True)
class Sheet:
    """Everything of a plan that is in use, read in four queries."""

    plan: FundingPlan
    elements: tuple[PlanElement, ...]
    columns: tuple[PlanColumn, ...]
    cells: Mapping[Place, PlanCell]
    links: tuple[CellLink, ...]

    @cached_property
    def grid(self) -> Grid:
        cells = {place: as_cell(row) for place, row in self.cells.items()}
        links = (link for row in self.links if (link := self.as_link(row)))
        return grid_of(self.elements, self.columns, cells, links)

    @cached_property
    def places(self) -> dict[int, Place]:
        return {row.pk: place for place, row in self.cells.items()}

    def as_link(self, row: CellLink) -> Link | None:
        """None where a service or a payer of it was taken out."""
        first, second = self.places.get(row.first_id), self.places.get(row.second_id)
        return Link(LinkKind(row.kind), first, second, row.note) if first and second else None


@dataclass(frozen=True)
class Look:
    """What cells of a column show that say the same, written once: `path` is what stands behind the service in the
    address of the page behind such a cell, empty where there is none.
    """

    column: str
    word: str
    how: str
    status: str
    asks: bool
    path: str

    @cached_property
    def before(self) -> str:
        """Up to the service in the address."""
        opened = format_html('<td data-label="{}" class="pay pay--{}">', self.column, self.status)
        return format_html('{}<a href="', opened) if self.path else opened

    @cached_property
    def after(self) -> str:
        return format_html(
            "{}{}{}</td>",
            format_html('{}">{}</a>', self.path, self.word) if self.path else self.word,
            format_html(SMALL, self.how) if self.how else "",
            format_html(SMALL, "Open question") if self.asks else "",
        )


@dataclass(frozen=True)
class Row:
    name: str
    looks: tuple[Look, ...]
    key: str  # of its service, in addresses; empty where none are

    @property
    def drawn(self) -> str:
        """Its cells in one go: a template takes a good part of a page's time over hundreds of them."""
        key = format_html("{}", self.key)
        pieces = [piece for look in self.looks for piece in (look.before, key, look.after)]
        return format_html("{}" * len(pieces), *pieces)


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


def layout(plan: FundingPlan) -> tuple[tuple[PlanElement, ...], tuple[PlanColumn, ...]]:
    """What is in use, in the plan's order, in two queries."""
    elements = PlanElement.objects.filter(plan=plan, removed_at=None)
    columns = PlanColumn.objects.filter(plan=plan, removed_at=None).select_related("body", "comes_from")
    order = {phase.key: place for place, phase in enumerate(shipped().phases)}
    groups = PlanColumn.Group.values
    for column in columns:
        column.plan = plan
    return (
        tuple(sorted(elements, key=lambda row: (order[row.phase], row.position))),
        tuple(sorted(columns, key=lambda row: (groups.index(row.payer), row.position))),
    )


def read(plan: FundingPlan) -> Sheet:
    rows = PlanCell.objects.filter(plan=plan, element__removed_at=None, column__removed_at=None)
    return Sheet(
        plan,
        *layout(plan),
        {(row.element_id, row.column_id): row for row in rows},
        tuple(CellLink.objects.filter(plan=plan)),
    )


@dataclass(frozen=True)
class Outline:
    """What the table of a plan shows: of each cell whether and how it pays."""

    columns: tuple[PlanColumn, ...]
    grid: Grid


def outline(plan: FundingPlan) -> Outline:
    """In three queries, which read of hundreds of cells no more than the table says of them."""
    elements, columns = layout(plan)
    rows = PlanCell.objects.filter(plan=plan).order_by().values_list("status", "method")
    cells: dict[Place, Cell] = {}
    for status, method, own, across in rows.annotate(
        own=ArrayAgg("element_id"), across=ArrayAgg("column_id")
    ):
        cells |= dict.fromkeys(zip(own, across, strict=True), Cell(Status(status), Method(method)))
    return Outline(columns, grid_of(elements, columns, cells))


def grid_of(
    elements: Iterable[PlanElement],
    columns: Iterable[PlanColumn],
    cells: Mapping[Place, Cell],
    links: Iterable[Link] = (),
) -> Grid:
    return Grid(
        phases=shipped().phases,
        elements=tuple(as_element(row) for row in elements),
        columns=tuple(as_column(row) for row in columns),
        cells=cells,
        links=tuple(links),
    )


def as_element(row: PlanElement) -> Element:
    return Element(row.pk, row.phase, row.name, row.without_person, row.starts_up)


def as_column(row: PlanColumn) -> Column:
    return Column(row.pk, row.payer, row.name, row.kept_by, row.last_day)


def table(grid: Grid, *, asked: frozenset[Place] = frozenset(), links: bool = False, kept: str = "") -> Table:
    """`asked` are cells with an open question, `kept` what stays behind every address."""
    heads = [
        Head(PlanColumn.Group(payer).label, tuple((column.key, column.name) for column in columns))
        for payer, columns in groupby(grid.columns, key=lambda column: column.payer)
    ]

    @cache
    def look(column: Column, status: Status, method: Method, asks: bool) -> Look:
        how = HOW[method] if method and status in PAYING else ""
        return Look(
            column.name, SHORT[status], how, status.value, asks, f"/{column.key}/{kept}" if links else ""
        )

    def row(element: Element) -> Row:
        looks = (
            look(column, cell.status, cell.method, (element.key, column.key) in asked)
            for column, cell in grid.row(element)
        )
        return Row(element.name, tuple(looks), str(element.key) if links else "")

    bands = [
        Band(
            phase,
            tuple(row(element) for element in grid.by_phase[phase.key]),
        )
        for phase in grid.phases
        if phase.key in grid.by_phase
    ]
    return Table(tuple(heads), tuple(bands))


def fills(column: PlanColumn, actor: Actor) -> bool:
    return not column.plan.closed_at and bool(may(actor, "edit", Resource.FUNDING_PLAN, column.place))


def lays_out(plan: FundingPlan, actor: Actor) -> bool:
    """May they change rows and columns, put versions forward and close it?"""
    return not plan.closed_at and bool(may(actor, "create", Resource.FUNDING_PLAN, plan.place))


def prints(plan: FundingPlan, actor: Actor) -> bool:
    """May they take it out as paper?"""
    return bool(
        may(actor, "export", Resource.FUNDING_PLAN, plan.place)
        and may(actor, "create", Resource.GENERATED_FILE, plan.place)
    )


def hands_out(actor: Actor) -> bool:
    """May they have the page for an agency as a whole, of theirs or of any?"""
    return scope_of(actor.role, "create", Resource.GENERATED_FILE) in (Scope.STATE, Scope.AGENCY)


def asked_cells(plan: FundingPlan) -> frozenset[Place]:
    return frozenset(
        open_questions(CellNote.objects.filter(plan=plan)).values_list("element_id", "column_id")
    )


def filled_in(grid: Grid) -> tuple[int, int]:
    """How many cells somebody has said something about, and how many there are."""
    cells = [cell for element in grid.elements for _, cell in grid.row(element)]
    return sum(cell.status is not Status.UNKNOWN for cell in cells), len(cells)


def names_of(grid: Grid) -> dict[int, str]:
    return {column.key: called(column) for column in grid.columns}


def other_payers(sheet: Sheet, column: PlanColumn) -> dict[int, str]:
    return {key: name for key, name in names_of(sheet.grid).items() if key != column.pk}


@dataclass(frozen=True)
class LinkShown:
    row: CellLink
    kind: str
    other: str


def links_of(sheet: Sheet, row: PlanCell) -> list[LinkShown]:
    """The links of one cell, each with the cell at its other end."""
    return [
        LinkShown(link, link.get_kind_display(), cell_called(sheet.grid, sheet.places[other]))
        for link in sheet.links
        if row.pk in (link.first_id, link.second_id)
        and (other := link.second_id if link.first_id == row.pk else link.first_id) in sheet.places
    ]


def cell_called(grid: Grid, place: Place) -> str:
    return f"{grid.element(place[0]).name}, {called(grid.column(place[1]))}"


def may_link(sheet: Sheet, row: PlanCell) -> list[tuple[int, str]]:
    """Cells that another one may be linked with: those of other payers that pay, the same service first."""
    paying = [
        (other.pk, cell_called(sheet.grid, place), place)
        for place, other in sheet.cells.items()
        if place[1] != row.column_id and other.status in PAYING
    ]
    return [(key, name) for key, name, _ in sorted(paying, key=lambda each: each[2][0] != row.element_id)]
