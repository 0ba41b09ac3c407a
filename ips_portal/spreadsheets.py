"""Tables for spreadsheets, in which no cell can become a formula. Source: trust reference, T17."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from io import StringIO

Cell = str | int | float | Decimal | None
# A spreadsheet takes a text that begins so for a formula; the wide forms are read like the plain ones.
STARTS = ("=", "+", "-", "@", "\t", "\r", "\x00", "\uff1d", "\uff0b", "\uff0d", "\uff20")


@dataclass(frozen=True)
class Table:
    """`about` says what the table is: filters, definitions, date and who asked."""

    about: tuple[tuple[str, str], ...]
    columns: tuple[str, ...]
    rows: tuple[Sequence[Cell], ...]


def as_csv(table: Table) -> str:
    """With a byte order mark, by which Excel knows that it is UTF-8."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    for line in _lines(table):
        writer.writerow([safe(cell) for cell in line])
    return "\ufeff" + out.getvalue()


def _lines(table: Table) -> Iterable[Sequence[Cell]]:
    yield from table.about
    if table.about:
        yield ()
    yield table.columns
    yield from table.rows


def safe(cell: Cell) -> Cell:
    """A text that would be taken for a formula begins with an apostrophe; numbers stay numbers."""
    if isinstance(cell, str) and cell.lstrip(" \u00a0").startswith(STARTS):
        return f"'{cell}"
    return cell
