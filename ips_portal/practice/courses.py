"""What one practice team counts, quarter after quarter: staff that comes and goes, a caseload, jobs, school, leavers.

Pure: a generator and numbers in, counts out. Each quarter takes up where the one before ended.
Source: domain reference 8.2 and 8.4.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import exp

from ips_portal.quarters import Quarter

LEVEL, PER_POINT, USUAL_FIDELITY = 0.42, 0.003, 103
TEAM_SPREAD, QUARTER_SPREAD = 0.07, 0.03
LOWEST_RATE, HIGHEST_RATE = 0.08, 0.75
SEASON = {1: -0.015, 2: 0.005, 3: 0.015, 4: 0.005}
STARTS_PER_FTE, STARTS_WHEN_NEW, QUARTERS_NEW = 3.4, 1.2, 2
IN_EDUCATION, YOUNG_IN_EDUCATION, OF_THEM_IN_SCHOOL = 0.07, 0.25, 0.6
LEFT_WORKING, LEFT_UNEMPLOYED = 0.09, 0.11
CASELOAD, CASELOAD_SPREAD = 14.4, 1.3  # at the end of a quarter, for each full-time specialist
REPLACED = 0.25  # of a caseload in a quarter: a fifth of all served leave, as many come
MOST_NEW = 10  # people whom one specialist takes on in a quarter
FIRST_YEAR = 4  # quarters until the caseload is full
LEAVES, FILLED_AGAIN = 0.06, 0.55  # a specialist moves on in a quarter; an open post is filled in the next
HALF = Decimal("0.5")


@dataclass(frozen=True)
class Nature:
    """What stays with a team."""

    posts: tuple[Decimal, ...]  # of specialists, filled or not
    filled: int  # in the last quarter
    luck: float  # in standard deviations of teams, beside their fidelity
    is_young: bool = False  # serves young adults


@dataclass(frozen=True)
class Lived:
    """One quarter as it was; what the team reports of it is another matter."""

    quarter: Quarter
    served: int
    employed: int
    in_school: int
    in_education: int
    job_starts: int
    left_working: int
    left_unemployed: int
    new: int
    fte: Decimal
    vacant: Decimal
    moved_on: int  # specialists

    @property
    def still_open(self) -> int:
        return self.served - self.left_working - self.left_unemployed


def drawn_posts(rng: random.Random, count: int, part_time: float) -> tuple[Decimal, ...]:
    return tuple(HALF if place and rng.random() < part_time else Decimal(1) for place in range(count))


def staffing(rng: random.Random, nature: Nature, quarters: int) -> list[tuple[int, int]]:
    """Posts filled and specialists who left, by quarter, oldest first; worked out back from the last one."""
    filled, found = nature.filled, []
    for _ in range(quarters):
        left = sum(rng.random() < LEAVES for _ in range(filled))
        found.append((filled, left))
        joined = sum(rng.random() < FILLED_AGAIN for _ in range(len(nature.posts) - filled))
        filled = min(max(filled + joined - (rng.random() < LEAVES * filled), 0), len(nature.posts))
    return found[::-1]


def live(
    rng: random.Random, nature: Nature, fidelity: Sequence[int], age: int, quarters: Sequence[Quarter]
) -> Iterator[Lived]:
    """`age` is how many quarters the team was old in the first one, `fidelity` its total in each."""
    per_fte = CASELOAD + CASELOAD_SPREAD * rng.gauss(0, 1)
    staff = staffing(rng, nature, len(quarters))
    still_open = round(per_fte * _full(age) * float(_paid(nature, staff[0][0]))) if age and staff else 0
    leavers = round(REPLACED * still_open)
    for place, (quarter, (filled, moved_on)) in enumerate(zip(quarters, staff, strict=True)):
        fte = _paid(nature, filled)
        wanted = per_fte * _full(age + place + 1) * float(max(fte, nature.posts[0]))
        new = round(0.6 * ((1 + REPLACED) * wanted - still_open) + 0.4 * leavers)
        new = min(max(new, 0), round(MOST_NEW * float(fte)))
        lived = _quarter(
            rng, nature, quarter, (still_open + new, new), (fte, moved_on), fidelity[place], age + place
        )
        still_open, leavers = lived.still_open, lived.served - lived.still_open
        yield lived


def _paid(nature: Nature, filled: int) -> Decimal:
    return sum(nature.posts[:filled], Decimal(0))


def _full(age: int) -> float:
    """How much of the usual caseload a team has after so many quarters."""
    return min(1.0, (1 + age) / FIRST_YEAR)


def _quarter(
    rng: random.Random,
    nature: Nature,
    quarter: Quarter,
    people: tuple[int, int],
    staff: tuple[Decimal, int],
    fidelity: int,
    age: int,
) -> Lived:
    (served, new), (fte, moved_on) = people, staff
    starts = poisson(rng, (STARTS_WHEN_NEW if age < QUARTERS_NEW else STARTS_PER_FTE) * float(fte))
    rate = (
        LEVEL + PER_POINT * (fidelity - USUAL_FIDELITY) + TEAM_SPREAD * nature.luck + SEASON[quarter.number]
    )
    rate = min(max(rate + rng.gauss(0, QUARTER_SPREAD), LOWEST_RATE), HIGHEST_RATE)
    starts = starts if served else 0
    employed = max(round(rate * served), min(1, starts))
    in_education = binomial(rng, served, YOUNG_IN_EDUCATION if nature.is_young else IN_EDUCATION)
    left_working = min(binomial(rng, served, LEFT_WORKING), employed)
    left_unemployed = min(binomial(rng, served, LEFT_UNEMPLOYED), served - employed)
    return Lived(
        quarter,
        served,
        employed,
        binomial(rng, in_education, OF_THEM_IN_SCHOOL),
        in_education,
        starts,
        left_working,
        left_unemployed,
        new,
        fte,
        _paid(nature, len(nature.posts)) - fte,
        moved_on,
    )


def poisson(rng: random.Random, mean: float) -> int:
    """Knuth's way; means here are small."""
    floor, drawn, count = exp(-mean), rng.random(), 0
    while drawn > floor:
        drawn *= rng.random()
        count += 1
    return count


def binomial(rng: random.Random, trials: int, chance: float) -> int:
    return sum(rng.random() < chance for _ in range(trials))
