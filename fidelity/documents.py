"""Reads a mapping that came from YAML or JSON and says at which place it is wrong.

Scales and policies are data that a state may edit, so a mistake in them is answered with its place, in words
("scale.sections[0].items[2].anchors: expected 5 entries, found 4.") instead of with a traceback.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import TypeVar

KINDS: Mapping[type, str] = {
    bool: "yes or no",
    int: "a number",
    str: "text",
    list: "a list",
    dict: "a mapping",
    type(None): "nothing",
}
Parsed = TypeVar("Parsed")


class DocumentError(ValueError):
    """The document does not have the shape it must have; the text names the place."""

    def __init__(self, text: str, place: str = "", words: str = "") -> None:
        super().__init__(text)
        self.place, self.words = place, words or text


def _kind(value: object) -> str:
    return KINDS.get(type(value), type(value).__name__)


@dataclass(frozen=True)
class Node:
    """One value inside a document, together with the path that leads to it."""

    value: object
    place: str
    error: type[DocumentError] = DocumentError

    def wrong(self, message: str) -> DocumentError:
        words = message[:1].upper() + message[1:]
        return self.error(f"{self.place}: {message}", self.place, words)

    def mapping(self, known: Collection[str]) -> Mapping[str, object]:
        """The value as a mapping that has no key outside `known`."""
        if not isinstance(self.value, Mapping):
            raise self.wrong(f"expected a mapping, found {_kind(self.value)}.")
        for key in self.value:
            if key not in known:
                near = get_close_matches(str(key), list(known), n=1)
                hint = f" Did you mean “{near[0]}”?" if near else f" Known keys: {', '.join(sorted(known))}."
                raise self.wrong(f"“{key}” is not a known key.{hint}")
        return self.value

    def child(self, key: str) -> "Node":
        if not isinstance(self.value, Mapping) or key not in self.value:
            raise self.wrong(f"“{key}” is missing.")
        return Node(self.value[key], f"{self.place}.{key}", self.error)

    def optional(self, key: str) -> "Node | None":
        """The child, or None when it is absent or empty."""
        if isinstance(self.value, Mapping) and self.value.get(key) is not None:
            return self.child(key)
        return None

    def optionally(self, key: str, parse: "Callable[[Node], Parsed]") -> Parsed | None:
        child = self.optional(key)
        return None if child is None else parse(child)

    def names(self) -> tuple[str, ...]:
        if not isinstance(self.value, Mapping):
            raise self.wrong(f"expected a mapping, found {_kind(self.value)}.")
        return tuple(str(key) for key in self.value)

    def entries(self, count: int | None = None) -> Iterator["Node"]:
        if not isinstance(self.value, list | tuple):
            raise self.wrong(f"expected a list, found {_kind(self.value)}.")
        if count is not None and len(self.value) != count:
            raise self.wrong(f"expected {count} entries, found {len(self.value)}.")
        return iter([Node(entry, f"{self.place}[{n}]", self.error) for n, entry in enumerate(self.value)])

    def listed(self, key: str) -> Iterator["Node"]:
        """The entries under `key`; none when it is absent."""
        child = self.optional(key)
        return child.entries() if child else iter(())

    def text(self) -> str:
        if not isinstance(self.value, str):
            raise self.wrong(f"expected text, found {_kind(self.value)}.")
        if not self.value.strip():
            raise self.wrong("expected text, found an empty one.")
        return self.value.strip()

    def text_or_blank(self, key: str) -> str:
        child = self.optional(key)
        return child.text() if child and child.value != "" else ""

    def flag_or_no(self, key: str) -> bool:
        child = self.optional(key)
        return child.flag() if child else False

    def choice(self, allowed: Collection[str]) -> str:
        text = self.text()
        if text not in allowed:
            raise self.wrong(f"“{text}” is not one of {', '.join(allowed)}.")
        return text

    def number(self, minimum: int = 0, maximum: int | None = None) -> int:
        """A whole number; yes/no and decimals are refused, because 1.0 and true would quietly pass as 1."""
        if type(self.value) is not int:
            raise self.wrong(f"expected a whole number, found {_kind(self.value)}.")
        if self.value < minimum or (maximum is not None and self.value > maximum):
            limit = f"{minimum} or more" if maximum is None else f"{minimum} to {maximum}"
            raise self.wrong(f"expected {limit}, found {self.value}.")
        return self.value

    def flag(self) -> bool:
        if not isinstance(self.value, bool):
            raise self.wrong(f"expected yes or no, found {_kind(self.value)}.")
        return self.value

    def day(self) -> date:
        try:
            return date.fromisoformat(self.text())
        except ValueError as problem:
            raise self.wrong("expected a date written as 2026-10-30.") from problem
