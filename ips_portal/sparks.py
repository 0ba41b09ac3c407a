"""The shape of a row of numbers as a tiny line beside them: worked out here, and drawn by the page itself.

It decorates numbers that stand beside it, so assistive technology passes over it. Nothing is drawn from one number.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

WIDTH, HEIGHT, EDGE = 80, 20, 3  # of the picture, in its own units; EDGE leaves room for a dot
FLATTEST = 8  # small changes stay small: the height stands for twice an eighth of the value at least


@dataclass(frozen=True)
class Spark:
    """`lines` are the points of each stretch without a gap, `dots` the newest number and those without a neighbor."""

    lines: tuple[str, ...]
    dots: tuple[tuple[str, str], ...]


def spark(values: Sequence[Decimal | float | None]) -> Spark | None:
    """`values` from the oldest on; None is a gap that no line crosses. None with fewer than two numbers."""
    known = [float(value) for value in values if value is not None]
    if len(known) < 2:
        return None
    middle = (max(known) + min(known)) / 2
    reach = max(max(known) - middle, abs(middle) / FLATTEST, 1e-6)
    places = [
        None if value is None else (across(place, len(values)), upward((float(value) - middle) / reach))
        for place, value in enumerate(values)
    ]
    runs = stretches(places)
    alone = tuple(run[0] for run in runs if len(run) == 1)
    newest = (places[-1],) if places[-1] and places[-1] not in alone else ()
    return Spark(tuple(" ".join(map(",".join, run)) for run in runs if len(run) > 1), (*alone, *newest))


def across(place: int, count: int) -> str:
    return f"{EDGE + place * (WIDTH - 2 * EDGE) / (count - 1):.4g}"


def upward(share: float) -> str:
    """From -1 at the foot to 1 at the top; pictures count from above."""
    return f"{HEIGHT / 2 - share * (HEIGHT / 2 - EDGE):.4g}"


def stretches(places: Sequence[tuple[str, str] | None]) -> list[list[tuple[str, str]]]:
    found: list[list[tuple[str, str]]] = [[]]
    for place in places:
        if place:
            found[-1].append(place)
        elif found[-1]:
            found.append([])
    return [run for run in found if run]
