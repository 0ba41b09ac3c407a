"""Billing rules as values: who may be billed for which activity, under which facts, and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property


class Verdict(StrEnum):
    YES = "yes"
    IF = "if"
    NO = "no"
    NOT_STATED = "not_stated"

    @property
    def words(self) -> str:
        return WORDS[self]

    @property
    def pays(self) -> bool:
        return self in (Verdict.YES, Verdict.IF)


WORDS = {
    Verdict.YES: "Can be billed",
    Verdict.IF: "Can be billed if",
    Verdict.NO: "Not billed here",
    Verdict.NOT_STATED: "Not stated",
}


@dataclass(frozen=True)
class Payer:
    """In the order in which one is chosen where several could pay."""

    key: str
    name: str


@dataclass(frozen=True)
class Activity:
    key: str
    name: str
    group: str
    help: str = ""


@dataclass(frozen=True)
class Option:
    value: str
    label: str


@dataclass(frozen=True)
class Fact:
    """A question on the form; `default` is the answer until another one is given."""

    key: str
    question: str
    options: tuple[Option, ...]
    default: str
    help: str = ""

    @cached_property
    def values(self) -> tuple[str, ...]:
        return tuple(option.value for option in self.options)

    def label(self, value: str) -> str:
        return next(option.label for option in self.options if option.value == value)


Facts = Mapping[str, str]  # fact -> the value that was answered
When = Mapping[str, tuple[str, ...]]  # fact -> the values under which a rule holds


@dataclass(frozen=True)
class Need:
    """What must be so before a rule lets anything be billed; `otherwise` is the reason when it is not."""

    fact: str
    values: tuple[str, ...]
    otherwise: str
    id: str = ""  # where it is a rule of its own


@dataclass(frozen=True)
class Gate:
    """What several rules ask before they let anything be billed."""

    needs: tuple[Need, ...]
    conditions: tuple[str, ...]
    documents: tuple[str, ...]


OPEN = Gate((), (), ())


@dataclass(frozen=True)
class Cite:
    """Where it is written; `on` is missing where the paper has no date."""

    source: str
    on: date | None


@dataclass(frozen=True)
class Rule:
    """Holds for its activities and payers where every fact of `when` has one of the values."""

    id: str
    activities: tuple[str, ...]
    payers: tuple[str, ...]
    when: When
    needs: tuple[Need, ...]
    verdict: Verdict
    conditions: tuple[str, ...]
    documents: tuple[str, ...]
    reason: str
    cite: Cite

    def holds(self, facts: Facts) -> bool:
        return all(facts[fact] in values for fact, values in self.when.items())

    def unmet(self, facts: Facts) -> tuple[Need, ...]:
        return tuple(need for need in self.needs if facts[need.fact] not in need.values)

    def asks(self) -> frozenset[str]:
        return frozenset(self.when) | frozenset(need.fact for need in self.needs)


@dataclass(frozen=True)
class Once:
    """The rule that one service has one payer."""

    id: str
    reason: str
    cite: Cite


@dataclass(frozen=True)
class Example:
    """A case in words with the verdicts it must come to, by payer."""

    activity: str
    facts: Facts
    story: str
    expect: Mapping[str, Verdict]


@dataclass(frozen=True)
class RuleSet:
    """`fallback` says what pays where nothing can be billed; a set that no state has put in force has no first day."""

    key: str
    name: str
    source: Cite
    effective_from: date | None
    fallback: str
    once: Once
    payers: tuple[Payer, ...]
    activities: tuple[Activity, ...]
    facts: tuple[Fact, ...]
    rules: tuple[Rule, ...]
    examples: tuple[Example, ...]

    @cached_property
    def _deciding(self) -> Mapping[tuple[str, str], Sequence[Rule]]:
        found: dict[tuple[str, str], list[Rule]] = {}
        for rule in self.rules:
            for activity in rule.activities:
                for payer in rule.payers:
                    found.setdefault((activity, payer), []).append(rule)
        return found

    def rules_for(self, activity: str, payer: str) -> Sequence[Rule]:
        return self._deciding.get((activity, payer), ())

    def activity(self, key: str) -> Activity:
        return next(each for each in self.activities if each.key == key)

    def payer(self, key: str) -> Payer:
        return next(each for each in self.payers if each.key == key)

    def fact(self, key: str) -> Fact:
        return next(each for each in self.facts if each.key == key)

    def questions(self, activity: str) -> tuple[Fact, ...]:
        """The facts that matter for it, in their order: those its rules go by."""
        asked = frozenset[str]().union(
            *(rule.asks() for payer in self.payers for rule in self.rules_for(activity, payer.key))
        )
        return tuple(fact for fact in self.facts if fact.key in asked)

    def grouped(self) -> dict[str, list[Activity]]:
        found: dict[str, list[Activity]] = {}
        for activity in self.activities:
            found.setdefault(activity.group, []).append(activity)
        return found
