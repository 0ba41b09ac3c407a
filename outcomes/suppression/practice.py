"""Small made-up states to try the suppression on: the same seed gives the same state.

Rates and sizes as measured for trust reference 2.4, with more small teams than there are, for those are the hard ones.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass

from ips_portal.quarters import Quarter
from outcomes.suppression.attack import Leak
from outcomes.suppression.cells import FOUR_QUARTERS, Period, Reported
from outcomes.suppression.choosing import Publication, audit, publish
from outcomes.suppression.rules import Rules

FIRST = Quarter(2025, 1)
TEAMS = (6, 10)
AGENCIES = 3
SMALL_TEAM = 0.2
EMPLOYED, IN_EDUCATION, JOB_STARTS = 0.45, 0.08, 0.18


@dataclass(frozen=True)
class Tried:
    seed: int
    teams: int
    hidden: float  # share of the published figures
    leaks: tuple[Leak, ...]


def small_state(seed: int, quarters: int = FOUR_QUARTERS) -> list[Reported]:
    """Every team's reports: 6 to 10 teams of 3 agencies; beside the employed, students or job starts in turn."""
    chance = random.Random(seed)  # noqa: S311  # made-up figures that must come out the same again
    teams = chance.randint(*TEAMS)
    found = []
    for number in range(teams):
        agency = f"agency-{number if number < AGENCIES else chance.randrange(AGENCIES)}"
        size = chance.randint(4, 14) if chance.random() < SMALL_TEAM else chance.randint(18, 84)
        for step in range(quarters):
            served = max(0, size + chance.randint(-3, 3))
            counts = {"served": served, "employed": _of(served, EMPLOYED, chance)}
            if seed % 2:
                counts["in_education"] = _of(served, IN_EDUCATION, chance)
            else:
                counts["job_starts"] = _of(served, JOB_STARTS, chance)
            found.append(Reported(f"team-{number}", agency, FIRST + step, counts))
    return found


def _of(people: int, rate: float, chance: random.Random) -> int:
    return sum(chance.random() < rate for _ in range(people))


def circle_of(number: int) -> frozenset[str]:
    """All agencies but one: whoever stays out alone is the easiest to find by subtraction."""
    return frozenset(f"agency-{each}" for each in range(AGENCIES) if each != number % AGENCIES)


def published(seed: int, rules: Rules, *, in_full: bool = False, only_primary: bool = False) -> Publication:
    """One state's four quarters, each published when it was over, and the four together with the last.

    `in_full`: all agencies but one tell each other every quarter in full; after two quarters another one stays out.
    """
    reports = small_state(seed)
    publication = None
    for step, quarter in enumerate(sorted({report.quarter for report in reports})):
        so_far = [report for report in reports if report.quarter <= quarter]
        periods = [Period(quarter), Period(quarter, FOUR_QUARTERS)]
        standing = publication.standing() if publication else None
        circle = circle_of(seed + step // 2) if in_full else frozenset()
        publication = publish(so_far, periods, rules, standing, circle=circle, only_primary=only_primary)
    assert publication is not None  # noqa: S101  # a state has at least one quarter
    return publication


def attacked(
    seeds: range, rules: Rules, *, in_full: bool = False, only_primary: bool = False
) -> Iterator[Tried]:
    for seed in seeds:
        publication = published(seed, rules, in_full=in_full, only_primary=only_primary)
        yield Tried(
            seed,
            len({report.team for report in publication.reports}),
            share_hidden(publication),
            tuple(audit(publication, rules)),
        )


def share_hidden(publication: Publication) -> float:
    """Of all figures that may be published, from 0 to 1."""
    forms = {cell.form for cell in publication.cells if cell.is_published} | set(publication.facts)
    return len(forms & publication.hidden) / len(forms)
