"""A scale as a state writes it: YAML in, a document or the faults of its lines out."""

import re
from collections.abc import Iterator
from typing import Any

from fidelity.documents import DocumentError, Node
from fidelity.lines import by_line, composed
from fidelity.scales.bands import Band
from fidelity.scales.scale import DataSource, Scale
from fidelity.scales.subscales import SUBSCALE_KEYS, check_told_apart
from fidelity.scales.values import Item, ScaleError

MOST_ITEMS = 100
CODE, KEY = re.compile(r"[A-Za-z0-9-]{1,10}"), re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
CODE_WORDS = "a code has up to 10 letters, digits and hyphens."
BAND = re.compile(r"[a-z0-9_-]{1,20}")
NAME, PART_NAME = 160, 60


def read(text: str) -> tuple[dict[str, Any], Scale]:
    """The document and the scale it describes. Raises Faulty with every fault that can be told apart."""
    tree, document = composed(text, what="A scale", begins="key: our-scale")
    node = Node(document, "scale", ScaleError)
    if errors := _errors(node):
        raise by_line(tree, errors)
    return document, Scale.parse(document)


def _errors(node: Node) -> list[DocumentError]:
    """Each item, band, source and subscale is read by itself; the scale as a whole only when they all are right."""
    found = [error for part, parse in _parts(node) if (error := _error(part, parse))]
    return found or [error for error in (_error(node, _whole),) if error]


def _parts(node: Node) -> Iterator[tuple[Node, Any]]:
    for key, parse in (("sources", DataSource.parse), ("bands", _band), ("subscales", _subscale)):
        yield from ((entry, parse) for entry in _entries(node, key))
    for subscale in _entries(node, "subscales"):
        yield from ((band, _band) for band in _entries(subscale, "bands"))
    for section in _entries(node, "sections"):
        yield from ((item, _item) for item in _entries(section, "items"))


def _entries(node: Node, key: str) -> tuple[Node, ...]:
    try:
        return tuple(node.child(key).entries())
    except DocumentError:
        return ()  # said with the whole


def _band(node: Node) -> None:
    if not BAND.fullmatch(Band.parse(node).key):
        raise node.child("key").wrong(
            "a band's key has up to 20 small letters, digits, hyphens and underscores."
        )


def _subscale(node: Node) -> None:
    """Its bands are read by themselves."""
    node.mapping(SUBSCALE_KEYS)
    node.flag_or_no("leads")
    if not CODE.fullmatch(node.child("code").text()):
        raise node.child("code").wrong(CODE_WORDS)
    if len(node.child("name").text()) > PART_NAME:
        raise node.child("name").wrong(f"the name of a subscale has at most {PART_NAME} characters.")


def _item(node: Node) -> None:
    item = Item.parse(node)
    if not CODE.fullmatch(item.code):
        raise node.child("code").wrong(CODE_WORDS)
    if item.floors and not item.unit:
        raise node.child("floors").wrong("say in “unit” what the numbers count, such as percent or days.")


def _whole(node: Node) -> None:
    scale = Scale.parse(node.value)  # type: ignore[arg-type]  # a mapping, as the tree is
    if not KEY.fullmatch(scale.key):
        raise node.child("key").wrong("a key has up to 40 small letters, digits and hyphens.")
    if len(scale.name) > NAME:
        raise node.child("name").wrong(f"a name has at most {NAME} characters.")
    codes = [section.code for section in scale.sections]
    if twice := next((code for place, code in enumerate(codes) if code in codes[:place]), ""):
        raise node.child("sections").wrong(f"two sections have the code {twice}.")
    check_told_apart(scale.subscales, node)
    if len(scale.items) > MOST_ITEMS:
        raise node.child("sections").wrong(f"a scale has at most {MOST_ITEMS} items.")


def _error(node: Node, parse: Any) -> DocumentError | None:
    try:
        parse(node)
    except DocumentError as error:
        return error
    return None
