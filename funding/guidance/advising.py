"""Advice on who may be billed for an activity. At most one payer is advised for one service."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from funding.guidance.values import Activity, Cite, Example, Fact, Facts, Payer, Rule, RuleSet, Verdict

DISCLAIMER = (
    "This is guidance, not a billing decision. Whether a claim is paid is decided by the payer; ask your billing "
    "office where you are in doubt."
)
OFFER_ANYWAY = "Still offer it: whether a service can be billed never limits who gets it or how often."
NOT_STATED = "These rules say nothing about it. Ask this payer before anything is billed."
CHOICES = (Verdict.YES, Verdict.IF)  # in the order in which a payer is chosen


class UnknownAnswer(ValueError):
    """An activity, a question or an answer that the rules do not have."""


@dataclass(frozen=True)
class Line:
    """What the rules say about one payer."""

    payer: Payer
    verdict: Verdict
    reasons: tuple[str, ...]
    conditions: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    rule: str = ""
    cite: Cite | None = None
    offer: str = ""  # with a no: that it is offered all the same, and who pays for it


@dataclass(frozen=True)
class Advice:
    activity: Activity
    lines: tuple[Line, ...]
    disclaimer: str = DISCLAIMER

    @property
    def advised(self) -> Line | None:
        return next((line for line in self.lines if line.verdict.pays), None)

    @property
    def verdicts(self) -> dict[str, Verdict]:
        return {line.payer.key: line.verdict for line in self.lines}


@dataclass(frozen=True)
class Worked:
    example: Example
    advice: Advice


def advise(rules: RuleSet, activity: str, facts: Facts) -> Advice:
    """Per payer what the rules say; an answer that is not given is the default. Raises UnknownAnswer."""
    given = answered(rules, activity, facts)
    found = [_line(rules, activity, payer, given) for payer in rules.payers]
    chosen = next((line for verdict in CHOICES for line in found if line.verdict is verdict), None)
    lines = [_once(line, chosen, rules) if chosen else line for line in found]
    return Advice(rules.activity(activity), tuple(_offered(line, chosen, rules) for line in lines))


def examples(rules: RuleSet) -> tuple[Worked, ...]:
    return tuple(Worked(each, advise(rules, each.activity, each.facts)) for each in rules.examples)


def answered(rules: RuleSet, activity: str, facts: Facts) -> dict[str, str]:
    if activity not in {each.key for each in rules.activities}:
        raise UnknownAnswer(f"There is no activity “{activity}” in {rules.name}.")
    known: Mapping[str, Fact] = {fact.key: fact for fact in rules.facts}
    for key, value in facts.items():
        if key not in known:
            raise UnknownAnswer(f"There is no question “{key}” in {rules.name}.")
        if value not in known[key].values:
            raise UnknownAnswer(f"“{value}” is no answer to “{known[key].question}”")
    return {fact.key: facts.get(fact.key, fact.default) for fact in rules.facts}


def _line(rules: RuleSet, activity: str, payer: Payer, facts: Facts) -> Line:
    rule = deciding(rules, activity, payer.key, facts)
    if rule is None:
        return Line(payer, Verdict.NOT_STATED, (NOT_STATED,))
    if unmet := rule.unmet(facts):
        reasons = tuple(need.otherwise for need in unmet)
        return Line(payer, Verdict.NO, reasons, rule=unmet[0].id or rule.id, cite=rule.cite)
    return Line(payer, rule.verdict, (rule.reason,), rule.conditions, rule.documents, rule.id, rule.cite)


def deciding(rules: RuleSet, activity: str, payer: str, facts: Facts) -> Rule | None:
    return next((rule for rule in rules.rules_for(activity, payer) if rule.holds(facts)), None)


def _once(line: Line, chosen: Line, rules: RuleSet) -> Line:
    if line is chosen or not line.verdict.pays:
        return line
    reason = f"It is billed to {chosen.payer.name}; the same service is never billed twice."
    return Line(line.payer, Verdict.NO, (reason, rules.once.reason), rule=rules.once.id, cite=rules.once.cite)


def _offered(line: Line, chosen: Line | None, rules: RuleSet) -> Line:
    if line.verdict is not Verdict.NO:
        return line
    if chosen is None:
        return replace(line, offer=f"{OFFER_ANYWAY} {rules.fallback}")
    pays = (
        "can be billed for it"
        if chosen.verdict is Verdict.YES
        else "can be billed for it if its conditions hold"
    )
    return replace(line, offer=f"Still offer it: {chosen.payer.name} {pays}.")
