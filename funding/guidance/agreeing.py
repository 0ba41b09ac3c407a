"""Whether the rules of a set agree: with one another, with what is asked, and with their worked examples."""

from collections.abc import Iterator
from itertools import combinations

from fidelity.documents import DocumentError, Node
from funding.guidance.advising import examples
from funding.guidance.values import Rule, RuleSet


def disagreements(rules: RuleSet, node: Node) -> list[DocumentError]:
    """Examples are worked only where the rules agree: of two rules that hold, neither decides."""
    found = [*_ids(rules, node), *_unused(rules, node), *_overlaps(rules, node)]
    return found or [*_examples(rules, node)]


def both_hold(first: Rule, second: Rule) -> bool:
    """Is there a case under which both do? There is none where they share a fact and no value of it."""
    shared = first.when.keys() & second.when.keys()
    return all(set(first.when[fact]) & set(second.when[fact]) for fact in shared)


def _entry(node: Node, key: str, number: int) -> Node:
    return tuple(node.child(key).entries())[number]


def _ids(rules: RuleSet, node: Node) -> Iterator[DocumentError]:
    seen = {rules.once.id}
    for number, rule in enumerate(rules.rules):
        if rule.id in seen:
            yield _entry(node, "rules", number).child("id").wrong(f"“{rule.id}” stands twice.")
        seen.add(rule.id)


def _unused(rules: RuleSet, node: Node) -> Iterator[DocumentError]:
    asked = frozenset[str]().union(*(rule.asks() for rule in rules.rules))
    for number, fact in enumerate(rules.facts):
        if fact.key not in asked:
            yield _entry(node, "facts", number).wrong(f"no rule goes by “{fact.key}”.")
    told = {activity for rule in rules.rules for activity in rule.activities}
    for number, activity in enumerate(rules.activities):
        if activity.key not in told:
            yield _entry(node, "activities", number).wrong(f"no rule is for “{activity.key}”.")


def _overlaps(rules: RuleSet, node: Node) -> Iterator[DocumentError]:
    for (_, first), (number, second) in combinations(enumerate(rules.rules), 2):
        activities = [key for key in first.activities if key in second.activities]
        payers = [key for key in first.payers if key in second.payers]
        if not activities or not payers or not both_hold(first, second):
            continue
        place = f"{rules.activity(activities[0]).name}, {rules.payer(payers[0]).name}"
        kind = "say the same" if first.verdict is second.verdict else "contradict each other"
        yield (
            _entry(node, "rules", number).wrong(
                f"{first.id} and {second.id} can both hold and {kind} ({place}). Let a fact tell them apart."
            )
        )


def _examples(rules: RuleSet, node: Node) -> Iterator[DocumentError]:
    for number, worked in enumerate(examples(rules)):
        for payer, verdict in worked.advice.verdicts.items():
            if (expected := worked.example.expect[payer]) is not verdict:
                yield (
                    _entry(node, "examples", number)
                    .child("expect")
                    .wrong(f"for {payer} the example expects {expected}, and the rules say {verdict}.")
                )
