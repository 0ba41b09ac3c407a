"""When a practice team is reviewed and with what total: the state's rhythm, and totals as teams of that age have them.

Pure: a generator and numbers in, visits out. Months count from the start of implementation.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise

from fidelity.policy import FidelityPolicy

DAYS_A_MONTH = 30.44
LOWEST_DRAWN, HIGHEST_DRAWN = 52, 121
# Month after the start, mean total, standard deviation. Source: domain reference 8.3.
STAGES = ((6.0, 86.0, 10.0), (12.0, 97.0, 8.0), (18.0, 103.0, 7.0), (24.0, 103.0, 7.0), (36.0, 107.0, 7.0))


@dataclass(frozen=True)
class Visit:
    month: float
    kind: str
    total: int


@dataclass(frozen=True)
class Course:
    """How a team fares: its quality against others of its age, and the totals its story asks for."""

    quality: float = 0.0  # in standard deviations
    totals: tuple[int, ...] = ()  # the last official totals, oldest first; others are drawn
    kinds: tuple[str, ...] = field(default=("external",))


def stage(month: float) -> tuple[float, float]:
    """Mean and deviation of totals at an age, straight lines between the known ones."""
    for (before, low, sd), (after, high, next_sd) in pairwise(STAGES):
        if month <= after:
            share = max(0.0, (month - before) / (after - before))
            return low + share * (high - low), sd + share * (next_sd - sd)
    return STAGES[-1][1], STAGES[-1][2]


def total(rng: random.Random, month: float, quality: float) -> int:
    mean, deviation = stage(month)
    drawn = mean + deviation * (0.8 * quality + 0.6 * rng.gauss(0, 1))
    return round(min(max(drawn, LOWEST_DRAWN), HIGHEST_DRAWN))


def visits(rng: random.Random, policy: FidelityPolicy, course: Course, until: float) -> list[Visit]:
    """Every official review up to the first one after the month `until`, that one included."""
    month = policy.baseline.due_months_after_start or rng.uniform(5, 9)
    told = _told(policy, course, until)
    found: list[Visit] = []
    while True:
        happens = month + (
            rng.uniform(-0.6, -0.1) if policy.baseline.window == "due_by" else rng.uniform(0.05, 0.7)
        )
        place = len(found)
        points = told[place] if place < len(told) else total(rng, happens, course.quality)
        found.append(Visit(happens, rng.choice(course.kinds), points))
        if happens > until:
            return found
        month = happens + interval(rng, policy, points)


def _told(policy: FidelityPolicy, course: Course, until: float) -> tuple[int, ...]:
    """A story fixes the totals up to now; before it a team that tells of good days has had nothing but good days."""
    if not course.totals:
        return ()
    good = policy.thresholds.good
    told_months = sum(
        (policy.after_good_months if points >= good else policy.until_good_months) or 12
        for points in course.totals[:-1]
    )
    opening = (policy.baseline.due_months_after_start or 6) + told_months
    years_before = max(0, int((until - opening) // 12))
    return (*[max(course.totals[0], good + 2)] * years_before, *course.totals)


def interval(rng: random.Random, policy: FidelityPolicy, points: int) -> float:
    """Months to the next review; a rule without a number leaves it to the program."""
    if points >= policy.thresholds.exemplary:
        months = policy.after_exemplary_months
    elif points >= policy.thresholds.good:
        months = policy.after_good_months
    else:
        months = policy.until_good_months
    return months or rng.uniform(9, 14)


def days(months: float) -> timedelta:
    return timedelta(days=round(months * DAYS_A_MONTH))


ANSWERED_VISIT = timedelta(days=5)  # ago, or a few more; of the review whose draft is with its agency
ANSWERS_SINCE = timedelta(days=7)
TRIAL_SINCE = timedelta(days=35)  # of moderation; no other review ended in it
TRIAL_UNTIL = timedelta(days=21)
MODERATED_VISIT = timedelta(days=24)


def visit_day(day: date) -> date:
    """A Monday to Thursday, so that a visit of two days stays in a working week, and no holiday."""
    if (day.month, day.day) >= (12, 19):
        day = date(day.year + 1, 1, 6 + day.day % 4)
    elif (day.month, day.day) <= (1, 5):
        day = date(day.year, 1, 6 + day.day % 4)
    day = in_the_week(day)
    is_thanksgiving_week = day.month == 11 and 20 <= day.day <= 28 and day.weekday() >= 2
    return day - timedelta(days=2) if is_thanksgiving_week else day


def in_the_week(day: date) -> date:
    """The Monday to Thursday nearest before."""
    return day - timedelta(days=max(0, day.weekday() - 3))


def office_day(day: date) -> date:
    return day - timedelta(days=max(0, day.weekday() - 4))


def booked(starts_on: date, today: date) -> date:
    """Five weeks before. Two days ago at the latest: in a state further west the machine's today has not begun."""
    return min(starts_on - timedelta(days=35), today - timedelta(days=2))


def spread(rng: random.Random, count: int, quantiles: Sequence[float]) -> list[float]:
    """`count` values taken evenly from a list of quantiles, shuffled: a small state is not all luck."""
    values = [quantiles[(2 * place + 1) * len(quantiles) // (2 * count)] for place in range(count)]
    rng.shuffle(values)
    return values
