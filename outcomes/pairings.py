"""Which program could talk with which: one that is low on a measure with one that is high on it and of like size.

Pure. A suggestion for a meeting, never a judgment: both numbers stand beside it.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import median, quantiles

from outcomes.goals import MEASURES
from outcomes.rates import Rate
from outcomes.strengths import HIGHER_IS_BETTER

FEWEST_PROGRAMS = 4
MOST_ASKED = 2
LIKE_SIZE = 2  # the larger serves at most so many times the people of the smaller
APART = Decimal("1.25")


@dataclass(frozen=True)
class Program:
    """`served` is the size of the newest quarter; `rates` are those over the quarters shown, by measure."""

    team_id: int
    served: int
    rates: Mapping[str, Rate]

    def value(self, measure: str) -> Decimal | None:
        return self.rates[measure].value if measure in self.rates else None


@dataclass(frozen=True)
class Pairing:
    """`asks` could learn from `helps`."""

    asks: Program
    helps: Program
    measure: str

    @property
    def reason(self) -> str:
        low, high = (each.rates[self.measure].shown for each in (self.asks, self.helps))
        return (
            f"{MEASURES[self.measure]} over four quarters: {low} and {high}. "
            f"Of like size: {self.asks.served} and {self.helps.served} people served."
        )


@dataclass(frozen=True)
class Ends:
    """Who is in the lowest and the highest quarter of the programs on a measure, and how far below the median."""

    low: Mapping[int, Decimal]  # team -> part of the median
    high: Sequence[Program]


def pairings(programs: Sequence[Program]) -> tuple[Pairing, ...]:
    """At most one for each program that asks, the farthest behind first; nobody is asked more than twice."""
    ends = {measure: ends_of(programs, measure) for measure in HIGHER_IS_BETTER}
    wants = sorted(
        (part, program.team_id, measure)
        for program in programs
        for measure in HIGHER_IS_BETTER
        if (part := ends[measure].low.get(program.team_id)) is not None
    )
    known = {program.team_id: program for program in programs}
    asked: Counter[int] = Counter()
    found: dict[int, Pairing] = {}
    for _, team, measure in wants:
        if team in found:
            continue
        for helper in helpers(known[team], measure, ends[measure].high):
            if asked[helper.team_id] < MOST_ASKED:
                asked[helper.team_id] += 1
                found[team] = Pairing(known[team], helper, measure)
                break
    return tuple(found.values())


def ends_of(programs: Sequence[Program], measure: str) -> Ends:
    values = {
        each.team_id: value for each in programs if each.served and (value := each.value(measure)) is not None
    }
    if len(values) < FEWEST_PROGRAMS:
        return Ends({}, ())
    lower, _, upper = quantiles(values.values(), n=4, method="inclusive")
    middle = median(values.values())
    low = {team: value / middle for team, value in values.items() if value <= lower and value < middle}
    high = [each for each in programs if each.team_id in values and middle < values[each.team_id] >= upper]
    return Ends(low, high)


def helpers(program: Program, measure: str, high: Sequence[Program]) -> Iterator[Program]:
    """Nearest in size first."""
    own = program.value(measure) or Decimal(0)
    fit = [each for each in high if is_like_size(program, each) and (each.value(measure) or 0) >= APART * own]
    return iter(sorted(fit, key=lambda each: (abs(each.served - program.served), each.team_id)))


def is_like_size(one: Program, other: Program) -> bool:
    return max(one.served, other.served) <= LIKE_SIZE * min(one.served, other.served)
