"""What one item of a fidelity scale is: five described anchors, and the numbers that choose between them.

Values are frozen and read once from dated data. Nothing here knows a number of the 2008 scale; those stand in
`ips25-2008.yaml`.
"""

from collections.abc import Mapping, Sized
from dataclasses import dataclass
from types import MappingProxyType

from fidelity.documents import DocumentError, Node

LOWEST, HIGHEST = 1, 5
KINDS = ("range", "count", "matrix", "anchor")

# `per_specialist_optional` informs whoever reads the scale; a state may rate so, and nothing is worked out from it.
ITEM_KEYS = frozenset(
    {"code", "seq", "name", "measure", "kind", "unit", "floors", "components", "gates", "boundary", "matrix"}
    | {"small_caseload", "per_specialist", "per_specialist_optional", "sources", "anchors", "guidance"}
    | {"confidence", "source"}
)


class ScaleError(DocumentError):
    """The scale's data is not a scale; the text names the place."""


def span(items: Sized) -> tuple[int, int]:
    """The lowest and the highest total that so many items can give."""
    return LOWEST * len(items), HIGHEST * len(items)


@dataclass(frozen=True)
class Component:
    """One of the things a count item asks for: present or not."""

    code: str
    text: str

    @classmethod
    def parse(cls, node: Node) -> "Component":
        node.mapping(("code", "text"))
        return cls(node.child("code").text(), node.child("text").text())


@dataclass(frozen=True)
class Gate:
    """A circumstance that keeps a rating from rising above `cap`, whatever the number says."""

    code: str
    cap: int
    when: str

    @classmethod
    def parse(cls, node: Node) -> "Gate":
        node.mapping(("code", "cap", "when"))
        cap = node.child("cap").number(LOWEST, HIGHEST - 1)
        return cls(node.child("code").text(), cap, node.child("when").text())


@dataclass(frozen=True)
class Boundary:
    """A value the published scale leaves between two ratings, and how it is read unless a state decides."""

    at: int
    reads_as: int
    may_read_as: tuple[int, ...]
    note: str

    @classmethod
    def parse(cls, node: Node) -> "Boundary":
        node.mapping(("at", "reads_as", "may_read_as", "note"))
        choices = tuple(entry.number(LOWEST, HIGHEST) for entry in node.child("may_read_as").entries())
        reads_as = node.child("reads_as").number(LOWEST, HIGHEST)
        if reads_as not in choices:
            raise node.child("reads_as").wrong(f"{reads_as} is not among may_read_as.")
        return cls(node.child("at").number(), reads_as, choices, node.child("note").text())


@dataclass(frozen=True)
class SmallCaseload:
    """Below this many people, the best rating asks for so many contacts for each of them."""

    fewer_than: int
    contacts_each: int

    @classmethod
    def parse(cls, node: Node) -> "SmallCaseload":
        node.mapping(("fewer_than", "contacts_each"))
        return cls(node.child("fewer_than").number(1), node.child("contacts_each").number(1))


@dataclass(frozen=True)
class MatrixRule:
    rating: int
    needs: Mapping[str, str]


@dataclass(frozen=True)
class Matrix:
    """Ladders of circumstances, worst step first; rules that read a rating from them, best rule first."""

    ladders: Mapping[str, tuple[str, ...]]
    rules: tuple[MatrixRule, ...]

    @classmethod
    def parse(cls, node: Node) -> "Matrix":
        node.mapping(("ladders", "rules"))
        names = node.child("ladders")
        ladders = {name: tuple(step.text() for step in names.child(name).entries()) for name in names.names()}
        rules = tuple(cls._rule(entry, ladders) for entry in node.child("rules").entries())
        ratings = [rule.rating for rule in rules]
        if ratings != sorted(ratings, reverse=True):
            raise node.child("rules").wrong("the rules must go from the best rating to the worst.")
        if not rules or rules[-1].needs:
            raise node.child("rules").wrong("the last rule must hold for everything (needs: {}).")
        return cls(MappingProxyType(ladders), rules)

    @staticmethod
    def _rule(node: Node, ladders: Mapping[str, tuple[str, ...]]) -> MatrixRule:
        node.mapping(("rating", "needs"))
        needs = node.child("needs")
        needs.mapping(ladders.keys())
        steps = {name: needs.child(name).choice(ladders[name]) for name in needs.names()}
        return MatrixRule(node.child("rating").number(LOWEST, HIGHEST), MappingProxyType(steps))


@dataclass(frozen=True)
class Item:
    code: str
    seq: int
    name: str
    measure: str
    kind: str
    anchors: tuple[str, ...]
    sources: tuple[str, ...] = ()
    unit: str = ""
    floors: tuple[int | None, ...] = ()
    components: tuple[Component, ...] = ()
    gates: tuple[Gate, ...] = ()
    boundary: Boundary | None = None
    small_caseload: SmallCaseload | None = None
    matrix: Matrix | None = None
    per_specialist: bool = False
    guidance: str = ""
    confidence: str = ""
    source: str = ""

    def anchor(self, rating: int) -> str:
        return self.anchors[rating - LOWEST]

    @property
    def boundary_note(self) -> str:
        return self.boundary.note if self.boundary else ""

    @classmethod
    def parse(cls, node: Node) -> "Item":
        node.mapping(ITEM_KEYS)
        item = cls(
            code=node.child("code").text(),
            seq=node.child("seq").number(1),
            name=node.child("name").text(),
            measure=node.child("measure").text(),
            kind=node.child("kind").choice(KINDS),
            anchors=tuple(anchor.text() for anchor in node.child("anchors").entries(HIGHEST)),
            sources=tuple(entry.text() for entry in node.listed("sources")),
            unit=node.text_or_blank("unit"),
            floors=_floors(node),
            components=tuple(Component.parse(entry) for entry in node.listed("components")),
            gates=tuple(Gate.parse(entry) for entry in node.listed("gates")),
            boundary=node.optionally("boundary", Boundary.parse),
            small_caseload=node.optionally("small_caseload", SmallCaseload.parse),
            matrix=node.optionally("matrix", Matrix.parse),
            per_specialist=node.flag_or_no("per_specialist"),
            guidance=node.text_or_blank("guidance"),
            confidence=node.text_or_blank("confidence"),
            source=node.text_or_blank("source"),
        )
        _agree(item, node)
        return item


def _floors(node: Node) -> tuple[int | None, ...]:
    """The lowest value for each rating 1 to 5; null where no value earns that rating."""
    floors = node.optional("floors")
    if floors is None:
        return ()
    numbers = tuple(None if entry.value is None else entry.number() for entry in floors.entries(HIGHEST))
    given = [number for number in numbers if number is not None]
    if len(set(given)) != len(given) or given not in (sorted(given), sorted(given, reverse=True)):
        raise floors.wrong("the lowest values must rise, or fall, from rating 1 to rating 5.")
    if 0 not in given:
        raise floors.wrong("one rating must start at 0, or small values would have no rating.")
    return numbers


def _agree(item: Item, node: Node) -> None:
    """The parts of an item must fit its kind, or a calculator would have nothing to calculate with."""
    if item.kind in ("range", "count") and not item.floors:
        raise node.wrong(f"{item.code} is a {item.kind} item and needs “floors”.")
    if item.kind == "count" and not item.components:
        raise node.wrong(f"{item.code} is a count item and needs “components”.")
    parts = len(item.components)
    if item.kind == "count" and max(floor or 0 for floor in item.floors) > parts:
        raise node.child("floors").wrong(f"asks for more than the {parts} components of {item.code}.")
    if item.kind == "matrix" and not (item.floors or item.matrix):
        raise node.wrong(f"{item.code} is a matrix item and needs “floors” or “matrix”.")
    if len({component.code for component in item.components}) != parts:
        raise node.child("components").wrong("the same code stands twice.")
    if len({gate.code for gate in item.gates}) != len(item.gates):
        raise node.child("gates").wrong("the same code stands twice.")
