"""What teams report each quarter, as dated data: every measure with its definition, bounds and source.

An edition is a YAML file beside this module. A report keeps the key of the edition it was entered under.
Source: domain reference 3.2.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import yaml

from fidelity.documents import DocumentError, Node

FOLDER = Path(__file__).parent
CURRENT = "ips-2026"
LARGEST = 9999
UNITS = ("people", "jobs", "contacts", "FTE", "days", "hours", "dollars")
LEVELS = ("team", "agency")
NUMBER_KEYS = ("places", "maximum")
MEASURE_KEYS: tuple[str, ...] = (
    "key",
    "group",
    "core",
    "label",
    "unit",
    "definition",
    "source",
    "level",
    "within",
    "stable",
)
MEASURE_KEYS += ("above_zero", "counts_jobs", *NUMBER_KEYS)


class MeasuresError(DocumentError):
    """The data is no edition of measures; the text names the place."""


@dataclass(frozen=True)
class Measure:
    key: str
    group: str
    label: str
    unit: str
    definition: str
    source: str
    is_core: bool
    level: str
    within: str  # the measure this one is a part of, and so never larger than
    places: int  # decimals; 0 for counts
    maximum: float
    is_above_zero: bool
    is_stable: bool  # "same as last quarter" is offered
    counts_jobs: bool  # the definition of a competitive job is shown beside it

    def __hash__(self) -> int:
        return hash(self.key)

    @property
    def is_count(self) -> bool:
        return self.places == 0


@dataclass(frozen=True)
class Group:
    key: str
    name: str


@dataclass(frozen=True)
class Edition:
    key: str
    name: str
    groups: tuple[Group, ...]
    measures: tuple[Measure, ...]

    def measure(self, key: str) -> Measure:
        return self.by_key[key]

    @cached_property
    def by_key(self) -> Mapping[str, Measure]:
        return {measure.key: measure for measure in self.measures}

    @property
    def core(self) -> tuple[Measure, ...]:
        return tuple(measure for measure in self.measures if measure.is_core)

    @property
    def optional(self) -> tuple[Measure, ...]:
        return tuple(measure for measure in self.measures if not measure.is_core)

    def chosen(self, optional: tuple[str, ...]) -> tuple[Measure, ...]:
        """What a team of a state reports, by group: the core and the optional measures the state has switched on."""
        wanted = [measure for measure in self.measures if measure.is_core or measure.key in optional]
        order = [group.key for group in self.groups]
        return tuple(sorted(wanted, key=lambda measure: order.index(measure.group)))


@cache
def edition(key: str = CURRENT) -> Edition:
    """Raises MeasuresError for a key that does not ship, or data that is wrong."""
    path = FOLDER / f"{key}.yaml"
    if path not in FOLDER.glob("*.yaml"):
        raise MeasuresError(f"No edition of measures “{key}” ships with the portal.")
    return parse(yaml.safe_load(path.read_text(encoding="utf-8")))


def parse(data: object) -> Edition:
    node = Node(data, "measures", MeasuresError)
    node.mapping(("key", "name", "effective_from", "groups", "measures"))
    groups = tuple(
        Group(entry.child("key").text(), entry.child("name").text())
        for entry in node.child("groups").entries()
    )
    measures = tuple(_measure(entry, groups) for entry in node.child("measures").entries())
    known = {measure.key for measure in measures}
    for measure in measures:
        if measure.within and measure.within not in known:
            raise node.wrong(f"“{measure.key}” lies within “{measure.within}”, which is no measure.")
    return Edition(node.child("key").text(), node.child("name").text(), groups, measures)


def _measure(node: Node, groups: tuple[Group, ...]) -> Measure:
    values = node.mapping(MEASURE_KEYS)
    places = node.child("places").number(0, 2) if "places" in values else 0
    return Measure(
        key=node.child("key").text(),
        group=node.child("group").choice([group.key for group in groups]),
        label=node.child("label").text(),
        unit=node.child("unit").choice(UNITS),
        definition=node.child("definition").text(),
        source=node.child("source").text(),
        is_core=node.flag_or_no("core"),
        level=node.child("level").choice(LEVELS) if "level" in values else "team",
        within=node.text_or_blank("within"),
        places=places,
        maximum=float(str(values.get("maximum", LARGEST))),
        is_above_zero=node.flag_or_no("above_zero"),
        is_stable=node.flag_or_no("stable"),
        counts_jobs=node.flag_or_no("counts_jobs"),
    )
