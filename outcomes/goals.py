"""What a state wants to reach: its goals, dated, and the published numbers it may start from.

A goal is a state's own wish, so a UK target for a whole year may be one; a benchmark on a quarter's axis it is not.
Source: domain reference 3.5 (tenant goals and presets).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from outcomes.external import ExternalBenchmark, benchmark

LEVELS = ("state", "agency", "team")
PRESETS = ("us-minimal", "us-average", "us-excellent", "uk-8-employment")


@dataclass(frozen=True)
class Goal:
    """`value` is a part of 1 for a share. It holds until a later goal of the same measure and level."""

    measure: str
    level: str
    value: Decimal
    valid_from: date


def goal_on(goals: Iterable[Goal], measure: str, level: str, on: date) -> Goal | None:
    """The goal that held on a day."""
    held = [
        goal for goal in goals if (goal.measure, goal.level) == (measure, level) and goal.valid_from <= on
    ]
    return max(held, key=lambda goal: goal.valid_from, default=None)


def presets() -> tuple[ExternalBenchmark, ...]:
    """31%, 41% and 50% of US programs, and 40% of the UK, each with its source."""
    return tuple(benchmark(key) for key in PRESETS)
