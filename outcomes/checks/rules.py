"""What a rule, a case and a finding are, and the register every rule enters itself in.

One rule is one function, one id and one set of words; the catalogue, the pages and the doors all read it here.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cached_property, lru_cache
from types import MappingProxyType

from ips_portal.quarters import Quarter
from outcomes.figures import Figure, Figures, Number, written
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


@dataclass(frozen=True, slots=True)
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
    def numbers(self) -> Mapping[str, Number]:
        """Those of the sound figures, by measure."""
        held = self.sound.by_measure.items()
        return {key: figure.value for key, figure in held if figure.value is not None}

    @cached_property
    def given(self) -> list[tuple[Measure, Number]]:
        """Every number there is, sound or not."""
        held = self.figures.by_measure
        return [
            (measure, figure.value)
            for measure in self.measures
            if (figure := held.get(measure.key)) is not None and figure.value is not None
        ]

    @cached_property
    def unsound(self) -> list[tuple[Measure, Number]]:
        """The numbers that cannot be compared."""
        if len(self.given) == len(self.numbers):
            return []
        return [(measure, value) for measure, value in self.given if measure.key not in self.numbers]

    @cached_property
    def unanswered(self) -> list[tuple[Measure, Figure]]:
        """The measures without a number: open, or not collected."""
        if len(self.given) == len(self.measures):
            return []
        every = [(measure, self.figures[measure.key]) for measure in self.measures]
        return [(measure, figure) for measure, figure in every if figure.value is None]

    @cached_property
    def history(self) -> tuple[Earlier, ...]:
        """The team's last quarters before this one, newest first, each with its sound figures only."""
        return tuple(Earlier(entry.quarter, _sound(entry.figures, self.measures)) for entry in self.newest)

    @cached_property
    def newest(self) -> list[Earlier]:
        """The same as they were reported."""
        before = [entry for entry in self.earlier if entry.quarter < self.quarter]
        return sorted(before, key=lambda entry: entry.quarter.index, reverse=True)[:HISTORY]

    @cached_property
    def found(self) -> "tuple[Finding, ...]":
        """What every rule on one case says of it, by the rule's number; asked once, however many want to know."""
        return self._told_by(asked_of(self.measures))

    @cached_property
    def problems(self) -> "tuple[Finding, ...]":
        """The same without information, for those who would not pass it on."""
        return self._told_by(asked_of(self.measures, problems=True))

    def _told_by(self, rules: "tuple[Rule, ...]") -> "tuple[Finding, ...]":
        told = [
            rule.told(seen)
            for rule in rules
            if not rule.needs or self.has_all(rule.needs)
            for seen in rule.look(self)
        ]
        return tuple(told)

    @cached_property
    def before(self) -> Figures:
        """The quarter right before this one; empty where the team did not report it."""
        newest = self.newest[0] if self.newest else None
        if newest is None or self.quarter.since(newest.quarter) != 1:
            return Figures()
        return _sound(newest.figures, self.measures)

    def ever_away(self, key: str, most: int) -> bool:
        """May the count have been further from today's than that? Asked before anything is worked out of the history.

        What is no whole number is not compared here: it may be none at all.
        """
        if (now := self.number(key)) is None:
            return False
        near = range(int(now) - most, int(now) + most + 1)
        past = (entry.figures.value(key) for entry in self.newest)
        return any(isinstance(then, Decimal) or (then is not None and then not in near) for then in past)

    def number(self, key: str) -> Number | None:
        return self.numbers.get(key)

    def has_all(self, keys: tuple[str, ...]) -> bool:
        return self.numbers.keys() >= {*keys}

    def all_given(self, *keys: str) -> tuple[Number, ...] | None:
        """The numbers, or None as soon as one of them cannot be compared."""
        found = [self.numbers.get(key) for key in keys]
        return None if None in found else tuple(found)  # type: ignore[arg-type]  # none of them is None

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


@dataclass(frozen=True, slots=True)
class Seen:
    """What a rule has seen in one case and what it expected there, each as a clause without a full stop."""

    saw: str
    expected: str
    measures: tuple[str, ...] = ()  # blank: all that the rule looks at


@dataclass(frozen=True, slots=True)
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


Look = Callable[[Case], Iterator[Seen]]
LookAtAll = Callable[[Iterable[Case]], Iterator[Seen]]


def silent(case: Case) -> Iterator[Seen]:
    """What a rule on files sees in one row alone."""
    return iter(())


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
    look: Look = silent
    needs: tuple[str, ...] = ()  # without a number for each of these it has nothing to say
    look_at_all: LookAtAll | None = None  # of a rule on files, which looks at all rows together

    @property
    def is_on_files(self) -> bool:
        return self.look_at_all is not None

    def check(self, *cases: Case) -> tuple[Finding, ...]:
        if self.look_at_all:
            return self.check_all(cases)
        return tuple(self.told(seen) for case in cases for seen in self.look(case))

    def check_all(self, cases: Iterable[Case]) -> tuple[Finding, ...]:
        """Nothing but for a rule on files."""
        return tuple(self.told(seen) for seen in self.look_at_all(cases)) if self.look_at_all else ()

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
) -> Callable[[Look], Look]:
    """Enters a function that looks at one case as the rule of that id."""

    def enter(look: Look) -> Look:
        register(Rule(id, level, title, looks_at, when, why, fix, source, (example,), look, needs))
        return look

    return enter


@lru_cache(maxsize=64)
def asked_of(measures: tuple[Measure, ...], *, problems: bool = False) -> tuple[Rule, ...]:
    """The rules on one case by number, but for those that need a measure which is not asked for."""
    keys = {measure.key for measure in measures}
    return tuple(
        rule
        for _, rule in sorted(RULES.items())
        if not (rule.is_on_files or (problems and rule.level is Level.INFORMATION))
        and keys.issuperset(rule.needs)
    )


def register(entry: Rule) -> None:
    if entry.id in RULES:
        raise ValueError(f"There is a rule {entry.id} already: “{RULES[entry.id].title}”.")
    RULES[entry.id] = entry
    asked_of.cache_clear()


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


def is_sound(value: Number, measure: Measure) -> bool:
    """Both; most numbers are counts, and there are thousands of them in a file."""
    if type(value) is int and not measure.is_above_zero:
        return 0 <= value <= measure.maximum
    return fits(value, measure) and is_in_range(value, measure)


def _sound(figures: Figures, measures: tuple[Measure, ...]) -> Figures:
    held = figures.by_measure
    kept = {
        measure.key: figure
        for measure in measures
        if (figure := held.get(measure.key)) is not None
        and (value := figure.value) is not None
        and is_sound(value, measure)
    }
    return Figures(MappingProxyType(kept), figures.explained, figures.note, figures.vacancy)
