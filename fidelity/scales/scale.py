"""What a fidelity scale is: one version, its sections of items, and the bands its totals fall into.

Where it reports a total per part, one part leads: its total, bands and items are what “the” total stands for.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256

from fidelity.documents import Node
from fidelity.scales.bands import Band, check_bands, labelled
from fidelity.scales.subscales import Subscale, check_subscales
from fidelity.scales.values import Item, ScaleError, span

NA_POLICIES = ("require_rating", "score_1", "prorate_display_only")
TIE_RULES = ("down", "up")

SCALE_KEYS = frozenset(
    {"key", "version", "name", "year", "edition", "effective_from", "license_note", "na_policy", "tie_rule"}
    | {"sources", "bands", "sections", "subscales"}
)


class UnknownItem(LookupError):
    """The scale has no item with this code."""

    def __init__(self, code: object, scale: str) -> None:
        super().__init__(f"{scale} has no item “{code}”.")
        self.code = code


@dataclass(frozen=True)
class DataSource:
    """Where a reviewer found out: records, interviews, observation and so on."""

    code: str
    name: str

    @classmethod
    def parse(cls, node: Node) -> "DataSource":
        node.mapping(("code", "name"))
        return cls(node.child("code").text(), node.child("name").text())


@dataclass(frozen=True)
class Section:
    """`subscale` is the code of the part it belongs to; blank in a scale that has one total."""

    code: str
    name: str
    items: tuple[Item, ...]
    subscale: str = ""

    @property
    def possible(self) -> int:
        return span(self.items)[1]

    @classmethod
    def parse(cls, node: Node) -> "Section":
        node.mapping(("code", "name", "items", "subscale"))
        items = tuple(Item.parse(entry) for entry in node.child("items").entries())
        if not items:
            raise node.child("items").wrong("a section needs at least one item.")
        return cls(
            node.child("code").text(), node.child("name").text(), items, node.text_or_blank("subscale")
        )


@dataclass(frozen=True)
class Scale:
    """`bands` are those of the total that counts: of the leading subscale where there are subscales."""

    key: str
    version: str
    name: str
    year: int
    edition: str
    effective_from: str
    license_note: str
    na_policy: str
    tie_rule: str
    sources: tuple[DataSource, ...]
    bands: tuple[Band, ...]
    sections: tuple[Section, ...]
    content_hash: str
    subscales: tuple[Subscale, ...] = ()

    @classmethod
    def parse(cls, data: Mapping[str, object]) -> "Scale":
        """Read a scale from YAML or from stored JSON; ScaleError names the place that is wrong."""
        node = Node(data, "scale", ScaleError)
        node.mapping(SCALE_KEYS)
        bands = tuple(Band.parse(entry) for entry in node.listed("bands"))
        subscales = tuple(Subscale.parse(entry) for entry in node.listed("subscales"))
        scale = cls(
            key=node.child("key").text(),
            version=node.child("version").text(),
            name=node.child("name").text(),
            year=node.child("year").number(1900, 2999),
            edition=node.text_or_blank("edition"),
            effective_from=node.child("effective_from").day().isoformat(),
            license_note=node.text_or_blank("license_note"),
            na_policy=node.child("na_policy").choice(NA_POLICIES),
            tie_rule=node.child("tie_rule").choice(TIE_RULES),
            sources=tuple(DataSource.parse(entry) for entry in node.listed("sources")),
            bands=next((each.bands for each in subscales if each.leads), bands),
            sections=tuple(Section.parse(entry) for entry in node.child("sections").entries()),
            content_hash=content_hash(data),
            subscales=subscales,
        )
        _check_items(scale, node.child("sections"))
        check_subscales(subscales, node, named=[section.subscale for section in scale.sections])
        _check_bands(scale, node)
        return scale

    @cached_property
    def items(self) -> tuple[Item, ...]:
        """All items in their printed order."""
        return tuple(item for section in self.sections for item in section.items)

    @cached_property
    def codes(self) -> tuple[str, ...]:
        return tuple(item.code for item in self.items)

    @cached_property
    def _by_code(self) -> dict[str, Item]:
        return {item.code: item for item in self.items}

    @property
    def leading(self) -> Subscale | None:
        """The subscale whose total is the one that counts."""
        return next((each for each in self.subscales if each.leads), None)

    @property
    def leads(self) -> str:
        """The code of the leading subscale; blank in a scale that has one total."""
        return self.leading.code if self.leading else ""

    @property
    def part(self) -> str:
        """The name of the leading subscale; blank in a scale that has one total."""
        return self.leading.name if self.leading else ""

    @cached_property
    def counted(self) -> tuple[Item, ...]:
        """The items its total adds up: those of the leading subscale, or all."""
        return self.items_of(self.leads) if self.subscales else self.items

    def items_of(self, subscale: str) -> tuple[Item, ...]:
        return tuple(
            item for section in self.sections if section.subscale == subscale for item in section.items
        )

    @property
    def possible(self) -> int:
        return span(self.counted)[1]

    @property
    def lowest_possible(self) -> int:
        return span(self.counted)[0]

    def item(self, code: str) -> Item:
        try:
            return self._by_code[code]
        except KeyError:
            raise UnknownItem(code, self.name) from None

    def source_name(self, code: str) -> str:
        return next((source.name for source in self.sources if source.code == code), code)

    def labelled(self, labels: Mapping[str, str]) -> tuple[Band, ...]:
        """The bands, best first, under a state's own names (domain reference 1.3, R12)."""
        return labelled(self.bands, labels)


def content_hash(data: Mapping[str, object]) -> str:
    """The same for YAML and for the JSON it was stored as: keys sorted, no spaces, UTF-8."""
    canonical = json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return sha256(canonical.encode()).hexdigest()


def _check_items(scale: Scale, node: Node) -> None:
    """Ratings find their item by code and people by running number: both must be unambiguous."""
    if not scale.sections:
        raise node.wrong("a scale needs at least one section.")
    known = {source.code for source in scale.sources}
    seen: set[str] = set()
    for seq, item in enumerate(scale.items, start=1):
        if item.code in seen:
            raise node.wrong(f"the code {item.code} stands twice.")
        seen.add(item.code)
        if item.seq != seq:
            raise node.wrong(f"{item.code} has seq {item.seq}, but is number {seq} in order.")
        if unknown := [code for code in item.sources if code not in known]:
            raise node.wrong(f"{item.code} names the unknown data source {unknown[0]}.")


def _check_bands(scale: Scale, node: Node) -> None:
    """Those of each total by what it can be."""
    if not scale.subscales and scale.bands:
        check_bands(scale.bands, node.child("bands"), lowest=scale.lowest_possible, highest=scale.possible)
    for entry, each in zip(node.listed("subscales"), scale.subscales, strict=True):
        if each.bands:
            lowest, highest = span(scale.items_of(each.code))
            check_bands(each.bands, entry.child("bands"), lowest=lowest, highest=highest)
