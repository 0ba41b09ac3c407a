"""A file of quarters as it is kept until it is imported: which quarters it speaks of, and its known columns."""

from collections.abc import Collection, Sequence
from contextlib import suppress

from ips_portal.importing.clients import client_column
from ips_portal.importing.staging import NOTHING, HoldsClientDetails, Staged, staged
from ips_portal.quarters import NotAQuarter, Quarter
from ips_portal.uploads.sheets import Sheet, Unreadable
from outcomes.importing.columns import NOTE, QUARTER, VACANCY, find, heading_row, layout, named
from outcomes.measures import Measure


def quarters_of(sheet: Sheet) -> frozenset[Quarter]:
    """The quarters a file speaks of; what is no quarter is said later, at its row."""
    rows = sheet.rows
    heading = heading_row(rows)
    index = find(rows[heading].cells, QUARTER)
    if index is None:
        return frozenset()
    below = (*rows[heading + 1 :], *sheet.hidden)
    return quarters_named({row.cells[index] for row in below if index < len(row.cells)})


def quarters_in(found: Staged) -> frozenset[Quarter]:
    return quarters_named({found.cell(row, QUARTER) for row in found.rows})


def quarters_named(cells: Collection[str]) -> frozenset[Quarter]:
    found = set()
    for cell in cells:
        with suppress(NotAQuarter):
            found.add(Quarter.parse(cell))
    return frozenset(found)


def stage(sheet: Sheet, measures: Sequence[Measure], known: Collection[Measure]) -> Staged:
    """Raises HoldsClientDetails first, then BadHeadings and Unreadable."""
    if not sheet.rows:
        raise Unreadable(NOTHING)
    heading = heading_row(sheet.rows)
    rows = (*sheet.rows, *sheet.hidden)
    if letter := client_column(rows, heading, named(known), free=(NOTE, VACANCY)):
        raise HoldsClientDetails(letter)
    return staged(sheet, heading, layout(sheet.rows[heading].cells, measures, tuple(known)))
