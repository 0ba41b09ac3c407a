"""What is kept of a file between its preview and its import: the cells of known columns, and nothing else of it."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any, Self

from ips_portal.importing.columns import Column, Layout
from ips_portal.uploads.sheets import Row, Sheet, Unreadable

NOTHING = "The file has no data rows."


class HoldsClientDetails(ValueError):
    """Nothing of the file may be kept. The message names the column by its letter and quotes nothing."""

    def __init__(self, letter: str) -> None:
        super().__init__(
            f"This file seems to hold client details (column {letter}). Remove the column or the details, then "
            "upload the file again. It was not stored."
        )


@dataclass(frozen=True, slots=True)
class StagedRow:
    """`width` is how many cells the row had; `cells` are those of the known columns, in the order of the layout."""

    number: int
    width: int
    cells: tuple[str, ...]
    is_hidden: bool = False


@dataclass(frozen=True)
class Staged:
    layout: Layout
    rows: tuple[StagedRow, ...]
    notices: tuple[str, ...]

    @property
    def hidden(self) -> tuple[int, ...]:
        return tuple(row.number for row in self.rows if row.is_hidden)

    def cell(self, row: StagedRow, key: str) -> str:
        position = self.layout.place.get(key)
        return "" if position is None else row.cells[position]

    def of(self, numbers: Collection[int], notice: str) -> Self:
        """Some of its rows, and why only these."""
        rows = tuple(row for row in self.rows if row.number in numbers)
        return replace(self, rows=rows, notices=(*self.notices, notice))

    def as_json(self) -> dict[str, Any]:
        return {
            "columns": [[column.key, column.heading, column.index] for column in self.layout.columns],
            "unknown": [[column.heading, column.index] for column in self.layout.unknown],
            "width": self.layout.width,
            "needed": self.layout.needed,
            "rows": [[row.number, row.width, row.is_hidden, list(row.cells)] for row in self.rows],
            "notices": list(self.notices),
        }

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Self:
        columns = tuple(Column(key, heading, index) for key, heading, index in kept["columns"])
        unknown = tuple(Column("", heading, index) for heading, index in kept["unknown"])
        rows = tuple(
            StagedRow(number, width, tuple(cells), hidden) for number, width, hidden, cells in kept["rows"]
        )
        return cls(Layout(columns, unknown, kept["width"], kept["needed"]), rows, tuple(kept["notices"]))


def staged(sheet: Sheet, heading: int, found: Layout) -> Staged:
    """The rows below the headings, hidden ones in their place. Raises Unreadable where there are none."""
    below = [(row, False) for row in sheet.rows[heading + 1 :]] + [(row, True) for row in sheet.hidden]
    if not below:
        raise Unreadable(NOTHING)
    rows = tuple(
        kept(row, found, is_hidden=is_hidden)
        for row, is_hidden in sorted(below, key=lambda each: each[0].number)
    )
    return Staged(found, rows, sheet.notices)


def kept(row: Row, found: Layout, *, is_hidden: bool) -> StagedRow:
    cells = tuple(
        [
            unquoted(row.cells[column.index]) if column.index < len(row.cells) else ""
            for column in found.columns
        ]
    )
    return StagedRow(row.number, len(row.cells), cells, is_hidden)


def unquoted(cell: str) -> str:
    """Without the apostrophe by which the portal's own files keep a text from becoming a formula."""
    if "\x00" not in cell and not cell.startswith("'"):
        return cell
    text = cell.replace("\x00", "")
    return text[1:] if text.startswith("'") and text[1:].lstrip().startswith(("=", "+", "-", "@")) else text
