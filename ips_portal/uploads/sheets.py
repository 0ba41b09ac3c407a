"""What reading a file gives, and how much of one is read. Source: trust reference, T16."""

from dataclasses import dataclass

MEGABYTE = 1024 * 1024
FILE_BYTES = 2 * MEGABYTE
ROWS = 5000
COLUMNS = 60


class Unreadable(ValueError):
    """The file is no table that can be taken in. The message says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Row:
    """`number` as the spreadsheet counts, from 1; cells as text, without the blank ones at the end."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Sheet:
    """Rows that hold anything, the headings first. `notices` say what was guessed or left out on the way.

    `hidden` are rows of a workbook that nobody sees in it; they count only if the person says so.
    """

    rows: tuple[Row, ...]
    notices: tuple[str, ...] = ()
    hidden: tuple[Row, ...] = ()


def column_name(index: int) -> str:
    """The letters over a column: 0 is A, 26 is AA."""
    name = ""
    index += 1
    while index:
        index, letter = divmod(index - 1, 26)
        name = chr(ord("A") + letter) + name
    return name


def row_of(number: int, cells: list[str]) -> Row | None:
    """None for a row of blanks. Raises Unreadable for one that is too wide."""
    while cells and not cells[-1].strip():
        cells.pop()
    if len(cells) > COLUMNS:
        raise Unreadable(
            f"Row {number} has {len(cells):,} columns; the limit is {COLUMNS}. Delete what is beside your data."
        )
    return Row(number, tuple(cells)) if cells else None


def checked(rows: list[Row]) -> tuple[Row, ...]:
    """Raises Unreadable where there is nothing below the headings, or too much."""
    if len(rows) < 2:
        raise Unreadable("The file has no data rows.")
    if len(rows) > ROWS + 1:
        raise Unreadable(
            f"The file has more than {ROWS:,} rows. Split it, and upload one part after the other."
        )
    return tuple(rows)
