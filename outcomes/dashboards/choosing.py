"""Which teams of the comparison are shown: those that are searched for, those that want attention, page by page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator

from outcomes.dashboards.comparison import Comparison, TeamLine

ROWS = 25
MORE_ROWS = 10  # of the tables further down
FLAGS_SHOWN = 10
SHOWN: Mapping[str, str] = {"": "All", "attention": "Need attention", "none": "No figures"}
LONGEST = 160  # characters of a search
Row = TypeVar("Row")


@dataclass(frozen=True)
class Choice:
    """`q` is a part of a team's or agency's name; `show` one of SHOWN."""

    q: str = ""
    show: str = ""

    @classmethod
    def of(cls, asked: Mapping[str, str]) -> "Choice":
        """What an address asks for; what it cannot mean is left out."""
        show = asked.get("show", "")
        return cls(asked.get("q", "")[:LONGEST].strip(), show if show in SHOWN else "")

    @property
    def words(self) -> str:
        named = f", with “{self.q}” in the name of team or agency" if self.q else ""
        return f"{SHOWN[self.show]}{named}"

    @property
    def query(self) -> str:
        return urlencode({key: value for key, value in (("q", self.q), ("show", self.show)) if value})

    def takes(self, line: TeamLine) -> bool:
        names = f"{line.team.name}\n{line.team.agency.name}".casefold()
        if self.q.casefold() not in names:
            return False
        if self.show == "attention":
            return bool(line.flags)
        return not line.rates[-1] if self.show == "none" else True


@dataclass(frozen=True)
class ChosenTeams:
    choice: Choice
    quarter: str  # in the address; empty where the page is always of the last one
    file_query: str
    lines: tuple[TeamLine, ...]
    number: str

    @cached_property
    def page(self) -> "Page[TeamLine]":
        return Paginator(self.lines, ROWS).get_page(self.number)

    @property
    def options(self) -> Mapping[str, str]:
        return SHOWN


def chosen_teams(page: Comparison, asked: Mapping[str, str], *, of_quarter: bool) -> ChosenTeams:
    choice = Choice.of(asked)
    lines = tuple(line for line in page.teams if choice.takes(line))
    slug = page.quarter.slug
    file_query = f"quarter={slug}&{choice.query}".rstrip("&")
    return ChosenTeams(choice, slug if of_quarter else "", file_query, lines, asked.get("page", ""))


def more_rows(rows: Sequence[Row], number: str) -> "Page[Row]":
    """A table further down, of which the address asks a page of its own; one that does not exist is the nearest one."""
    return Paginator(rows, MORE_ROWS).get_page(number)
