"""Which average a number is, in words: a state's rate is never shown without saying how it was made and of how many.

Source: domain reference 3.4 (weighted and unweighted rates, completeness, person-quarters).
"""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal

ROLLING_QUARTERS = 4
AVERAGES: Mapping[str, str] = {
    "weighted": "Everybody together: large teams weigh more",
    "mean": "Mean of the teams: each team weighs the same",
    "median": "Middle team: half of the teams are lower",
    "q1": "Lower quartile: a quarter of the teams are lower",
    "q3": "Upper quartile: a quarter of the teams are higher",
}


def in_percent(share: float | Decimal) -> int:
    """Halves go up, wherever a share is shown."""
    return int((100 * Decimal(str(share))).quantize(Decimal(1), ROUND_HALF_UP))


def coverage(n: int, reported: int, expected: int) -> str:
    """What stands beside a figure of one quarter, such as "22 of 24 teams reported, 21 are in this figure"."""
    words = f"{reported} of {expected} {'team' if expected == 1 else 'teams'} reported"
    return words if n == reported else f"{words}, {n} {'is' if n == 1 else 'are'} in this figure"


def rolling_basis(quarters: int, window: int = ROLLING_QUARTERS) -> str:
    """Somebody served all year counts once in each quarter, so this is no number of people."""
    return f"person-quarters, {quarters} of {window} quarters"
