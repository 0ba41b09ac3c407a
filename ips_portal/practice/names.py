"""Invented names of people and places. Nobody and nowhere in particular; addresses end in a reserved domain."""

import random
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml

WORDS = Path(__file__).with_name("names.yaml")


@cache
def _words() -> dict[str, Any]:
    words: dict[str, Any] = yaml.safe_load(WORDS.read_text(encoding="utf-8"))
    return words


def towns(state: str) -> list[str]:
    return [str(town) for town in _words()["towns"][state].split(", ")]


def pairs(place: str) -> list[str]:
    """Every first word with every second."""
    words = _words()[place]
    return [f"{first} {second}" for first in words["first"].split() for second in words["second"].split()]


def people(rng: random.Random) -> Iterator[str]:
    """Full names, no two alike, in an order of the generator's own."""
    pairs = [f"{first} {last}" for first in _words()["first"].split() for last in _words()["last"].split()]
    rng.shuffle(pairs)
    return iter(pairs)


def address(name: str, state: str) -> str:
    """ana.rivera@meridian.example: the ending can belong to nobody (RFC 2606)."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return f"{plain.replace(' ', '.')}@{state}.example"
