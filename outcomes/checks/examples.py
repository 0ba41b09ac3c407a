"""Made-up cases for the catalogue: an ordinary team, and what differs from it. Each is fed through its own rule."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from types import MappingProxyType

from ips_portal.quarters import Quarter
from outcomes.checks.rules import Case, Earlier
from outcomes.figures import Figure, Figures, Number
from outcomes.measures import edition

QUARTER = Quarter(2026, 3)
NOT_COLLECTED = Figure(why="The record system was down.")
Values = Mapping[str, Number | None]

ORDINARY: Mapping[str, Number] = MappingProxyType(
    {
        "served": 40,
        "employed": 18,
        "in_school": 3,
        "in_education": 6,
        "job_starts": 9,
        "transitioned_working": 3,
        "transitioned_unemployed": 2,
        "specialist_fte": Decimal("2.50"),
    }
)


def ordinary(*before: Values, **values: Number | None) -> Case:
    """The ordinary team with other values; None is "not collected". `before` are earlier quarters, newest first."""
    given = {**ORDINARY, **values}
    return Case(
        figures=figures(given),
        quarter=QUARTER,
        measures=edition().chosen(tuple(key for key in values if key not in ORDINARY)),
        earlier=tuple(
            Earlier(QUARTER - back, figures({**ORDINARY, **entry}))
            for back, entry in enumerate(before, start=1)
        ),
    )


def figures(values: Values) -> Figures:
    return Figures(
        MappingProxyType(
            {key: NOT_COLLECTED if value is None else Figure(value) for key, value in values.items()}
        )
    )


def open_at(case: Case, *keys: str) -> Case:
    """The case with these questions not answered yet."""
    kept = {key: case.figures[key] for key in case.figures if key not in keys}
    return replace(case, figures=replace(case.figures, by_measure=MappingProxyType(kept)))
