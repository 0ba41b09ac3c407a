"""The gaps of a funding plan, phase by phase."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from funding.coverage import Gap, Limits, gaps
from funding.grid import Grid

WHOLE = "The whole plan"
TITLES = {
    "G1": "Nobody pays for this phase",
    "G2": "Nobody pays for a service",
    "G3": "Support goes on after the money stops",
    "G4": "Only one job is paid for",
    "G5": "Nobody pays when a person leaves before a job",
    "G6": "A condition keeps people out",
    "G7": "One payer carries nearly everything",
    "G8": "Money that ends",
    "G9": "Not known, or not confirmed for long",
    "G10": "Two payers for one service",
    "G11": "No money for the start of a program",
    "G12": "Planned money without a date or a bridge",
}


@dataclass(frozen=True)
class Titled:
    title: str
    gap: Gap


@dataclass(frozen=True)
class Kind:
    """Gaps of one kind in one phase: what to do about them is the same."""

    title: str
    gaps: tuple[Gap, ...]

    @property
    def advice(self) -> list[tuple[str, str]]:
        """Each advice once, with its source."""
        return list(dict.fromkeys((gap.advice, gap.source) for gap in self.gaps))


@dataclass(frozen=True)
class Found:
    name: str
    kinds: tuple[Kind, ...]


def titled(gap: Gap) -> Titled:
    return Titled(TITLES[gap.code], gap)


def found_in(grid: Grid, today: date, limits: Limits) -> list[Found]:
    """What concerns the whole plan stands first, then phase by phase."""
    names = {"": WHOLE} | {phase.key: phase.name for phase in grid.phases}
    rows = gaps(grid, today, limits)
    found = [Found(name, kinds(gap for gap in rows if gap.phase == key)) for key, name in names.items()]
    return [each for each in found if each.kinds]


def kinds(rows: Iterable[Gap]) -> tuple[Kind, ...]:
    return tuple(Kind(TITLES[code], tuple(each)) for code, each in groupby(rows, key=lambda gap: gap.code))
