"""An XLSX file as rows of text. Only the child process loads this: openpyxl stays out of the web process."""

import re
from collections.abc import Iterable
from datetime import date, datetime
from io import BytesIO
from posixpath import normpath
from typing import Any

import defusedxml
from openpyxl import DEFUSEDXML, Workbook, load_workbook
from openpyxl.writer.excel import save_workbook

from ips_portal.uploads import packing
from ips_portal.uploads.sheets import ROWS, Row, Sheet, Unreadable, checked, column_name, row_of

DATA_SHEET = "Data"  # what the portal itself calls it in the files it hands out
ABOUT = "About"
NUMBER = re.compile(r"\s*\d+(\.\d+)?\s*")
NAMED = 5  # addresses that are written out


def read(content: bytes) -> Sheet:
    """The sheet named Data, or the only visible one that holds anything. Raises Unreadable."""
    assert_safe()
    parts = packing.unpacked(content)
    try:
        book = load_workbook(BytesIO(content), read_only=True, keep_links=False)
        chosen, notices = choose(book.worksheets)
        part = parts.get(normpath(chosen._worksheet_path), b"")
        packing.check_unmerged(part)
        rows, hidden, texts = rows_of(chosen, packing.hidden_rows(part))
    except Unreadable:
        raise
    except Exception as fault:  # openpyxl raises whatever it stumbles over
        raise Unreadable(packing.DAMAGED) from fault
    if hidden:
        numbers = spans([row.number for row in hidden])
        notices.append(f"Hidden rows are left out unless you say otherwise: {numbers}.")
    if texts:
        more = f" and {len(texts) - NAMED} more" if len(texts) > NAMED else ""
        notices.append(f"Numbers kept as text were read as numbers: {', '.join(texts[:NAMED])}{more}.")
    checked([*rows, *hidden])
    return Sheet(tuple(rows), tuple(notices), tuple(hidden))


def rehearse() -> None:
    """Reads a workbook of its own, so that all of openpyxl is loaded."""
    book, out = Workbook(), BytesIO()
    for row in (("a", "b"), ("1", 2.5), (date(2026, 1, 1), True)):
        book.active.append(row)
    save_workbook(book, out)
    read(out.getvalue())


def assert_safe() -> None:
    if not DEFUSEDXML:
        raise RuntimeError(f"openpyxl reads XML without {defusedxml.__name__}")


def choose(sheets: Iterable[Any]) -> tuple[Any, list[str]]:
    visible = [sheet for sheet in sheets if sheet.sheet_state == "visible"]
    named = [sheet for sheet in visible if sheet.title.casefold() == DATA_SHEET.casefold()]
    others = [sheet for sheet in visible if sheet.title.casefold() != ABOUT.casefold()]
    found = named or others
    if not found:
        raise Unreadable("The workbook has no visible sheet with data.")
    left = [f"“{sheet.title[:40]}”" for sheet in others if sheet is not found[0]]
    notices = [f"Only the sheet “{found[0].title[:40]}” was read, not {', '.join(left[:5])}."] if left else []
    return found[0], notices


def rows_of(sheet: Any, hidden: frozenset[int]) -> tuple[list[Row], list[Row], list[str]]:
    """The rows to take, the hidden ones that hold something, and where a number is kept as a text."""
    sheet.reset_dimensions()  # what the sheet says of its own size is not believed
    rows: list[Row] = []
    left_out: list[Row] = []
    kept_as_text: list[str] = []
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        texts = [text(cell, number, index) for index, cell in enumerate(cells)]
        kept_as_text += [
            f"{column_name(index)}{number}"
            for index, cell in enumerate(cells)
            if isinstance(cell.value, str) and NUMBER.fullmatch(cell.value)
        ]
        row = row_of(number, texts)
        if row and number in hidden:
            left_out.append(row)
        elif row:
            rows.append(row)
        if len(rows) + len(left_out) > ROWS + 1:
            break
    return rows, left_out, kept_as_text


def text(cell: Any, number: int, index: int) -> str:
    """A cell as a person would type it; an error of the spreadsheet and a formula stay what they are."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return f"{value:.0f}" if value == int(value) else repr(value)
    if isinstance(value, datetime | date):
        return value.isoformat()[:10]
    found = str(value)
    if len(found) > 10_000:
        raise Unreadable(f"Cell {column_name(index)}{number} has {len(found):,} characters. Shorten it.")
    return found


def spans(numbers: list[int]) -> str:
    """8, 9, 10, 14 -> "8-10, 14"."""
    found: list[list[int]] = []
    for number in numbers:
        if found and found[-1][1] == number - 1:
            found[-1][1] = number
        else:
            found.append([number, number])
    return ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in found)
