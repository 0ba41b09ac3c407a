"""What other rules would change: the worked examples of both sets, answered by each."""

from collections.abc import Iterator
from dataclasses import dataclass

from funding.guidance.advising import UnknownAnswer, advise, answered
from funding.guidance.values import Example, RuleSet, Verdict

NOT_THERE = "Not in these rules"


@dataclass(frozen=True)
class Difference:
    payer: str
    before: str
    after: str


@dataclass(frozen=True)
class Changed:
    activity: str
    story: str
    differences: tuple[Difference, ...]


def compared(before: RuleSet, after: RuleSet) -> tuple[Changed, ...]:
    found = [_compared(example, rules, before, after) for rules, example in _cases(before, after)]
    return tuple(each for each in found if each.differences)


def _cases(before: RuleSet, after: RuleSet) -> Iterator[tuple[RuleSet, Example]]:
    """Each case once, in the words of the later set."""
    seen = set()
    for rules in (after, before):
        for example in rules.examples:
            case = (example.activity, tuple(answered(rules, example.activity, example.facts).items()))
            if case not in seen:
                seen.add(case)
                yield rules, example


def _compared(example: Example, rules: RuleSet, before: RuleSet, after: RuleSet) -> Changed:
    old, new = verdicts(before, example), verdicts(after, example)
    names = {payer.key: payer.name for payer in (*before.payers, *after.payers)}
    differences = tuple(
        Difference(name, old.get(key, NOT_THERE), new.get(key, NOT_THERE))
        for key, name in names.items()
        if old.get(key, NOT_THERE) != new.get(key, NOT_THERE)
    )
    return Changed(rules.activity(example.activity).name, example.story, differences)


def verdicts(rules: RuleSet, example: Example) -> dict[str, str]:
    """In words by payer; nothing where the rules have no such activity or question."""
    try:
        advice = advise(rules, example.activity, example.facts)
    except UnknownAnswer:
        return {}
    return {key: Verdict(verdict).words for key, verdict in advice.verdicts.items()}
