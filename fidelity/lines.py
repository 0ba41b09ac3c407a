"""YAML as a person writes it: a document or the faults of its lines out; and a document as YAML again."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from fidelity.documents import DocumentError

LONGEST = 120_000  # characters
UNKEPT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
UNKEPT_WORDS = "A character that cannot be kept stands here, such as a control character. Take it out."
STEP = re.compile(r"\.(?P<key>\w+)|\[(?P<index>\d+)\]")


@dataclass(frozen=True)
class Fault:
    """What is wrong at a line of the text, counted from 1."""

    line: int
    words: str

    def __str__(self) -> str:
        return f"Line {self.line}: {self.words}"


class Faulty(ValueError):
    """The text is not what it is to be, by line."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__(" ".join(map(str, faults)))
        self.faults = faults


class _Loader(yaml.SafeLoader):
    """Days stay text, as a scale writes them. Everything is written out: few references could stand for millions.

    No tag says what a value is to be, so each is what it looks like.
    """

    yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in found if tag != "tag:yaml.org,2002:timestamp"]
        for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def compose_node(self, parent: Any, index: Any) -> Any:
        event: Any = self.peek_event()  # type: ignore[no-untyped-call]
        if isinstance(event, yaml.AliasEvent):
            raise _wrong("write it out instead of a reference (*name)", event)
        if event.tag is not None:
            raise _wrong("write it without a tag (!name)", event)
        return super().compose_node(parent, index)

    def construct_object(self, node: Any, deep: bool = False) -> Any:
        try:
            return super().construct_object(node, deep)
        except ValueError:  # looks like a number, or has more digits than Python reads
            raise _wrong("this is no number", node) from None


def _wrong(words: str, at: Any) -> yaml.MarkedYAMLError:
    return yaml.MarkedYAMLError(None, None, words, at.start_mark)


def composed(text: str, *, what: str, begins: str) -> tuple[yaml.Node, dict[str, Any]]:
    """The lines and the document they write. `what` it is and how one `begins`, in words. Raises Faulty."""
    if len(text) > LONGEST:
        raise Faulty((Fault(1, f"{what} has at most {LONGEST:,} characters; this has {len(text):,}."),))
    if found := UNKEPT.search(text):
        raise Faulty((Fault(text.count("\n", 0, found.start()) + 1, UNKEPT_WORDS),))
    try:
        loader = _Loader(text)
        tree = loader.get_single_node()
        if not isinstance(tree, yaml.MappingNode):
            raise Faulty((Fault(1, f"{what} begins with lines such as “{begins}”."),))
        if wrong := (*_twice(tree), *_unkept(tree)):
            raise Faulty(tuple(sorted(wrong, key=lambda each: each.line)))
        return tree, loader.construct_document(tree)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise Faulty((Fault(mark.line + 1 if mark else 1, f"Cannot be read: {error.problem}."),)) from None
    except yaml.YAMLError as error:
        raise Faulty((Fault(1, f"Cannot be read: {str(error).splitlines()[0]}."),)) from None
    except RecursionError:
        raise Faulty((Fault(1, "Cannot be read: it is nested too deep."),)) from None


def write(document: Mapping[str, Any]) -> str:
    dumped: str = yaml.safe_dump(dict(document), sort_keys=False, allow_unicode=True, width=100)
    return dumped


def by_line(tree: yaml.Node, errors: Iterable[DocumentError]) -> Faulty:
    faults = [Fault(line_of(tree, error.place), error.words) for error in errors]
    return Faulty(tuple(sorted(faults, key=lambda each: each.line)))


def _at(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1


def _twice(tree: yaml.Node) -> Iterator[Fault]:
    """YAML itself would keep the last of two and say nothing."""
    if isinstance(tree, yaml.SequenceNode):
        for entry in tree.value:
            yield from _twice(entry)
    elif isinstance(tree, yaml.MappingNode):
        seen = set[str]()
        for key, value in tree.value:
            if not isinstance(key, yaml.ScalarNode):
                yield Fault(_at(key), "A key is one word.")
                continue
            if key.value in seen:
                yield Fault(_at(key), f"“{key.value}” stands twice.")
            seen.add(key.value)
            yield from _twice(value)


def _unkept(tree: yaml.Node) -> Iterator[Fault]:
    """Characters that are written as escapes, such as "\\0"."""
    if isinstance(tree, yaml.ScalarNode):
        if UNKEPT.search(tree.value):
            yield Fault(_at(tree), UNKEPT_WORDS)
    elif isinstance(tree, yaml.SequenceNode):
        for entry in tree.value:
            yield from _unkept(entry)
    elif isinstance(tree, yaml.MappingNode):
        for pair in tree.value:
            for entry in pair:
                yield from _unkept(entry)


def line_of(tree: yaml.Node, place: str) -> int:
    """The line on which a place such as scale.sections[0].items[2].anchors begins; the nearest one above it."""
    line = _at(tree)
    for step in STEP.finditer(place):
        below = _below(tree, step["key"], step["index"])
        if below is None:
            break
        line, tree = below
    return line


def _below(tree: yaml.Node, key: str | None, index: str | None) -> tuple[int, yaml.Node] | None:
    if key is not None and isinstance(tree, yaml.MappingNode):
        return next(((_at(name), value) for name, value in tree.value if name.value == key), None)
    if index is not None and isinstance(tree, yaml.SequenceNode) and int(index) < len(tree.value):
        entry = tree.value[int(index)]
        return _at(entry), entry
    return None
