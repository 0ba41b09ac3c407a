"""One quarter's numbers of one team as a frozen value. What was not collected is not zero.

A figure has one of three stored states (reported, confirmed zero, not collected and why); a draft may leave it open.
Source: domain reference 3.2; government peers, pain 1.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType

from outcomes.measures import Measure

Number = int | Decimal


def written(value: Number) -> str:
    """A number as people write it: 1,234 and 2.5."""
    return f"{value:,}" if isinstance(value, int) else f"{value.normalize():,f}"


class Standing(StrEnum):
    """What is known of one number."""

    REPORTED = "reported"
    ZERO = "confirmed zero"
    NOT_COLLECTED = "not collected"
    OPEN = "not answered yet"


@dataclass(frozen=True, slots=True)
class Figure:
    """`value` is None unless a number was given; `why` says why it was not collected."""

    value: Number | None = None
    why: str = ""

    @property
    def standing(self) -> Standing:
        if self.value is not None:
            return Standing.REPORTED if self.value else Standing.ZERO
        return Standing.NOT_COLLECTED if self.why else Standing.OPEN

    @property
    def is_open(self) -> bool:
        return self.value is None and not self.why


OPEN = Figure()


@dataclass(frozen=True)
class Figures:
    """All figures by measure, with what goes with them: `explained` are notes by rule, `note` is for the state.

    `vacancy` says that no specialist was in post for some of the quarter, and why.
    """

    by_measure: Mapping[str, Figure] = field(default_factory=lambda: MappingProxyType({}))
    explained: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    note: str = ""
    vacancy: str = ""

    def __getitem__(self, key: str) -> Figure:
        return self.by_measure.get(key, OPEN)

    def value(self, key: str) -> Number | None:
        return self.by_measure.get(key, OPEN).value

    def count(self, key: str) -> int | None:
        """A count; None where it was not collected or not answered."""
        value = self.value(key)
        return None if value is None else int(value)

    def __iter__(self) -> Iterator[str]:
        return iter(self.by_measure)

    def with_figure(self, key: str, figure: Figure) -> "Figures":
        return replace(self, by_measure=MappingProxyType({**self.by_measure, key: figure}))

    def answered(self, measures: tuple[Measure, ...]) -> int:
        return sum(not self[measure.key].is_open for measure in measures)

    def percent(self, measures: tuple[Measure, ...]) -> int:
        """How much of the report is filled in; the one thing the state sees of a draft."""
        return 100 * self.answered(measures) // len(measures) if measures else 100


def nothing_to_report(measures: tuple[Measure, ...], *, keep: Figures | None = None) -> Figures:
    """Nobody was served: every count of people, jobs and contacts is a confirmed zero; averages have no cases."""
    kept = keep or Figures()
    found = {}
    for measure in measures:
        if measure.key in kept and measure.group == "staff":
            found[measure.key] = kept[measure.key]
        elif measure.is_count and measure.group != "staff":
            found[measure.key] = Figure(0)
        elif not measure.is_count and measure.group != "staff":
            found[measure.key] = Figure(why="Nobody was served in the quarter.")
    return replace(kept, by_measure=MappingProxyType(found))
