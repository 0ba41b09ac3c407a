"""Tables for spreadsheets, in which no cell can become a formula. Source: trust reference, T17."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from io import BytesIO, StringIO

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

Cell = str | int | float | Decimal | None
# A spreadsheet takes a text that begins so for a formula; the wide forms are read like the plain ones.
STARTS = ("=", "+", "-", "@", "\t", "\r", "\x00", "\uff1d", "\uff0b", "\uff0d", "\uff20")
NARROWEST, WIDEST = 10, 48  # characters in a column of a workbook
NEVER = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Table:
    """`about` says what the table is: filters, definitions, date and who asked; `made` is the moment it says.

    `beside` are tables with a sheet of their own in a workbook, by its name; CSV has the rows alone.
    """

    about: tuple[tuple[str, str], ...]
    columns: tuple[str, ...]
    rows: tuple[Sequence[Cell], ...]
    made: datetime = NEVER
    beside: tuple[tuple[str, "Table"], ...] = ()


def as_csv(table: Table) -> str:
    """With a byte order mark, by which Excel knows that it is UTF-8."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    for line in _lines(table):
        writer.writerow([safe(cell) for cell in line])
    return "\ufeff" + out.getvalue()


def as_xlsx(table: Table) -> bytes:
    """A workbook of two sheets, About and Rows, and what stands beside them. The same table gives the same bytes."""
    out = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(out, options) as book:
        book.set_properties({"created": table.made.astimezone(UTC).replace(tzinfo=None)})
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        _about(book.add_worksheet("About"), table, bold, wrapped)
        for name, each in (("Rows", table), *table.beside):
            _rows(book.add_worksheet(name), each, bold)
    return out.getvalue()


def _about(sheet: Worksheet, table: Table, bold: Format, wrapped: Format) -> None:
    sheet.set_column(0, 0, 20)
    sheet.set_column(1, 1, 90)
    for number, (name, text) in enumerate(table.about):
        sheet.write_string(number, 0, name, bold)
        sheet.write_string(number, 1, text, wrapped)


def _rows(sheet: Worksheet, table: Table, bold: Format) -> None:
    sheet.freeze_panes(1, 0)
    for column, name in enumerate(table.columns):
        sheet.write_string(0, column, name, bold)
        longest = max((len(str(row[column])) for row in table.rows if row[column] is not None), default=0)
        sheet.set_column(column, column, min(max(longest + 2, len(name) // 2, NARROWEST), WIDEST))
    for number, row in enumerate(table.rows, start=1):
        for column, cell in enumerate(row):
            if isinstance(cell, str):
                sheet.write_string(number, column, cell)
            elif cell is not None:
                sheet.write_number(number, column, cell)


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
