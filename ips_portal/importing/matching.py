"""The name of a team as a file has it -> the team. Only teams of the roster are looked at or offered.

Source: bad-input catalogue F1 and F8.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from typing import Generic, Protocol, TypeVar

from ips_portal.importing.cells import AROUND, is_no_answer

APOSTROPHES = dict.fromkeys(map(ord, "\u2018\u2019\u02bc\u00b4`\u2032"), "'")
DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014"), "-")
UNSEEN = dict.fromkeys(map(ord, "\u00ad\u200b\u2060\ufeff"))
SUMS_UP = re.compile(
    r"(?:grand |sub-?)?totals?(?: .*)?|.* (?:sub-?)?totals?|sum(?: of .*)?|average(?: .*)?|mean|median|all teams"
)
CLOSE = 0.6
SHOWN = 60


class NotATeam(ValueError):
    """No team of that name, or several; the message says which could be meant."""


class Named(Protocol):
    """A team as a file may name it. `slug` is its name in addresses, one of a kind in the state.

    `agency` leads it, `partners` run it with that one.
    """

    @property
    def id(self) -> int: ...
    @property
    def name(self) -> str: ...
    @property
    def slug(self) -> str: ...
    @property
    def agency(self) -> str: ...
    @property
    def partners(self) -> tuple[str, ...]: ...


T = TypeVar("T", bound=Named)


@dataclass(frozen=True)
class Roster(Generic[T]):
    """`where` ends the sentence that there is no such team."""

    teams: tuple[T, ...]
    where: str

    @cached_property
    def by_name(self) -> dict[str, list[T]]:
        found: dict[str, list[T]] = {}
        for team in self.teams:
            for name in {same(team.name), team.slug}:
                found.setdefault(name, []).append(team)
        return found

    @cached_property
    def by_id(self) -> dict[int, T]:
        return {team.id: team for team in self.teams}

    def knows(self, name: str) -> bool:
        return same(name) in self.by_name

    def match(self, name: str, agency: str = "") -> T:
        """What stands for the agency must be one that runs the team; blank says nothing. Raises NotATeam."""
        alike = self.by_name.get(same(name), [])
        if not alike:
            raise NotATeam(self._unknown(name))
        found = [team for team in alike if is_run_by(team, agency)]
        if not found:
            raise NotATeam(self._elsewhere(name, agency, alike))
        if len(found) > 1:
            found = as_asked(name, found)
        if len(found) > 1:
            raise NotATeam(self._choose(name, found))
        return found[0]

    def _elsewhere(self, name: str, agency: str, alike: Iterable[T]) -> str:
        leads = " and ".join(dict.fromkeys(f"“{team.agency}”" for team in alike))
        return (
            f"“{shown(name)}” is a team of {leads}, not of “{shown(agency)}”. Check the team and the agency."
        )

    def _choose(self, name: str, found: Iterable[T]) -> str:
        which = "; ".join(f"{team.slug} ({team.agency})" for team in found)
        return f"There is more than one “{shown(name)}”. Choose which, and write it so: {which}."

    def _unknown(self, name: str) -> str:
        spelt = {same(team.name): team.name for team in self.teams}
        near = get_close_matches(same(name)[:200], spelt, n=2, cutoff=CLOSE)
        within = [
            name for key, name in spelt.items() if len(same(name)) > 2 and f" {same(name)} " in f" {key} "
        ]
        meant = list(dict.fromkeys([*(spelt[key] for key in near), *within]))[:2]
        hint = f" Did you mean {' or '.join(f'“{each}”' for each in meant)}?" if meant else ""
        return f"There is no team called “{shown(name)}” {self.where}.{hint}"


def is_run_by(team: Named, agency: str) -> bool:
    typed = agency.strip(AROUND)
    return not typed or is_no_answer(typed) or same(typed) in map(same, (team.agency, *team.partners))


def as_asked(name: str, found: list[T]) -> list[T]:
    """Of teams of one name the one whose slug was written, letter by letter; all of them where none was."""
    if len({same(team.name) for team in found}) > 1:
        return found
    return [team for team in found if team.slug == name.strip(AROUND)] or found


def same(name: str) -> str:
    """One spelling for all that look alike: case, spaces, apostrophes, dashes, and accents made of two signs."""
    if name.isascii() and "`" not in name:
        return " ".join(name.casefold().split())
    found = unicodedata.normalize("NFKC", name).translate(APOSTROPHES | DASHES | UNSEEN)
    return " ".join(found.casefold().split())


def shown(name: str) -> str:
    found = " ".join(name.split())
    return found if len(found) <= SHOWN else f"{found[: SHOWN - 1]}…"


def looks_like_a_total(cells: Sequence[str], team: str) -> bool:
    """A row that sums up others, as its first cell says, or the one of its team."""
    first = next((cell for cell in cells if cell.strip()), "")
    return any(SUMS_UP.fullmatch(same(cell).rstrip(":.")) for cell in (first, team))


def looks_like_words(cells: Sequence[str]) -> bool:
    """A remark below the table: one cell, and it begins as remarks do."""
    filled = [cell for cell in cells if cell.strip()]
    return len(filled) == 1 and same(filled[0]).startswith(("note", "source", "prepared by", "*", "remark"))
