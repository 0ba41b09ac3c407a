"""Two versions of a funding plan beside each other. Pure: two grids in, words out.

Phases, services and payers meet by their key, so that one with a new name is still the same.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from fidelity.comparing import Words, changed, yes
from fidelity.lifecycle.months import written
from funding.grid import Cell, Column, Element, Grid, Link, Phase, Place
from funding.wording import (
    AUTHORIZATIONS,
    ENTRIES,
    LINK_KINDS,
    METHODS,
    PRESENCES,
    STATUSES,
    called,
    payer_called,
    quoted,
)

NOT_SAID = "Not said"
GONE = "A payer no longer in the plan"
CHOICES: Mapping[str, Mapping[str, str]] = {
    "status": dict(STATUSES),
    "method": dict(METHODS),
    "entry": dict(ENTRIES),
    "presence": dict(PRESENCES),
    "authorization": dict(AUTHORIZATIONS),
}
OF_PHASE = {
    "name": "Name",
    "before_job": "Before a job",
    "develops_jobs": "Looks for jobs",
    "supports_jobs": "Supports jobs",
}
OF_ELEMENT = {
    "name": "Name",
    "phase": "Phase",
    "without_person": "Done without the person",
    "starts_up": "Pays for the start of a program",
}
OF_COLUMN = {"name": "Name", "payer": "Payer", "department": "Department", "ends_on": "Money ends on"}
OF_CELL = {
    "status": "Does it pay?",
    "method": "How it pays",
    "condition": "On condition",
    "entry": "For whom",
    "limit_days": "Days after the job start",
    "limit_times": "Times for one person",
    "limit": "Another limit",
    "presence": "The person",
    "authorization": "Authorization",
    "service_code": "Service code",
    "evidence_url": "Where it is written",
    "valid_from": "From",
    "valid_to": "Until",
    "expected_on": "Expected",
    "bridge": "Who pays until then",
    "checked_on": "Checked on",
}
Row = Phase | Element | Column


@dataclass(frozen=True)
class Named:
    key: int | str
    name: str


@dataclass(frozen=True)
class Changed:
    """A phase, a service or a payer that says something else of itself; `name` is the one it has now."""

    key: int | str
    name: str
    words: tuple[Words, ...]


@dataclass(frozen=True)
class Rows:
    added: tuple[Named, ...] = ()
    removed: tuple[Named, ...] = ()
    changed: tuple[Changed, ...] = ()


@dataclass(frozen=True)
class CellChanged:
    element: Named
    column: Named
    words: tuple[Words, ...]


@dataclass(frozen=True)
class Linked:
    """A link in words."""

    kind: str
    first: str
    second: str
    note: str


@dataclass(frozen=True)
class Difference:
    """`cells` are those of the later plan: one in a new row or column was not known before."""

    phases: Rows = Rows()
    elements: Rows = Rows()
    columns: Rows = Rows()
    cells: tuple[CellChanged, ...] = ()
    links_added: tuple[Linked, ...] = ()
    links_removed: tuple[Linked, ...] = ()

    @property
    def is_empty(self) -> bool:
        return self == Difference()


@dataclass(frozen=True)
class Pair:
    before: Grid
    after: Grid

    def words(self, old: Row | Cell, new: Row | Cell, about: Mapping[str, str]) -> tuple[Words, ...]:
        """Where the two differ."""
        differing = [name for name in about if getattr(old, name) != getattr(new, name)]
        return changed(
            [
                Words(
                    about[name],
                    said(name, getattr(old, name), self.before),
                    said(name, getattr(new, name), self.after),
                )
                for name in differing
            ]
        )

    def rows(self, old: Iterable[Row], new: Iterable[Row], about: Mapping[str, str]) -> Rows:
        earlier, later = {row.key: row for row in old}, {row.key: row for row in new}
        both = [
            Changed(key, row.name, self.words(earlier[key], row, about))
            for key, row in later.items()
            if key in earlier
        ]
        return Rows(
            added=tuple(named(row) for key, row in later.items() if key not in earlier),
            removed=tuple(named(row) for key, row in earlier.items() if key not in later),
            changed=tuple(each for each in both if each.words),
        )

    def cells(self) -> Iterable[CellChanged]:
        for element in self.after.elements:
            for column, cell in self.after.row(element):
                words = self.words(self.before.cell(element.key, column.key), cell, OF_CELL)
                if words:
                    yield CellChanged(named(element), named(column), words)


def compared(before: Grid, after: Grid) -> Difference:
    """`before` is the earlier version."""
    pair = Pair(before, after)
    return Difference(
        phases=pair.rows(before.phases, after.phases, OF_PHASE),
        elements=pair.rows(before.elements, after.elements, OF_ELEMENT),
        columns=pair.rows(before.columns, after.columns, OF_COLUMN),
        cells=tuple(pair.cells()),
        links_added=tuple(linked(link, after) for link in after.links if link not in before.links),
        links_removed=tuple(linked(link, before) for link in before.links if link not in after.links),
    )


def named(row: Row) -> Named:
    return Named(row.key, called(row) if isinstance(row, Column) else row.name)


def said(name: str, value: object, grid: Grid) -> str:
    """What stands in one field, for people."""
    if name in CHOICES:
        return CHOICES[name][str(value)]
    if value is None or value == "":
        return NOT_SAID
    if isinstance(value, bool):
        return yes(value)
    if isinstance(value, date):
        return written(value)
    if name == "bridge":
        return next((called(column) for column in grid.columns if column.key == value), GONE)
    if name == "phase":
        return grid.phase(str(value)).name
    return payer_called(str(value)) if name == "payer" else str(value)


def linked(link: Link, grid: Grid) -> Linked:
    return Linked(dict(LINK_KINDS)[link.kind], place(link.first, grid), place(link.second, grid), link.note)


def place(at: Place, grid: Grid) -> str:
    elements = [element for element in grid.elements if element.key == at[0]]
    columns = [column for column in grid.columns if column.key == at[1]]
    if not elements or not columns:
        return "A place no longer in the plan"
    return f"{quoted(elements)} paid by {called(columns[0])}"
