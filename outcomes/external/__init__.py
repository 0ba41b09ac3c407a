"""What others have published about IPS programs, dated and with source, sorted by what may stand on one axis.

A trial counts everybody who worked at any time in 18 to 24 months, about twice a program's quarterly rate. The kinds
are types of their own, and a quarter's axis is given `QuarterlyBenchmark` alone: a type check finds a mix.
Source: domain reference 3.5 and 9.22. The rows are in `published.yaml` beside this module.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import TypeVar

import yaml

from fidelity.documents import DocumentError, Node

PUBLISHED = Path(__file__).with_name("published.yaml")
BOUNDS = ("least", "most")
SET_KEYS = ("source", "kind", "population", "valid_from", "valid_to", "rows")
ROW_KEYS = ("key", "measure", "value", "value_to", "unit", "bound", "label", "set_aside")


class ExternalError(DocumentError):
    """The data is no list of benchmarks; the text names the place."""


class Kind(StrEnum):
    QUARTERLY = "quarterly"
    TRIAL = "trial"
    YEARLY = "yearly"
    PLANNING = "planning"


@dataclass(frozen=True)
class ExternalBenchmark:
    """`value` is a part of 1 where the unit is a share; `value_to` ends a range; `bound` says at least or at most.

    `set_aside` says why a row is on file and is never offered.
    """

    key: str
    measure: str
    value: Decimal
    value_to: Decimal | None
    unit: str
    bound: str
    label: str
    population: str
    valid_from: date
    valid_to: date | None
    source: str
    address: str
    kind: Kind
    set_aside: str

    @property
    def percent(self) -> str:
        """Of a share, as people write it."""
        return f"{100 * self.value:.0f}"

    def holds_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


class QuarterlyBenchmark(ExternalBenchmark):
    """Of one quarter, measured or to plan with: the only ones for a quarter's axis."""


class TrialBenchmark(ExternalBenchmark):
    """Over a whole study."""


class YearlyBenchmark(ExternalBenchmark):
    """Over a year or at one point in time."""


CLASSES: Mapping[Kind, type[ExternalBenchmark]] = {
    Kind.QUARTERLY: QuarterlyBenchmark,
    Kind.PLANNING: QuarterlyBenchmark,
    Kind.TRIAL: TrialBenchmark,
    Kind.YEARLY: YearlyBenchmark,
}
Some = TypeVar("Some", bound=ExternalBenchmark)


def for_measure(measure: str, on: date) -> tuple[QuarterlyBenchmark, ...]:
    """What a quarterly rate may be compared with, lowest first."""
    return _offered(QuarterlyBenchmark, measure, on)


def trials(measure: str, on: date) -> tuple[TrialBenchmark, ...]:
    return _offered(TrialBenchmark, measure, on)


def yearly(measure: str, on: date) -> tuple[YearlyBenchmark, ...]:
    return _offered(YearlyBenchmark, measure, on)


def benchmark(key: str) -> ExternalBenchmark:
    """Raises KeyError."""
    return {row.key: row for row in published()}[key]


@cache
def published() -> tuple[ExternalBenchmark, ...]:
    """Every row, those that are set aside or no longer hold included."""
    return parse(yaml.safe_load(PUBLISHED.read_text(encoding="utf-8")))


def parse(data: object) -> tuple[ExternalBenchmark, ...]:
    """Raises ExternalError."""
    node = Node(data, "benchmarks", ExternalError)
    node.mapping(("sources", "sets"))
    sources = node.child("sources")
    found = tuple(row for entry in node.child("sets").entries() for row in _set(entry, sources))
    keys = [row.key for row in found]
    for key in keys:
        if keys.count(key) > 1:
            raise node.wrong(f"“{key}” names two rows.")
    return found


def _offered(kind: type[Some], measure: str, on: date) -> tuple[Some, ...]:
    rows = [row for row in published() if isinstance(row, kind) and row.measure == measure]
    offered = [row for row in rows if row.holds_on(on) and not row.set_aside]
    return tuple(sorted(offered, key=lambda row: (row.value, row.key)))


def _set(node: Node, sources: Node) -> list[ExternalBenchmark]:
    node.mapping(SET_KEYS)
    source = sources.child(node.child("source").choice(sources.names()))
    source.mapping(("name", "address"))
    kind = Kind(node.child("kind").choice([kind.value for kind in Kind]))
    since, until = _day(node.child("valid_from")), node.optionally("valid_to", _day)
    if until is not None and until < since:
        raise node.wrong("valid_to is before valid_from.")
    return [_row(entry, node, source, kind, since, until) for entry in node.child("rows").entries()]


def _row(
    node: Node, shared: Node, source: Node, kind: Kind, since: date, until: date | None
) -> ExternalBenchmark:
    node.mapping(ROW_KEYS)
    return CLASSES[kind](
        key=node.child("key").text(),
        measure=node.child("measure").text(),
        value=_number(node.child("value")),
        value_to=node.optionally("value_to", _number),
        unit=node.child("unit").text(),
        bound=node.optionally("bound", lambda bound: bound.choice(BOUNDS)) or "",
        label=node.child("label").text(),
        population=shared.child("population").text(),
        valid_from=since,
        valid_to=until,
        source=source.child("name").text(),
        address=source.text_or_blank("address"),
        kind=kind,
        set_aside=node.text_or_blank("set_aside"),
    )


def _number(node: Node) -> Decimal:
    if type(node.value) not in (int, float):
        raise node.wrong("expected a number.")
    return Decimal(str(node.value))


def _day(node: Node) -> date:
    """YAML reads 2026-10-30 as a day already; JSON brings text."""
    return node.value if type(node.value) is date else node.day()
