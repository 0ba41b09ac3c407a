"""What a state wants to reach, as its dated policy states it, and the published numbers it may start from.

A goal is a state's own wish, so a UK target for a whole year may be one; a benchmark on a quarter's axis it is not.
Source: domain reference 3.5 (tenant goals and presets).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from outcomes.external import ExternalBenchmark, benchmark

LEVELS = ("state", "team")
MEASURES: Mapping[str, str] = {
    "employment": "Employment rate",
    "education": "Education rate",
    "job_starts_per_fte": "Job starts per specialist",
    "end_caseload_per_fte": "Caseload per specialist at the end",
}
SHARES = ("employment", "education")
PRESETS = ("us-minimal", "us-average", "us-excellent", "uk-8-employment")


@dataclass(frozen=True)
class Goal:
    """`value` is a part of 1 for a share. It holds as long as the policy that states it."""

    measure: str
    level: str
    value: Decimal


def goal_of(goals: Iterable[Goal], measure: str, level: str) -> Goal | None:
    return next((goal for goal in goals if (goal.measure, goal.level) == (measure, level)), None)


def presets() -> tuple[ExternalBenchmark, ...]:
    """31%, 41% and 50% of US programs, and 40% of the UK, each with its source."""
    return tuple(benchmark(key) for key in PRESETS)
