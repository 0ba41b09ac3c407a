"""Billing rules as they are written: a document, or YAML with the faults of its lines."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from fidelity.documents import DocumentError, Node
from fidelity.lines import by_line, composed, write
from funding.guidance.agreeing import disagreements
from funding.guidance.reading import INSIDE, KEYS, ROOT, GuidanceError, rule_set
from funding.guidance.values import RuleSet

FOLDER = Path(__file__).parent.parent / "rules"
DAY = "effective_from"
DAY_ABOVE = "the first day is chosen apart from the text. Take this line out."

Document = dict[str, Any]


def parse(document: Mapping[str, Any]) -> RuleSet:
    """Raises GuidanceError at the first fault."""
    rules, errors = understood(document)
    if rules is None or errors:
        raise errors[0]
    return rules


def understood(document: Mapping[str, Any]) -> tuple[RuleSet | None, list[DocumentError]]:
    node = Node(document, ROOT, GuidanceError)
    rules, errors = rule_set(node)
    return rules, errors if rules is None else disagreements(rules, node)


def read(text: str, effective_from: date) -> tuple[Document, RuleSet]:
    """What is written, as rules from a day on. Raises Faulty with every fault that can be told apart."""
    tree, document = composed(text, what="A set of billing rules", begins="key: our_rules")
    if DAY in document:
        raise by_line(tree, [Node(None, f"{ROOT}.{DAY}", GuidanceError).wrong(DAY_ABOVE)])
    document = {**document, DAY: effective_from.isoformat()}
    rules, errors = understood(document)
    if rules is None or errors:
        raise by_line(tree, errors)
    return document, rules


def as_text(document: Mapping[str, Any]) -> str:
    """As `read` takes it."""
    return write(in_order({key: value for key, value in document.items() if key != DAY}, KEYS))


def in_order(value: Any, keys: tuple[str, ...]) -> Any:
    """As a person writes it: what is stored does not keep the order of a mapping."""
    if isinstance(value, list):
        return [in_order(entry, keys) for entry in value]
    if not isinstance(value, dict):
        return value
    place = {key: number for number, key in enumerate(keys)}
    found = sorted(value, key=lambda key: place.get(key, len(place)))
    return {key: in_order(value[key], INSIDE.get(key, ())) for key in found}


def shipped_keys() -> tuple[str, ...]:
    return tuple(sorted(path.stem for path in FOLDER.glob("*.yaml")))


def shipped_document(key: str) -> Document:
    """Raises LookupError where no such set comes with the portal."""
    if key not in shipped_keys():
        raise LookupError(
            f"No billing rules “{key}” come with the portal. There is: {', '.join(shipped_keys())}."
        )
    path = FOLDER / f"{key}.yaml"
    _, document = composed(path.read_text(encoding="utf-8"), what=path.name, begins=f"key: {key}")
    return document


@cache
def shipped() -> tuple[RuleSet, ...]:
    return tuple(parse(shipped_document(key)) for key in shipped_keys())
