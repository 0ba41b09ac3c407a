"""Reads billing rules from a document and says at which place they are wrong."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from fidelity.documents import DocumentError, Node
from funding.guidance.values import (
    OPEN,
    Activity,
    Cite,
    Example,
    Fact,
    Gate,
    Need,
    Once,
    Option,
    Payer,
    Rule,
    RuleSet,
    Verdict,
    When,
)

ROOT = "billing"
YES_NO = (Option("yes", "Yes"), Option("no", "No"))
RULED = (Verdict.YES, Verdict.NO, Verdict.IF)
KEY, RULE_ID = re.compile(r"[a-z0-9][a-z0-9_]{0,39}"), re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,19}")
NAME, LONGEST = 120, 600  # characters
MOST = 200  # rules, examples and what else is listed
# The keys of each mapping, in the order in which they are written.
HEAD = ("key", "name", "source", "dated", "effective_from", "fallback", "once")
KEYS = (*HEAD, "payers", "activities", "facts", "gates", "rules", "examples")
PAYER, CHOICE = ("key", "name"), ("value", "label")
ACTIVITY = ("key", "name", "group", "help")
FACT = ("key", "question", "help", "kind", "choices", "default")
GATE, NEED = ("key", "needs", "conditions", "documents"), ("id", "fact", "values", "otherwise")
RULE = ("id", "activities", "payers", "when", "gate", "verdict", "conditions", "documents", "reason", "cite")
ONCE, CITE = ("id", "reason", "cite"), ("source", "on")
EXAMPLE = ("activity", "story", "facts", "expect")
INSIDE: Mapping[str, tuple[str, ...]] = {
    "payers": PAYER,
    "choices": CHOICE,
    "activities": ACTIVITY,
    "facts": FACT,
    "gates": GATE,
    "needs": NEED,
    "rules": RULE,
    "once": ONCE,
    "cite": CITE,
    "examples": EXAMPLE,
}

Parsed = TypeVar("Parsed")


class GuidanceError(DocumentError):
    """The document is no set of billing rules; the text names the place."""


@dataclass(frozen=True)
class Known:
    """What rules and examples may name."""

    payers: Mapping[str, Payer]
    activities: Mapping[str, Activity]
    facts: Mapping[str, Fact]
    gates: Mapping[str, Gate]
    cite: Cite


def rule_set(node: Node) -> tuple[RuleSet | None, list[DocumentError]]:
    """The rules, or every fault that can be told apart: of the head alone, or of each rule and example."""
    try:
        node.mapping(KEYS)
        known = known_in(node)
        head = head_of(node, known)
        rule_nodes, example_nodes = entries(node, "rules"), entries(node, "examples")
    except DocumentError as error:
        return None, [error]
    errors: list[DocumentError] = []
    rules = tuple(collected(rule_nodes, lambda each: rule(each, known), errors))
    worked = tuple(collected(example_nodes, lambda each: example(each, known), errors))
    if errors:
        return None, errors
    return (
        replace(head, rules=rules, examples=worked),
        [],
    )


def collected(
    nodes: tuple[Node, ...], read: Callable[[Node], Parsed], errors: list[DocumentError]
) -> Iterator[Parsed]:
    for node in nodes:
        try:
            yield read(node)
        except DocumentError as error:
            errors.append(error)


def entries(node: Node, key: str) -> tuple[Node, ...]:
    found = tuple(node.child(key).entries())
    if not 0 < len(found) <= MOST:
        raise node.child(key).wrong(f"expected 1 to {MOST} entries, found {len(found)}.")
    return found


def known_in(node: Node) -> Known:
    facts = keyed(node, "facts", fact, lambda each: each.key)
    gates = dict(gate(entry, facts) for entry in node.listed("gates"))
    return Known(
        payers=keyed(node, "payers", payer, lambda each: each.key),
        activities=keyed(node, "activities", activity, lambda each: each.key),
        facts=facts,
        gates=gates,
        cite=source_of(node),
    )


def head_of(node: Node, known: Known) -> RuleSet:
    """The set without its rules and examples."""
    name = node.child("name").text()
    if len(name) > NAME:
        raise node.child("name").wrong(f"a name has at most {NAME} characters.")
    return RuleSet(
        key=keyword(node.child("key")),
        name=name,
        source=known.cite,
        effective_from=node.optionally("effective_from", Node.day),
        fallback=sentence(node.child("fallback")),
        once=once(node.child("once"), known.cite),
        payers=tuple(known.payers.values()),
        activities=tuple(known.activities.values()),
        facts=tuple(known.facts.values()),
        rules=(),
        examples=(),
    )


def source_of(node: Node) -> Cite:
    """Where the rules are written, and of which day; a rule may name another place."""
    return Cite(sentence(node.child("source")), node.optionally("dated", Node.day))


def keyed(
    node: Node, key: str, read: Callable[[Node], Parsed], name: Callable[[Parsed], str]
) -> dict[str, Parsed]:
    found: dict[str, Parsed] = {}
    for entry in entries(node, key):
        each = read(entry)
        if name(each) in found:
            raise entry.child("key").wrong(f"“{name(each)}” stands twice.")
        found[name(each)] = each
    return found


def keyword(node: Node) -> str:
    text = node.text()
    if not KEY.fullmatch(text):
        raise node.wrong("a key has up to 40 small letters, digits and underscores.")
    return text


def sentence(node: Node) -> str:
    text = node.text()
    if len(text) > LONGEST:
        raise node.wrong(f"a text has at most {LONGEST} characters.")
    return text


def sentences(node: Node, key: str) -> tuple[str, ...]:
    return tuple(sentence(entry) for entry in node.listed(key))


def word(node: Node) -> str:
    """A value of a fact, or a verdict: YAML reads a bare yes or no as true or false."""
    return ("yes" if node.value else "no") if isinstance(node.value, bool) else node.text()


def one_of(node: Node, known: Mapping[str, object], what: str) -> str:
    text = word(node)
    if text not in known:
        raise node.wrong(f"there is no {what} “{text}”. There is: {', '.join(known)}.")
    return text


def payer(node: Node) -> Payer:
    node.mapping(PAYER)
    return Payer(keyword(node.child("key")), sentence(node.child("name")))


def activity(node: Node) -> Activity:
    node.mapping(ACTIVITY)
    name, group = sentence(node.child("name")), sentence(node.child("group"))
    return Activity(keyword(node.child("key")), name, group, node.text_or_blank("help"))


def fact(node: Node) -> Fact:
    """A question with yes and no, or with its own choices."""
    node.mapping(FACT)
    options: tuple[Option, ...] = YES_NO
    if node.child("kind").choice(("yes_no", "choice")) == "choice":
        options = tuple(choices(node.child("choices")))
        if len(options) < 2:
            raise node.child("choices").wrong("expected two choices or more.")
    default = one_of(node.child("default"), {each.value: each for each in options}, "choice")
    key, question = keyword(node.child("key")), sentence(node.child("question"))
    return Fact(key, question, options, default, node.text_or_blank("help"))


def choices(node: Node) -> Iterator[Option]:
    """A list, because what is stored keeps the order of a list and not that of a mapping."""
    seen = set()
    for entry in node.entries():
        entry.mapping(CHOICE)
        value = keyword(entry.child("value"))
        if value in seen:
            raise entry.child("value").wrong(f"“{value}” stands twice.")
        seen.add(value)
        yield Option(value, sentence(entry.child("label")))


def gate(node: Node, facts: Mapping[str, Fact]) -> tuple[str, Gate]:
    node.mapping(GATE)
    needs = tuple(need(entry, facts) for entry in node.child("needs").entries())
    return keyword(node.child("key")), Gate(
        needs, sentences(node, "conditions"), sentences(node, "documents")
    )


def need(node: Node, facts: Mapping[str, Fact]) -> Need:
    node.mapping(NEED)
    key = one_of(node.child("fact"), facts, "fact")
    values, otherwise = values_of(node.child("values"), facts[key]), sentence(node.child("otherwise"))
    return Need(key, values, otherwise, node.optionally("id", rule_id) or "")


def answer(node: Node, of: Fact) -> str:
    return one_of(node, {option.value: option for option in of.options}, f"answer to “{of.key}”")


def values_of(node: Node, of: Fact) -> tuple[str, ...]:
    found = tuple(answer(entry, of) for entry in node.entries())
    if not found or len(set(found)) < len(found):
        raise node.wrong("expected one answer or more, each once.")
    return found


def known_fact(node: Node, key: str, facts: Mapping[str, Fact]) -> Fact:
    if key not in facts:
        raise node.child(key).wrong(f"there is no fact “{key}”. There is: {', '.join(facts)}.")
    return facts[key]


def when(node: Node, facts: Mapping[str, Fact]) -> When:
    return {key: values_of(node.child(key), known_fact(node, key, facts)) for key in node.names()}


def cite(node: Node, default: Cite) -> Cite:
    node.mapping(CITE)
    source, on = node.optional("source"), node.optional("on")
    return Cite(sentence(source) if source else default.source, on.day() if on else default.on)


def cited(node: Node, default: Cite) -> Cite:
    return node.optionally("cite", lambda each: cite(each, default)) or default


def once(node: Node, default: Cite) -> Once:
    node.mapping(ONCE)
    return Once(rule_id(node.child("id")), sentence(node.child("reason")), cited(node, default))


def rule_id(node: Node) -> str:
    text = node.text()
    if not RULE_ID.fullmatch(text):
        raise node.wrong("an id has up to 20 letters, digits and hyphens, such as M8-plan.")
    return text


def rule(node: Node, known: Known) -> Rule:
    node.mapping(RULE)
    verdict = Verdict(one_of(node.child("verdict"), {each.value: each for each in RULED}, "verdict"))
    gate_node = node.optional("gate")
    before = known.gates[one_of(gate_node, known.gates, "gate")] if gate_node else OPEN
    if gate_node and verdict is Verdict.NO:
        raise gate_node.wrong("a gate stands before a verdict of yes or if; this one is no.")
    conditions = (*before.conditions, *sentences(node, "conditions"))
    if (verdict is Verdict.IF) != bool(conditions):
        raise node.wrong("conditions stand with the verdict “if”, and with no other.")
    return Rule(
        id=rule_id(node.child("id")),
        activities=named(node.child("activities"), known.activities, "activity"),
        payers=named(node.child("payers"), known.payers, "payer"),
        when=node.optionally("when", lambda each: when(each, known.facts)) or {},
        needs=before.needs,
        verdict=verdict,
        conditions=conditions,
        documents=(*before.documents, *sentences(node, "documents")),
        reason=sentence(node.child("reason")),
        cite=cited(node, known.cite),
    )


def named(node: Node, known: Mapping[str, object], what: str) -> tuple[str, ...]:
    found = tuple(one_of(entry, known, what) for entry in node.entries())
    if not found or len(set(found)) < len(found):
        raise node.wrong(f"expected one {what} or more, each once.")
    return found


def example(node: Node, known: Known) -> Example:
    """A payer that is not named is expected to be one the rules say nothing about."""
    node.mapping(EXAMPLE)
    expect = node.child("expect")
    verdicts = dict.fromkeys(known.payers, Verdict.NOT_STATED)
    for key in expect.names():
        one_of(Node(key, f"{expect.place}.{key}", expect.error), known.payers, "payer")
        told = one_of(expect.child(key), {each.value: each for each in Verdict}, "verdict")
        verdicts[key] = Verdict(told)
    return Example(
        activity=one_of(node.child("activity"), known.activities, "activity"),
        facts=node.optionally("facts", lambda each: facts_of(each, known.facts)) or {},
        story=sentence(node.child("story")),
        expect=verdicts,
    )


def facts_of(node: Node, facts: Mapping[str, Fact]) -> dict[str, str]:
    return {key: answer(node.child(key), known_fact(node, key, facts)) for key in node.names()}
