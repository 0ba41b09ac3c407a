"""The bands that totals fall into: named stretches without holes, best first under a state's own names."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from fidelity.documents import Node


@dataclass(frozen=True)
class Band:
    """A named stretch of totals, both ends included."""

    key: str
    label: str
    minimum: int
    maximum: int

    @classmethod
    def parse(cls, node: Node) -> "Band":
        node.mapping(("key", "label", "minimum", "maximum"))
        minimum = node.child("minimum").number()
        maximum = node.child("maximum").number(minimum)
        return cls(node.child("key").text(), node.child("label").text(), minimum, maximum)


def labelled(bands: Sequence[Band], labels: Mapping[str, str]) -> tuple[Band, ...]:
    """The bands, best first, under a state's own names (domain reference 1.3, R12)."""
    named = [replace(band, label=labels.get(band.key, band.label)) for band in bands]
    return tuple(sorted(named, key=lambda band: -band.minimum))


def check_bands(bands: Sequence[Band], node: Node, *, lowest: int, highest: int) -> None:
    """Every total from `lowest` to `highest` must fall into exactly one band."""
    if len({band.key for band in bands}) != len(bands):
        raise node.wrong("the same band key stands twice.")
    expected = lowest
    for band in sorted(bands, key=lambda band: band.minimum):
        if band.minimum != expected:
            raise node.wrong(
                f"“{band.label}” starts at {band.minimum}, expected {expected}: "
                "every total must fall into exactly one band."
            )
        expected = band.maximum + 1
    if expected != highest + 1:
        raise node.wrong(f"the bands end at {expected - 1}, the highest total is {highest}.")
