"""What is wrong in a set of billing rules is said with its place, before anybody is advised by it."""

from copy import deepcopy
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fidelity.lines import Faulty
from funding.guidance import GuidanceError, as_text, parse, read, shipped_document, shipped_keys
from funding.guidance.agreeing import both_hold
from funding.guidance.values import Cite, Rule, Verdict

DAY = date(2026, 1, 1)
SMALL: dict[str, Any] = {
    "key": "small",
    "name": "Small",
    "source": "A letter",
    "fallback": "The state pays the rest.",
    "once": {"id": "S0", "reason": "One payer."},
    "payers": [{"key": "vr", "name": "VR"}, {"key": "cs", "name": "Medicaid"}],
    "activities": [{"key": "profile", "name": "Profile", "group": "First"}],
    "facts": [
        {"key": "plan", "question": "Is there a plan?", "kind": "yes_no", "default": "yes"},
        {
            "key": "worker",
            "question": "Who?",
            "kind": "choice",
            "choices": [{"value": "peer", "label": "A peer"}, {"value": "nurse", "label": "A nurse"}],
            "default": "peer",
        },
    ],
    "gates": [
        {"key": "nursing", "needs": [{"fact": "worker", "values": ["nurse"], "otherwise": "No nurse."}]}
    ],
    "rules": [
        {
            "id": "S1",
            "activities": ["profile"],
            "payers": ["vr"],
            "when": {"plan": [True]},
            "verdict": True,
            "reason": "It is planned.",
        },
        {
            "id": "S2",
            "activities": ["profile"],
            "payers": ["cs"],
            "gate": "nursing",
            "verdict": "if",
            "conditions": ["A nurse does it."],
            "reason": "Nursing.",
        },
    ],
    "examples": [{"activity": "profile", "story": "As planned.", "expect": {"vr": "yes", "cs": "no"}}],
}


def changed(*path: Any, to: Any) -> dict[str, Any]:
    document = deepcopy(SMALL)
    place: Any = document
    for step in path[:-1]:
        place = place[step]
    if isinstance(place, list) and path[-1] == len(place):
        place.append(to)
    else:
        place[path[-1]] = to
    return document


def test_the_small_set_is_right():
    assert parse(SMALL).rules[0].verdict is Verdict.YES


@pytest.mark.parametrize(
    ("path", "to", "said"),
    [
        (
            ("rules", 0, "activities"),
            ["dance"],
            "billing.rules[0].activities[0]: there is no activity “dance”.",
        ),
        (("rules", 0, "payers"), ["bank"], "billing.rules[0].payers[0]: there is no payer “bank”."),
        (("rules", 0, "when"), {"sun": ["yes"]}, "billing.rules[0].when.sun: there is no fact “sun”."),
        (
            ("rules", 0, "when"),
            {"worker": ["king"]},
            "billing.rules[0].when.worker[0]: there is no answer to",
        ),
        (("rules", 0, "when"), {"plan": []}, "billing.rules[0].when.plan: expected one answer or more"),
        (("rules", 0, "verdict"), "maybe", "billing.rules[0].verdict: there is no verdict “maybe”."),
        (("rules", 0, "verdict"), "not_stated", "billing.rules[0].verdict: there is no verdict"),
        (("rules", 0, "verdict"), "if", "billing.rules[0]: conditions stand with the verdict “if”"),
        (("rules", 0, "id"), "S2", "billing.rules[1].id: “S2” stands twice."),
        (("rules", 1, "gate"), "garden", "billing.rules[1].gate: there is no gate “garden”."),
        (("rules", 1, "verdict"), "no", "billing.rules[1].gate: a gate stands before a verdict of yes or if"),
        (("payers", 2), {"key": "vr", "name": "Again"}, "billing.payers[2].key: “vr” stands twice."),
        (
            ("facts", 2),
            {"key": "sun", "question": "Sun?", "kind": "yes_no", "default": "no"},
            "billing.facts[2]: no rule goes by “sun”.",
        ),
        (
            ("activities", 1),
            {"key": "dance", "name": "Dance", "group": "Last"},
            "billing.activities[1]: no rule is for “dance”.",
        ),
        (("facts", 1, "default"), "king", "billing.facts[1].default: there is no choice “king”."),
        (
            ("examples", 0, "expect"),
            {"vr": "no"},
            "billing.examples[0].expect: for vr the example expects no",
        ),
        (("examples", 0, "expect"), {"bank": "no"}, "billing.examples[0].expect.bank: there is no payer"),
        (
            ("examples", 0, "facts"),
            {"plan": "perhaps"},
            "billing.examples[0].facts.plan: there is no answer",
        ),
        (("examples",), [], "billing.examples: expected 1 to 200 entries"),
        (("fallbak",), "x", "billing: “fallbak” is not a known key. Did you mean “fallback”?"),
        (("effective_from",), "soon", "billing.effective_from: expected a date"),
    ],
)
def test_a_fault_is_named_with_its_place(path: tuple[Any, ...], to: Any, said: str):
    with pytest.raises(GuidanceError) as caught:
        parse(changed(*path, to=to))
    assert str(caught.value).startswith(said), caught.value


@pytest.mark.parametrize(("verdict", "kind"), [(False, "contradict each other"), (True, "say the same")])
def test_two_rules_that_can_both_hold_are_named(verdict: bool, kind: str):
    second = {**SMALL["rules"][0], "id": "S3", "when": {"worker": ["nurse"]}, "verdict": verdict}
    with pytest.raises(GuidanceError) as caught:
        parse(changed("rules", 2, to=second))
    assert str(caught.value) == (
        f"billing.rules[2]: S1 and S3 can both hold and {kind} (Profile, VR). Let a fact tell them apart."
    )


def test_rules_that_a_fact_tells_apart_stand_beside_each_other():
    second = {**SMALL["rules"][0], "id": "S3", "when": {"plan": [False]}, "verdict": False}
    assert len(parse(changed("rules", 2, to=second)).rules) == 3


def rule(when: dict[str, tuple[str, ...]]) -> Rule:
    return Rule("R", ("a",), ("p",), when, (), Verdict.YES, (), (), "", Cite("", None))


FACTS = st.dictionaries(
    st.sampled_from("xyz"), st.lists(st.sampled_from("123"), min_size=1, unique=True).map(tuple), max_size=3
)


@given(FACTS, FACTS)
def test_both_hold_where_some_case_lets_both(first: dict, second: dict):
    every = [
        dict(zip("xyz", values, strict=True))
        for values in ((a, b, c) for a in "123" for b in "123" for c in "123")
    ]
    assert both_hold(rule(first), rule(second)) == any(
        rule(first).holds(case) and rule(second).holds(case) for case in every
    )


@pytest.mark.parametrize("key", shipped_keys())
def test_a_set_that_comes_with_the_portal_is_read_back_as_it_is_written(key: str):
    document = shipped_document(key)
    again, rules = read(as_text(document), DAY)
    assert again == {**document, "effective_from": "2026-01-01"}
    assert rules.effective_from == DAY


def test_every_fault_of_a_text_is_told_by_line():
    text = as_text(SMALL).replace("- profile", "- dance").replace("plan:", "sun:")
    with pytest.raises(Faulty) as caught:
        read(text, DAY)
    lines = text.splitlines()
    assert len(caught.value.faults) == 2
    assert [lines[fault.line - 1].strip() for fault in caught.value.faults] == ["- dance", "- dance"]


def test_the_first_day_stands_apart_from_the_text():
    with pytest.raises(Faulty, match="The first day is chosen apart from the text"):
        read(f"{as_text(SMALL)}\neffective_from: 2026-05-01\n", DAY)


def test_a_set_that_does_not_come_with_the_portal_is_not_found():
    with pytest.raises(LookupError):
        shipped_document("../rules/missouri")


def test_a_stored_set_is_written_in_the_order_of_a_person():
    """PostgreSQL keeps a mapping in an order of its own."""
    shuffled = {key: SMALL[key] for key in sorted(SMALL, key=len)}
    shuffled["rules"] = [dict(reversed(rule.items())) for rule in SMALL["rules"]]
    assert as_text(shuffled).startswith("key: small\nname: Small\nsource: A letter\n")
    assert "- id: S1\n  activities:" in as_text(shuffled)
    assert parse(shuffled) == parse(SMALL)
