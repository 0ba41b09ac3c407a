"""The headings of a file -> the columns that are known. Order does not matter, and nothing is guessed.

What is missing, there twice or unknown is said by its letter. Source: bad-input catalogue E16.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property

from ips_portal.uploads.sheets import Row, column_name

WHAT = "What to look at"  # the column the portal adds to rows that come back; nobody has to take it out
LOOKED_FOR_IN = 20  # rows: the portal's own files say above the table what it is
CLOSE = 0.72  # how alike two headings are before one is offered for the other
SHOWN = 40  # characters of a heading that is shown back


class BadHeadings(ValueError):
    """The columns cannot be told apart. The message names each with its letter, and what was found instead."""


@dataclass(frozen=True)
class Column:
    key: str  # of what it is for; blank for an unknown one
    heading: str  # whole, or rows to correct would not be read again; cut where nobody knows it
    index: int

    @property
    def letter(self) -> str:
        return column_name(self.index)

    @property
    def shown(self) -> str:
        return self.heading if len(self.heading) <= SHOWN else f"{self.heading[: SHOWN - 1]}…"


@dataclass(frozen=True)
class Layout:
    """Where each known column stands; `unknown` ones are left out, if the person agrees."""

    columns: tuple[Column, ...]
    unknown: tuple[Column, ...]
    width: int  # how many cells a full row has
    needed: int  # how many it must have to reach the last cell that nobody may leave out

    @cached_property
    def place(self) -> dict[str, int]:
        """Where among the known columns each is."""
        return {column.key: position for position, column in enumerate(self.columns)}

    def at(self, key: str) -> Column | None:
        position = self.place.get(key)
        return None if position is None else self.columns[position]


def plain(text: str) -> str:
    """A heading without case, spaces and signs, however a keyboard or a spreadsheet wrote it."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(letter for letter in folded if letter.isalnum())


@dataclass(frozen=True)
class Names:
    """Every way to write a heading -> the key of its column: `exact` letter by letter, or else `spelt` by `plain`."""

    spelt: Mapping[str, str]
    exact: Mapping[str, str] = field(default_factory=dict)

    def key(self, heading: str) -> str:
        """Blank for one that nobody knows."""
        return self.exact.get(" ".join(heading.split())) or self.spelt.get(plain(heading), "")


def written(headings: Mapping[str, Sequence[str]]) -> Names:
    return Names({plain(name): key for key, names in headings.items() for name in names})


def heading_row(rows: Sequence[Row], *asked: Sequence[str]) -> int:
    """Which row names the columns: the first with one of each `asked`, or else the first of all."""
    for position, row in enumerate(rows[:LOOKED_FOR_IN]):
        found = {plain(cell) for cell in row.cells}
        if all(found & set(map(plain, names)) for names in asked):
            return position
    return 0


def laid_out(
    heading: Sequence[str],
    *,
    names: Names,
    labels: Mapping[str, str],
    needed: Sequence[str],
) -> Layout:
    """`names` are all ways to write a heading, by `written`; `labels` are of the columns that are looked for.

    Those in `needed` must be there. Raises BadHeadings.
    """
    found: dict[str, list[Column]] = {}
    unknown: list[Column] = []
    for index, cell in enumerate(heading):
        key = names.key(cell)
        column = Column(key, " ".join(cell.split()), index)
        if key in labels:
            found.setdefault(key, []).append(column)
        elif cell.strip() and plain(cell) != plain(WHAT):
            unknown.append(Column("", column.shown, index))
    missing = [labels[key] for key in needed if key not in found]
    doubled = [(labels[key], columns) for key, columns in found.items() if len(columns) > 1]
    if missing or doubled:
        raise BadHeadings(" ".join([*map(_twice, doubled), *_missing(missing, unknown)]))
    last = 1 + max(found[key][0].index for key in needed)
    return Layout(tuple(column for (column,) in found.values()), tuple(unknown), len(heading), last)


def _twice(each: tuple[str, list[Column]]) -> str:
    label, columns = each
    letters = ", ".join(column.letter for column in columns[:-1])
    return f"“{label}” appears twice (columns {letters} and {columns[-1].letter}). Keep one."


def _missing(labels: Sequence[str], unknown: Sequence[Column]) -> list[str]:
    """Each with the unknown heading that is most like it."""
    spelt: Mapping[str, Column] = {plain(column.heading): column for column in unknown}
    found = []
    for label in labels:
        near = [spelt[key] for key in get_close_matches(plain(label), spelt, n=1, cutoff=CLOSE)]
        hints = [
            f" Column {column.letter} is “{column.heading}”: rename it if you mean “{label}”."
            for column in near
        ]
        found.append(f"The column “{label}” is missing.{''.join(hints)}")
    return found
