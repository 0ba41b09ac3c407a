"""A funding plan as a table: a row for each service, and what each payer says of it."""

from collections.abc import Iterator
from datetime import datetime

from django.http import HttpResponse
from django.utils.text import slugify

from agencies.models import State
from agencies.permissions import Actor
from funding.comparing import NOT_SAID, OF_CELL, said
from funding.coverage import Limits
from funding.dashboards.gaps import found_in
from funding.dashboards.plan import HOW, WORDS, Sheet, filled_in, names_of, read
from funding.grid import Grid, Method
from funding.in_force import stated_on
from funding.models import FundingPlan
from ips_portal.downloads import as_file
from ips_portal.spreadsheets import Cell, Table

OF_PAYER = ("does it pay", "how", "on condition")
UNKNOWN = "“Not known” means that nobody has said so yet, which is not a no."


def file_of(plan: FundingPlan, tenant: State, actor: Actor, file: str) -> HttpResponse:
    table = plan_table(read(plan), tenant, actor, tenant.now())
    return as_file(table, file, slugify(str(plan)))


def plan_table(sheet: Sheet, tenant: State, actor: Actor, now: datetime) -> Table:
    """With all that the cells say, and the gaps, beside it in a workbook."""
    grid = sheet.grid
    limits = stated_on(tenant.pk, now.date()).limits
    filled, cells = filled_in(grid)
    return Table(
        about=(
            ("State", tenant.name),
            ("Plan", str(sheet.plan)),
            ("Cells", f"{filled} of {cells} filled in. {UNKNOWN}"),
            ("Downloaded", f"{now:%B %-d, %Y, %-I:%M %p} by {actor.name}"),
        ),
        columns=(
            *("Phase", "Service"),
            *(f"{name}: {what}" for name in names_of(grid).values() for what in OF_PAYER),
        ),
        rows=tuple(rows_of(grid)),
        made=now,
        beside=(
            ("Conditions", Table((), ("Phase", "Service", "Payer", *OF_CELL.values()), (*told(grid),))),
            ("Gaps", gaps_table(grid, now, limits)),
        ),
    )


def rows_of(grid: Grid) -> Iterator[tuple[Cell, ...]]:
    for phase, elements in grid.by_phase.items():
        for element in elements:
            values: list[Cell] = [grid.phase(phase).name, element.name]
            for _, cell in grid.row(element):
                how = HOW[cell.method] if cell.method is not Method.NOT_SAID else None
                values += [WORDS[cell.status], how, cell.condition or None]
            yield tuple(values)


def told(grid: Grid) -> Iterator[tuple[Cell, ...]]:
    """A row for each cell of which anything was said."""
    names = names_of(grid)
    for phase, elements in grid.by_phase.items():
        for element in elements:
            for column, cell in grid.row(element):
                if (element.key, column.key) in grid.cells:
                    values = (said(name, getattr(cell, name), grid) for name in OF_CELL)
                    shown = (None if value in ("", NOT_SAID) else value for value in values)
                    yield grid.phase(phase).name, element.name, names[column.key], *shown


def gaps_table(grid: Grid, now: datetime, limits: Limits) -> Table:
    services, payers = {row.key: row.name for row in grid.elements}, names_of(grid)
    rows = (
        (
            found.name,
            kind.title,
            gap.reason,
            gap.advice,
            "; ".join(services[key] for key in gap.elements),
            "; ".join(payers[key] for key in gap.columns),
            gap.source,
        )
        for found in found_in(grid, now.date(), limits)
        for kind in found.kinds
        for gap in kind.gaps
    )
    return Table((), ("Phase", "Gap", "Why", "What to do", "Services", "Payers", "Source"), (*rows,))
