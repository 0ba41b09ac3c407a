"""What a publication says to whom, ready to be stored: a number, or that it is not shown. Never both.

Peers see every place by name. Stakeholders see the state alone, four quarters together, over enough agencies;
everybody else sees the same rounded.
A rate is shown only where both numbers of it are, so it tells nothing that they do not. Source: trust reference 2.4.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from ips_portal.percent import whole_percent
from outcomes.suppression.cells import STATE, Cell, Key, Level, Period
from outcomes.suppression.choosing import Publication
from outcomes.suppression.rules import Rules

RATES = {
    "employed": "served",
    "in_education": "served",
}  # people of the same quarter, or person-quarters of four

ROUNDED_TO = 5  # what anybody may read. Source: trust reference 2.4, T-public


@dataclass(frozen=True)
class Row:
    """One figure as others see it; `value` is None where it is not shown. `percent` is of the people served."""

    key: Key
    value: int | None
    percent: int | None = None


def peers(publication: Publication, periods: Collection[Period]) -> list[Row]:
    """Every figure of these periods, as people of any agency of the state see it; their own they see elsewhere."""
    return _rows(publication, periods, publication.is_shown)


def stakeholders(publication: Publication, periods: Collection[Period], rules: Rules) -> list[Row]:
    """The state's totals of four quarters, less those that nearly all come from one agency, or from too few."""
    by_key = {cell.key: cell for cell in publication.cells if cell.is_published}

    def is_shown(cell: Cell) -> bool:
        agencies = {
            key.place.name: each.value
            for key, each in by_key.items()
            if key.place.level is Level.AGENCY
            and (key.measure, key.period) == (cell.key.measure, cell.key.period)
        }
        return publication.is_shown(cell) and rules.stakeholders_may_see(cell.value, agencies)

    years = [period for period in periods if period.length > 1]
    return [row for row in _rows(publication, years, is_shown) if row.key.place == STATE]


def to_all(totals: Sequence[Row]) -> dict[str, dict[str, int | None]]:
    """What stakeholders see, rounded to five: by measure the count and the rate, which follows from rounded counts."""
    counts = {row.key.measure: rounded(row.value) for row in totals}
    found = {}
    for measure, count in counts.items():
        below = counts.get(RATES.get(measure, ""))
        found[measure] = {"value": count, "percent": whole_percent(count, below)}
    return found


def rounded(count: int | None) -> int | None:
    return None if count is None else (2 * count + ROUNDED_TO) // (2 * ROUNDED_TO) * ROUNDED_TO


def _rows(
    publication: Publication, periods: Collection[Period], is_shown: Callable[[Cell], bool]
) -> list[Row]:
    """In the order of places, measures and periods: no order that follows from a figure."""
    cells = [cell for cell in publication.cells if cell.is_published and cell.key.period in periods]
    values = {cell.key: cell.value if is_shown(cell) else None for cell in cells}
    return [Row(key, values[key], _percent(key, values)) for key in sorted(values)]


def _percent(key: Key, values: dict[Key, int | None]) -> int | None:
    """Nothing where one of the two numbers is not shown, or nobody was served."""
    above, below = values[key], values.get(Key(key.place, RATES.get(key.measure, ""), key.period))
    return whole_percent(above, below)
