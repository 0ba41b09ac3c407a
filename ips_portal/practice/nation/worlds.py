"""The states of a nation: numbered, each after the rules and words of one of the four practice states."""

import random
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import cycle, islice

from ips_portal.practice import names
from ips_portal.practice.rhythm import DAYS_A_MONTH
from ips_portal.practice.worlds import AGES, DRAFT, RATING, SCHEDULED, SHOWN, WORLDS, Story, World

SIZES = (2, 1, 1, 3, 1, 1, 2, 1, 1, 1)  # teams of an agency, over and over
POSITIONS = 2.7  # of a team, on average (domain reference 8.2)
STORIES = (SHOWN, Story(age=30, live=SCHEDULED), Story(age=40, live=RATING), Story(age=52, live=DRAFT))
RECALLED = 2  # quarters whose reports are checked by the rules and have a history
LONGEST_STORY, BEFORE = 5, 3  # years; and how long a state has been there before its first team


@dataclass(frozen=True)
class Scope:
    """How much of a nation: `quarters` back, and so many issued reviews of each team, or as many as the rule asks."""

    states: int
    teams: int
    quarters: int = 40
    reviews: int | None = None
    first: int = 1  # number of the first state
    seed: int = 1

    @property
    def months(self) -> int:
        return 3 * self.quarters

    @property
    def span(self) -> timedelta:
        return timedelta(days=round(self.months * DAYS_A_MONTH))

    @property
    def slugs(self) -> tuple[str, ...]:
        return tuple(f"nation-{number:02d}" for number in range(self.first, self.first + self.states))


def worlds(scope: Scope) -> list[World]:
    """The teams are shared out evenly."""
    share, more = divmod(scope.teams, scope.states)
    return [_world(scope, slug, share + (place < more)) for place, slug in enumerate(scope.slugs)]


def _world(scope: Scope, slug: str, teams: int) -> World:
    number = int(slug.rpartition("-")[2])
    name, luck = f"Nation {number:02d}", f":{scope.seed}"
    old = scope.months + 6.0
    return replace(
        WORLDS[(number - 1) % len(WORLDS)],
        slug=slug,
        name=name,
        program=f"{name} IPS Supported Employment",
        years=max(scope.quarters / 4, LONGEST_STORY) + BEFORE,
        teams=agency_sizes(teams),
        positions=round(POSITIONS * teams),
        trainers=max(2, round(teams / 8)),
        payers=(
            (f"{name} Health Plan", "Medicaid health plan"),
            (f"{name} Care Partners", "Medicaid health plan"),
        ),
        stories=STORIES if scope.reviews is None and teams > len(STORIES) else (),
        partners=teams // 20,
        lead_may_issue=False,
        answer_days=0,
        has_operator=False,
        closed_agency=False,
        shares_in_full=False,
        ages=(old,) if scope.reviews else tuple(age * old / AGES[-1] for age in AGES),
        span=scope.span,
        towns=tuple(towns(random.Random(f"towns:{slug}{luck}"))),  # noqa: S311 - repeatable
        luck=luck,
        quarters=scope.quarters,
        recalled=RECALLED,
    )


def agency_sizes(teams: int) -> tuple[int, ...]:
    """They add up to the teams, in two agencies at least: a reviewer comes from elsewhere."""
    sizes: list[int] = []
    for size in islice(cycle(SIZES if teams > 2 else (1, 1)), teams):
        sizes.append(min(size, teams - sum(sizes)))
    return tuple(size for size in sizes if size)


def towns(rng: random.Random) -> list[str]:
    found = names.pairs("nation")
    rng.shuffle(found)
    return found
