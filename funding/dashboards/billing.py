"""Billing guidance as pages show it: the rules in force, their worked examples, and what other rules would change."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from agencies.models import State
from funding.guidance import Activity, Advice, RuleSet, Verdict, Worked, examples, shipped
from funding.guidance.comparing import Changed, compared
from funding.guidance.values import Rule
from funding.in_force import DatedRules, billing_on, dated_billing, holding

CHIPS = {Verdict.YES: "ok", Verdict.IF: "watch", Verdict.NO: "plain", Verdict.NOT_STATED: "info"}


@dataclass(frozen=True)
class WorkedGroup:
    activity: Activity
    worked: tuple[Worked, ...]


@dataclass(frozen=True)
class RuleLine:
    """One rule in words."""

    rule: Rule
    activities: tuple[str, ...]
    payers: tuple[str, ...]
    when: tuple[tuple[str, str], ...]  # a question, and the answers under which the rule holds

    @property
    def chip(self) -> str:
        return CHIPS[self.rule.verdict]


@dataclass(frozen=True)
class RulesPage:
    """`shown` is one of the state's own or one that comes with the portal."""

    today: date
    now: DatedRules | None
    earlier: tuple[DatedRules, ...]
    coming: tuple[DatedRules, ...]
    shipped: tuple[RuleSet, ...]
    shown: RuleSet | None
    lines: tuple[RuleLine, ...]


@dataclass(frozen=True)
class Effect:
    """Rules as they would be stated, and what they would change against those that hold on their first day."""

    document: Mapping[str, Any]
    rules: RuleSet
    effective_from: date
    replaced: DatedRules | None
    changed: tuple[Changed, ...]

    @property
    def mark(self) -> str:
        """What was read, so that nobody decides what they have not seen."""
        before = self.replaced.row.data if self.replaced else None
        told = [self.document, before, self.effective_from.isoformat()]
        return sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def effect(tenant: State, *, document: Mapping[str, Any], rules: RuleSet, effective_from: date) -> Effect:
    replaced = billing_on(tenant.pk, effective_from)
    changed = compared(replaced.rules, rules) if replaced else ()
    return Effect(document, rules, effective_from, replaced, changed)


def as_json(found: Effect) -> dict[str, Any]:
    """As programs read it, and as a refusal carries it."""
    return {
        "name": found.rules.name,
        "effective_from": found.effective_from,
        "rules": len(found.rules.rules),
        "examples": len(found.rules.examples),
        "replaced": found.replaced.rules.name if found.replaced else "",
        "replaced_from": found.replaced.row.effective_from if found.replaced else None,
        "changed": [asdict(each) for each in found.changed],
        "version": found.mark,
    }


def worked_by_activity(rules: RuleSet) -> tuple[WorkedGroup, ...]:
    found: dict[str, list[Worked]] = {activity.key: [] for activity in rules.activities}
    for worked in examples(rules):
        found[worked.example.activity].append(worked)
    return tuple(WorkedGroup(rules.activity(key), tuple(worked)) for key, worked in found.items() if worked)


def rules_page(tenant: State, shown: str = "") -> RulesPage:
    """`shown` names a set that comes with the portal, or the first day of one of the state. Raises LookupError."""
    today, every = tenant.today(), dated_billing(tenant.pk)
    now = holding(every, today)
    rules = named(shown, every) if shown else now.rules if now else None
    return RulesPage(
        today=today,
        now=now,
        earlier=tuple(each for each in every if now and each.row.effective_from < now.row.effective_from),
        coming=tuple(each for each in every if each.row.effective_from > today),
        shipped=shipped(),
        shown=rules,
        lines=rule_lines(rules) if rules else (),
    )


def named(key: str, every: tuple[DatedRules, ...]) -> RuleSet:
    """Raises LookupError."""
    found = {each.key: each for each in shipped()} | {each.key: each.rules for each in every}
    return found[key]


def rule_lines(rules: RuleSet) -> tuple[RuleLine, ...]:
    return tuple(
        RuleLine(
            rule=rule,
            activities=tuple(rules.activity(key).name for key in rule.activities),
            payers=tuple(rules.payer(key).name for key in rule.payers),
            when=tuple(
                (fact.question, " or ".join(fact.label(value) for value in values))
                for fact, values in (
                    *((rules.fact(key), values) for key, values in rule.when.items()),
                    *((rules.fact(need.fact), need.values) for need in rule.needs),
                )
            ),
        )
        for rule in rules.rules
    )


def answer_lines(advice: Advice) -> list[dict[str, Any]]:
    """Per payer, with the chip of the verdict."""
    return [{"line": line, "chip": CHIPS[line.verdict]} for line in advice.lines]
