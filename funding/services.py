"""What a new funding plan begins with: phases with their elements, payers with their sources, from services.yaml."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from fidelity.documents import Node
from funding.grid import Element, Phase

FILE = Path(__file__).with_name("services.yaml")


@dataclass(frozen=True)
class Payer:
    key: str
    name: str
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Services:
    phases: tuple[Phase, ...]
    elements: tuple[Element, ...]
    payers: tuple[Payer, ...]

    def payer(self, key: str) -> Payer:
        return next(payer for payer in self.payers if payer.key == key)


@cache
def shipped() -> Services:
    document = Node(yaml.safe_load(FILE.read_text(encoding="utf-8")), "services")
    phases = [*document.child("phases").entries()]
    elements = [(node.child("key").text(), element) for node in phases for element in node.listed("elements")]
    return Services(
        tuple(phase(node) for node in phases),
        tuple(element(key, node, number) for number, (key, node) in enumerate(elements, 1)),
        tuple(payer(node) for node in document.child("payers").entries()),
    )


def phase(node: Node) -> Phase:
    flags = ("before_job", "develops_jobs", "supports_jobs")
    node.mapping(("key", "name", "elements", *flags))
    return Phase(
        node.child("key").text(), node.child("name").text(), **{flag: node.flag_or_no(flag) for flag in flags}
    )


def element(phase_key: str, node: Node, number: int) -> Element:
    node.mapping(("name", "without_person", "starts_up"))
    return Element(
        number,
        phase_key,
        node.child("name").text(),
        without_person=node.flag_or_no("without_person"),
        starts_up=node.flag_or_no("starts_up"),
    )


def payer(node: Node) -> Payer:
    node.mapping(("key", "name", "sources"))
    sources: Sequence[Node] = [*node.child("sources").entries()]
    return Payer(
        node.child("key").text(), node.child("name").text(), tuple(source.text() for source in sources)
    )
