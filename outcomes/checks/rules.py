"""What a rule, a case and a finding are, and the register every rule enters itself in.

One rule is one function, one id and one set of words; the catalogue, the pages and the doors all read it here.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType

from ips_portal.quarters import Quarter
from outcomes.figures import Figures, Number, written
from outcomes.measures import Measure
from outcomes.rates import Rate, rate, ratio

HISTORY = 8  # how many earlier quarters of the team are looked at. Source: government peers, validation
MOST_DIGITS = 20  # a longer number is out of every range, and too long for Decimal to round
EXPLAIN = "If this is right, say why."
# Where a rule comes from, as its page says it; its number is that of domain reference 3.3.
GUIDE = "Definitions of the quarterly outcomes, implementation guide for states"
MEANING = "Follows from what the measures mean, as the page on measures says it"
CALENDAR = "The state's calendar of quarters"
OURS = "The portal's own measure of what deserves a second look"
WORDS = {"people_served": "people", "person_served": "person", "specialists": "specialists"}


class Level(StrEnum):
    ERROR = "error"  # stops the submission
    WARNING = "warning"  # asks for a note, which the state reads
    INFORMATION = "information"  # is only told


LEVELS = tuple(Level)


@dataclass(frozen=True)
class Earlier:
    """A quarter the team has submitted before."""

    quarter: Quarter
    figures: Figures


@dataclass(frozen=True)
class Case:
    """One team's figures of one quarter with everything the rules look at.

    What is left out is not asked about: without `today` no rule on time speaks. `words` are the state's own.
    """

    figures: Figures
    quarter: Quarter
    measures: tuple[Measure, ...]
    earlier: tuple[Earlier, ...] = ()
    today: date | None = None
    due_on: date | None = None
    submitted_on: date | None = None
    is_team_active: bool = True
    is_only_report: bool = True
    locked_on: date | None = None
    reason_to_amend: str = ""
    at_discharge: str = ""  # what the state wants entered elsewhere of each person who leaves
    words: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    @cached_property
    def sound(self) -> Figures:
        """The figures that can be compared at all: collected, asked for, and within the bounds of their measure."""
        return _sound(self.figures, self.measures)

    @cached_property
    def history(self) -> tuple[Earlier, ...]:
        """The team's last quarters before this one, newest first, each with its sound figures only."""
        return tuple(Earlier(entry.quarter, _sound(entry.figures, self.measures)) for entry in self._newest)

    @cached_property
    def _newest(self) -> list[Earlier]:
        before = [entry for entry in self.earlier if entry.quarter < self.quarter]
        return sorted(before, key=lambda entry: entry.quarter.index, reverse=True)[:HISTORY]

    @cached_property
    def found(self) -> "tuple[Finding, ...]":
        """What every rule on one case says of it, by the rule's number; asked once, however many want to know."""
        rules = [RULES[key] for key in sorted(RULES)]
        asked = [
            each for each in rules if not each.is_on_files and (not each.needs or self.has_all(each.needs))
        ]
        return tuple(each.told(seen) for each in asked for seen in each.look((self,)))

    @cached_property
    def before(self) -> Figures:
        """The quarter right before this one; empty where the team did not report it."""
        newest = self._newest[0] if self._newest else None
        if newest is None or self.quarter.since(newest.quarter) != 1:
            return Figures()
        return _sound(newest.figures, self.measures)

    def ever_away(self, key: str, most: int) -> bool:
        """Was the count ever further from today's than that? Asked before anything is worked out of the history."""
        if (now := self.number(key)) is None:
            return False
        near = range(int(now) - most, int(now) + most + 1)
        past = (entry.figures.value(key) for entry in self._newest)
        return any(then is not None and then not in near for then in past)

    def number(self, key: str) -> Number | None:
        return self.sound.value(key)

    def has_all(self, keys: tuple[str, ...]) -> bool:
        return all(key in self.sound.by_measure for key in keys)

    def all_given(self, *keys: str) -> tuple[Number, ...] | None:
        """The numbers, or None as soon as one of them cannot be compared."""
        found = []
        for key in keys:
            if (number := self.sound.value(key)) is None:
                return None
            found.append(number)
        return tuple(found)

    def rate(self, key: str) -> Rate:
        return rate(key, self.sound)

    def ratio(self, key: str) -> Decimal | None:
        return ratio(key, self.sound)

    def label(self, key: str) -> str:
        return next(measure.label for measure in self.measures if measure.key == key)

    def word(self, key: str) -> str:
        return self.words.get(key) or WORDS[key]

    def people(self, count: Number) -> str:
        return f"{written(count)} {self.word('person_served' if count == 1 else 'people_served')}"


@dataclass(frozen=True)
class Seen:
    """What a rule has seen in one case and what it expected there, each as a clause without a full stop."""

    saw: str
    expected: str
    measures: tuple[str, ...] = ()  # blank: all that the rule looks at


@dataclass(frozen=True)
class Finding:
    """`measures` are the fields it belongs to; a warning is answered by a note under its `rule`."""

    rule: str
    level: Level
    title: str
    measures: tuple[str, ...]
    saw: str
    expected: str
    why: str
    fix: str

    @property
    def text(self) -> str:
        return f"{self.saw}; {self.expected}."

    @property
    def wants_a_note(self) -> bool:
        return self.level is Level.WARNING


Look = Callable[[tuple[Case, ...]], Iterator[Seen]]


@dataclass(frozen=True)
class Rule:
    """`looks_at` is empty for a rule on every number. `when` says when it speaks; `example` makes it speak."""

    id: str
    level: Level
    title: str
    looks_at: tuple[str, ...]
    when: str
    why: str
    fix: str
    source: str
    example: tuple[Case, ...]
    look: Look
    needs: tuple[str, ...] = ()  # without a number for each of these it has nothing to say
    is_on_files: bool = False  # looks at all rows of a file together

    def check(self, *cases: Case) -> tuple[Finding, ...]:
        return tuple(self.told(seen) for seen in self.look(cases))

    @property
    def example_text(self) -> str:
        """What the rule says of its own example."""
        return self.check(*self.example)[0].text

    def told(self, seen: Seen) -> Finding:
        fix = f"{self.fix} {EXPLAIN}" if self.level is Level.WARNING else self.fix
        measures = seen.measures or self.looks_at
        return Finding(self.id, self.level, self.title, measures, seen.saw, seen.expected, self.why, fix)


RULES: dict[str, Rule] = {}


def rule(
    id: str,
    level: Level,
    title: str,
    *,
    when: str,
    why: str,
    fix: str,
    source: str,
    example: Case,
    looks_at: tuple[str, ...] = (),
    needs: tuple[str, ...] = (),
) -> Callable[[Callable[[Case], Iterator[Seen]]], Callable[[Case], Iterator[Seen]]]:
    """Enters a function that looks at one case as the rule of that id."""

    def enter(look: Callable[[Case], Iterator[Seen]]) -> Callable[[Case], Iterator[Seen]]:
        def look_at_each(cases: tuple[Case, ...]) -> Iterator[Seen]:
            for case in cases:
                yield from look(case)

        register(Rule(id, level, title, looks_at, when, why, fix, source, (example,), look_at_each, needs))
        return look

    return enter


def register(entry: Rule) -> None:
    if entry.id in RULES:
        raise ValueError(f"There is a rule {entry.id} already: “{RULES[entry.id].title}”.")
    RULES[entry.id] = entry


def fits(value: object, measure: Measure) -> bool:
    """A finite number that is not below 0 and has no more decimals than the measure."""
    if type(value) is int:  # a bool is an int to isinstance
        return value >= 0
    if not isinstance(value, Decimal):
        return False
    if not value.is_finite() or value < 0:
        return False
    return value.adjusted() > MOST_DIGITS or value == round(value, measure.places)


def is_in_range(value: Number, measure: Measure) -> bool:
    return value <= measure.maximum and (value > 0 or not measure.is_above_zero)


def _sound(figures: Figures, measures: tuple[Measure, ...]) -> Figures:
    kept = {
        measure.key: figure
        for measure in measures
        if (value := (figure := figures[measure.key]).value) is not None
        and fits(value, measure)
        and is_in_range(value, measure)
    }
    return Figures(MappingProxyType(kept), figures.explained, figures.note, figures.vacancy)
