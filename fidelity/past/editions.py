"""Which edition of which scale a row was rated by: named by its key or its name, chosen by the day of the review."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from fidelity.scales import Item, Scale
from ips_portal.importing.cells import AROUND, short
from ips_portal.importing.matching import same


class NotAScale(ValueError):
    """No scale of that name, or several; the message lists what can be written."""


@dataclass(frozen=True)
class Edition:
    """`id` is that of its row in the portal."""

    id: int
    scale: Scale
    effective_from: date


@dataclass(frozen=True)
class Editions:
    """Those a state may use; where several hold by a day, the last of them counts."""

    known: tuple[Edition, ...]

    @cached_property
    def items(self) -> tuple[Item, ...]:
        """Of every scale, each code once, in the order of the scales."""
        return tuple({item.code: item for each in self.known for item in each.scale.items}.values())

    @cached_property
    def by_name(self) -> dict[str, list[Edition]]:
        found: dict[str, list[Edition]] = {}
        for each in sorted(self.known, key=lambda each: (each.effective_from, each.id)):
            for name in {same(each.scale.key), same(each.scale.name)}:
                found.setdefault(name, []).append(each)
        return found

    def match(self, name: str, on: date | None) -> Edition:
        """The edition that held by the day; the oldest for a day before there was one. Raises NotAScale."""
        typed = name.strip(AROUND)
        found = self.by_name.get(same(typed), [])
        if not found:
            said = (
                f"“{short(typed)}” is not a scale of your state."
                if typed
                else "Say by which scale it was rated."
            )
            raise NotAScale(f"{said} Write one of: {', '.join(self.keys)}.")
        found = [each for each in found if same(each.scale.key) == same(typed)] or found
        if len(meant := dict.fromkeys(each.scale.key for each in found)) > 1:
            raise NotAScale(
                f"More than one scale is called “{short(typed)}”. Write one of: {', '.join(meant)}."
            )
        held = [each for each in found if on is None or each.effective_from <= on]
        return held[-1] if held else found[0]

    @property
    def keys(self) -> Iterable[str]:
        return dict.fromkeys(each.scale.key for each in self.known)
