"""The rows of a file after they were judged: by what becomes of each, and as they come back to be corrected."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, Protocol, TypeVar

from ips_portal.importing.columns import WHAT
from ips_portal.importing.remarks import CHIPS, Remark, Weight
from ips_portal.importing.staging import Staged
from ips_portal.spreadsheets import Table


class Judged(Protocol):
    """One row, and what would become of it."""

    @property
    def number(self) -> int: ...
    @property
    def outcome(self) -> StrEnum: ...
    @property
    def remarks(self) -> tuple[Remark, ...]: ...


class Named(Protocol):
    @property
    def name(self) -> str: ...


class JudgedOfTeam(Judged, Protocol):
    @property
    def team(self) -> Named | None: ...


L = TypeVar("L", bound=Judged)


class OfLines(Generic[L]):
    """What a preview answers about its lines, whatever they hold beside."""

    staged: Staged
    lines: tuple[L, ...]

    def of(self, *outcomes: StrEnum) -> tuple[L, ...]:
        return tuple(line for line in self.lines if line.outcome in outcomes)

    def count(self, outcome: StrEnum) -> int:
        return len(self.of(outcome))

    def counted(self, outcomes: type[StrEnum]) -> dict[str, int]:
        found = Counter(line.outcome for line in self.lines)
        return {str(outcome): found[outcome] for outcome in outcomes}

    @property
    def remarks(self) -> tuple[Remark, ...]:
        """Everything to look at, by row."""
        return tuple(remark for line in self.lines for remark in line.remarks)


@dataclass(frozen=True)
class Listed:
    """One remark as a line of a table. `words` are what a remark of each weight is called."""

    remark: Remark
    team: str
    words: Mapping[Weight, str]

    @property
    def chip(self) -> str:
        return CHIPS[self.remark.weight]

    @property
    def word(self) -> str:
        return self.words[self.remark.weight]


def listed(
    lines: Iterable[JudgedOfTeam], words: Mapping[Weight, str], *, only_problems: bool
) -> list[Listed]:
    """Every remark of these rows, or their problems alone."""
    weights = (Weight.ERROR,) if only_problems else tuple(Weight)
    return [
        Listed(remark, line.team.name if line.team else "", words)
        for line in lines
        for remark in line.remarks
        if remark.weight in weights
    ]


def left_out(lines: Sequence[Judged]) -> list[list[object]]:
    """As it is kept: the number of each row and why."""
    return [[line.number, " ".join(remark.text for remark in line.remarks)] for line in lines]


def corrected(staged: Staged, lines: Sequence[Judged]) -> Table:
    """These rows as they came, with what to look at in a column of its own."""
    by_number = {row.number: row for row in staged.rows}
    return Table(
        about=(),
        columns=(*(column.heading for column in staged.layout.columns), WHAT),
        rows=tuple([*by_number[line.number].cells, told(line)] for line in lines),
    )


def told(line: Judged) -> str:
    """What is wrong or wants to be looked at; blank for a row that is good as it is."""
    said = [
        f"{remark.column.shown}: {remark.text}" if remark.column else remark.text
        for remark in line.remarks
        if remark.weight is not Weight.NOTICE
    ]
    return " ".join(said)
