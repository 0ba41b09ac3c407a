"""The scales that ship with the portal, read once from the YAML files beside this module."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import yaml

from fidelity.scales.bands import Band
from fidelity.scales.scale import NA_POLICIES, TIE_RULES, DataSource, Scale, Section, UnknownItem
from fidelity.scales.subscales import Subscale
from fidelity.scales.values import HIGHEST, LOWEST, Boundary, Component, Gate, Item, Matrix, ScaleError, span

__all__ = [
    "HIGHEST",
    "LOWEST",
    "NA_POLICIES",
    "TIE_RULES",
    "Band",
    "Boundary",
    "Component",
    "DataSource",
    "Gate",
    "Item",
    "Matrix",
    "Scale",
    "ScaleError",
    "Section",
    "Subscale",
    "UnknownItem",
    "document",
    "known_as",
    "load",
    "shipped",
    "span",
]

FOLDER = Path(__file__).parent


def document(key: str) -> Mapping[str, object]:
    """The shipped scale as plain data, fit to be stored as JSON; its hash is `load(key).content_hash`."""
    path = FOLDER / f"{key}.yaml"
    if path not in FOLDER.glob("*.yaml"):
        raise ScaleError(f"No scale “{key}” ships with the portal. There is: {', '.join(_keys())}.")
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    if not isinstance(data, dict):
        raise ScaleError(f"{path.name}: expected a mapping.")
    return data if "based_on" not in data else _adapted(data)


def _adapted(data: dict[str, object]) -> Mapping[str, object]:
    """A scale that changes a few things of another; what is stored is always whole."""
    changes = {key: value for key, value in data.items() if key != "based_on"}
    return {**document(str(data["based_on"])), **changes}


@cache
def load(key: str) -> Scale:
    return Scale.parse(document(key))


@cache
def shipped() -> tuple[Scale, ...]:
    return tuple(load(key) for key in _keys())


def known_as(item: Item) -> str:
    """The code of the shipped item it is. Blank for another item to which a state's own scale gave such a code."""
    return item.code if _names().get(item.code) == item.name else ""


@cache
def _names() -> Mapping[str, str]:
    return {item.code: item.name for scale in shipped() for item in scale.items}


def _keys() -> list[str]:
    return sorted(path.stem for path in FOLDER.glob("*.yaml"))
