"""Two people may write in two windows.

A form carries the digest of each value it was opened with, so that what nobody touched here never overwrites what
somebody else wrote; only a value both changed is a conflict.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

Values = dict[str, Any]


def digests(values: Mapping[str, Any]) -> str:
    return ".".join(_digest(value) for value in values.values())


def _digest(value: Any) -> str:
    text = value.strip() if isinstance(value, str) else repr(value)
    return sha256(text.encode()).hexdigest()[:8]


@dataclass(frozen=True)
class Merged:
    """The texts to save. `conflicts` are those both sides changed, with what is stored."""

    values: Values
    conflicts: Values


def merged(typed: Values, base: str, stored: Values) -> Merged:
    """Untouched texts stand as stored, whoever changed them since; what only this form changed is taken."""
    opened = base.split(".") if base.count(".") == len(typed) - 1 else [""] * len(typed)
    values, conflicts = dict(typed), {}
    for (name, mine), before in zip(typed.items(), opened, strict=True):
        theirs = stored[name]
        if _digest(mine) == _digest(theirs):
            continue
        if _digest(mine) == before:
            values[name] = theirs
        elif _digest(theirs) != before:
            conflicts[name] = theirs
    return Merged(values, conflicts)
