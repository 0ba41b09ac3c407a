"""The cells of a publication: team, agency and state, each measure, each quarter and each four quarters together.

Every cell is a sum over what teams reported (`Form`), so whatever can be worked out from a publication follows from
its forms and their values alone. A corrected report is a new version of its leaves: what was published before a
correction remains a fact about the former version. Source: trust reference 2.4.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from ips_portal.quarters import Quarter

# Each measure with the one it is a part of. What is left of the whole is a cell too, though never published.
PARTS = {
    "employed": "served",
    "in_education": "served",
    "in_school": "in_education",
    "transitioned_working": "employed",
    "transitioned_unemployed": "served",
}
MEASURES = ("served", *PARTS, "job_starts")
FOUR_QUARTERS = 4


class Level(StrEnum):
    TEAM = "team"
    AGENCY = "agency"
    STATE = "state"


@dataclass(frozen=True, order=True)
class Place:
    level: Level
    name: str


STATE = Place(Level.STATE, "")


@dataclass(frozen=True, order=True)
class Period:
    """One quarter, or several together that end with it."""

    last: Quarter
    length: int = 1

    @property
    def quarters(self) -> Sequence[Quarter]:
        return self.last.last(self.length)

    def __str__(self) -> str:
        return str(self.last) if self.length == 1 else f"{self.length} quarters to {self.last}"


KnownAs = tuple[str, Quarter, int]  # a report: whose, of when, in which version


@dataclass(frozen=True, order=True)
class Leaf:
    """One number that one team reported; `version` counts its corrections."""

    team: str
    quarter: Quarter
    version: int
    measure: str

    @property
    def known_as(self) -> KnownAs:
        return self.team, self.quarter, self.version


Form = frozenset[tuple[Leaf, int]]  # a sum of leaves, each with its sign


@dataclass(frozen=True)
class Reported:
    """What one team reported for one quarter; a measure it did not collect is absent."""

    team: str
    agency: str
    quarter: Quarter
    counts: Mapping[str, int]
    version: int = 1

    @property
    def known_as(self) -> KnownAs:
        return self.team, self.quarter, self.version

    def leaves(self) -> dict[Leaf, int]:
        return {
            Leaf(self.team, self.quarter, self.version, measure): count
            for measure, count in self.counts.items()
        }

    def form(self, measure: str) -> Form:
        return frozenset({(Leaf(self.team, self.quarter, self.version, measure), 1)})

    def rests(self) -> Iterator[tuple[str, Form, int]]:
        """What is left of each whole without its part, as nobody publishes it and anybody can subtract it."""
        for part, whole in PARTS.items():
            if part in self.counts and whole in self.counts:
                rest = self.form(whole) | {(leaf, -1) for leaf, _ in self.form(part)}
                yield f"{whole} but not {part}", frozenset(rest), self.counts[whole] - self.counts[part]


@dataclass(frozen=True, order=True)
class Key:
    """The same figure in every publication, whatever was corrected in between."""

    place: Place
    measure: str
    period: Period

    def __str__(self) -> str:
        place = f"{self.place.level} {self.place.name}".strip()
        return f"{self.measure}, {place}, {self.period}"


@dataclass(frozen=True)
class Cell:
    key: Key
    form: Form
    value: int
    group: int | None  # the people served in the same place and period; None where that was not collected
    is_published: bool = True  # no: it is what is left of a whole
    part: Key | None = None  # of such a rest: the published part beside it


def places_of(report: Reported) -> tuple[Place, Place, Place]:
    return Place(Level.TEAM, report.team), Place(Level.AGENCY, report.agency), STATE


def cells_of(reports: Sequence[Reported], periods: Iterable[Period]) -> list[Cell]:
    """All cells of these periods. Four quarters stand together only for a place that reported in each of them."""
    by_quarter: dict[tuple[Place, Quarter], list[Reported]] = defaultdict(list)
    for report in reports:
        for place in places_of(report):
            by_quarter[place, report.quarter].append(report)
    places = sorted({place for place, _ in by_quarter})
    found = []
    for period in periods:
        for place in places:
            rows = [by_quarter.get((place, quarter), []) for quarter in period.quarters]
            if all(rows):
                found += _cells_at(place, period, [report for row in rows for report in row])
    return found


def _cells_at(place: Place, period: Period, reports: Sequence[Reported]) -> list[Cell]:
    served = [report.counts["served"] for report in reports if "served" in report.counts]
    group = sum(served) if served else None
    found = []
    for measure in MEASURES:
        having = [report for report in reports if measure in report.counts]
        if having:
            form = frozenset().union(*(report.form(measure) for report in having))
            value = sum(report.counts[measure] for report in having)
            found.append(Cell(Key(place, measure, period), form, value, group))
    rests = defaultdict(list)
    for report in reports:
        for name, form, value in report.rests():
            rests[name].append((form, value))
    for name, rows in rests.items():
        form = frozenset().union(*(each for each, _ in rows))
        part = Key(place, name.rpartition(" ")[2], period)
        value = sum(each for _, each in rows)
        found.append(Cell(Key(place, name, period), form, value, group, is_published=False, part=part))
    return found


@dataclass(frozen=True)
class Total:
    """A published sum and the published cells it is the sum of."""

    whole: Cell
    parts: tuple[Cell, ...]
    is_over_places: bool


def totals_of(cells: Iterable[Cell]) -> list[Total]:
    """Teams in their agency, agencies in the state, quarters in four."""
    published = {cell.form: cell for cell in cells if cell.is_published}
    by_key = {cell.key: cell for cell in published.values()}
    found = []
    for whole in by_key.values():
        for parts, over_places in (
            (_places_below(whole, by_key), True),
            (_quarters_below(whole, by_key), False),
        ):
            if len(parts) > 1 and frozenset().union(*(part.form for part in parts)) == whole.form:
                found.append(Total(whole, tuple(parts), over_places))
    return found


def _places_below(whole: Cell, by_key: Mapping[Key, Cell]) -> list[Cell]:
    """The largest cells inside a sum: an agency of one team is the same cell as its team."""
    inside = [
        cell
        for key, cell in by_key.items()
        if key.measure == whole.key.measure and key.period == whole.key.period and cell.form < whole.form
    ]
    return [cell for cell in inside if not any(cell.form < other.form for other in inside)]


def _quarters_below(whole: Cell, by_key: Mapping[Key, Cell]) -> list[Cell]:
    if whole.key.period.length == 1:
        return []
    keys = [Key(whole.key.place, whole.key.measure, Period(each)) for each in whole.key.period.quarters]
    return [by_key[key] for key in keys if key in by_key]
