"""Billing guidance: the worked examples, what every rule needs of them, and what holds for every case."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funding.guidance import Line, RuleSet, UnknownAnswer, Verdict, Worked, advise, examples, shipped
from funding.guidance.advising import OFFER_ANYWAY, deciding

SETS = {rules.key: rules for rules in shipped()}
WORKED = [(rules, worked) for rules in shipped() for worked in examples(rules)]
EACH_SET = pytest.mark.parametrize("rules", SETS.values(), ids=SETS)


def line_of(worked: Worked, payer: str) -> Line:
    return next(line for line in worked.advice.lines if line.payer.key == payer)


def test_three_sets_come_with_the_portal():
    assert set(SETS) == {"louisiana", "missouri", "new_york_pros"}


@pytest.mark.parametrize(("rules", "worked"), WORKED, ids=[worked.example.story[:60] for _, worked in WORKED])
def test_every_worked_example_comes_to_its_verdicts(rules: RuleSet, worked: Worked):
    assert worked.advice.verdicts == worked.example.expect


@EACH_SET
def test_every_rule_decides_an_example_and_spares_another(rules: RuleSet):
    """Spared: the same payer under one of its activities, or, for a rule without facts, under any other."""
    for rule in rules.rules:
        mine = [(worked, line_of(worked, payer)) for worked in examples(rules) for payer in rule.payers]
        decided = [line for worked, line in mine if line.rule == rule.id and line.verdict is rule.verdict]
        narrow = bool(rule.when or rule.needs)
        spared = [
            line
            for worked, line in mine
            if line.verdict is not rule.verdict and (not narrow or worked.example.activity in rule.activities)
        ]
        assert decided, f"no example for {rule.id}"
        assert spared, f"no example against {rule.id}"


@EACH_SET
def test_every_reason_for_a_no_decides_an_example(rules: RuleSet):
    told = {reason for worked in examples(rules) for line in worked.advice.lines for reason in line.reasons}
    missing = {need.otherwise for rule in rules.rules for need in rule.needs} - told
    assert not missing


@EACH_SET
def test_every_question_has_two_examples_that_differ_in_it_alone(rules: RuleSet):
    cases = [
        (
            worked.example.activity,
            {fact.key: worked.example.facts.get(fact.key, fact.default) for fact in rules.facts},
            worked,
        )
        for worked in examples(rules)
    ]
    for fact in rules.facts:
        assert any(
            first[0] == second[0]
            and first[2].advice.lines != second[2].advice.lines
            and {key for key in first[1] if first[1][key] != second[1][key]} == {fact.key}
            for first, second in product(cases, cases)
        ), fact.key


@pytest.mark.parametrize("number", range(1, 21))
def test_every_row_of_missouri_has_an_example_for_and_against(number: int):
    """A row of the reference is one rule or more: M1-vr and M1-cs are of M1."""
    lines = [line for worked in examples(SETS["missouri"]) for line in worked.advice.lines]
    of_row = [line for line in lines if line.rule.partition("-")[0] == f"M{number}"]
    payers = {line.payer.key for line in of_row}
    assert of_row
    assert any(
        line.payer.key in payers
        and line not in of_row
        and line.verdict not in {each.verdict for each in of_row if each.payer == line.payer}
        for line in lines
    )


def verdicts(key: str, activity: str, **facts: str) -> dict[str, str]:
    return {payer: verdict.value for payer, verdict in advise(SETS[key], activity, facts).verdicts.items()}


def test_a_delusion_makes_the_same_help_clinical():
    assert verdicts("missouri", "application") == {"vr": "yes", "cs": "no", "pps": "no"}
    assert verdicts("missouri", "application", purpose="symptom") == {"vr": "no", "cs": "if", "pps": "no"}


def test_a_service_that_two_could_pay_is_billed_to_one():
    advice = advise(SETS["missouri"], "application", {"purpose": "both"})
    assert advice.advised.payer.key == "vr"
    refused = next(line for line in advice.lines if line.payer.key == "cs")
    assert refused.rule == "M18"
    assert refused.reasons[0] == (
        "It is billed to Vocational rehabilitation; the same service is never billed twice."
    )
    assert refused.offer == "Still offer it: Vocational rehabilitation can be billed for it."


def test_a_yes_goes_before_a_payer_who_pays_under_conditions_whatever_their_order():
    rules = SETS["missouri"]
    turned = RuleSet(**{**fields_of(rules), "payers": tuple(reversed(rules.payers))})
    assert advise(turned, "application", {"purpose": "both"}).advised.payer.key == "vr"


def fields_of(rules: RuleSet) -> dict[str, object]:
    return {name: getattr(rules, name) for name in rules.__dataclass_fields__}


def test_among_equals_the_order_of_payers_decides():
    advice = advise(SETS["new_york_pros"], "mixed", {})
    assert advice.advised.payer.key == "ir"
    assert advice.verdicts["ors"] is Verdict.NO


def test_all_that_is_missing_is_said():
    advice = advise(SETS["new_york_pros"], "follow_along", {"hours": "under_ten", "contacts": "one"})
    assert len(next(line for line in advice.lines if line.payer.key == "ors").reasons) == 2


def test_nobody_pays_and_the_service_is_offered_all_the_same():
    advice = advise(SETS["new_york_pros"], "employers", {"delivery": "absent"})
    assert advice.advised is None
    refused = next(line for line in advice.lines if line.payer.key == "ir")
    assert refused.offer == f"{OFFER_ANYWAY} {SETS['new_york_pros'].fallback}"
    assert "net deficit funding" in refused.offer


def test_only_the_questions_that_matter_are_asked():
    asked = [fact.key for fact in SETS["missouri"].questions("profile")]
    assert asked == ["enrolled"]
    assert SETS["missouri"].questions("speech") == ()


@pytest.mark.parametrize(
    ("activity", "facts"),
    [("dancing", {}), ("profile", {"weather": "rain"}), ("profile", {"enrolled": "perhaps"})],
)
def test_what_the_rules_do_not_have_is_refused(activity: str, facts: dict[str, str]):
    with pytest.raises(UnknownAnswer):
        advise(SETS["missouri"], activity, facts)


@st.composite
def cases(draw: st.DrawFn) -> tuple[RuleSet, str, dict[str, str]]:
    rules = draw(st.sampled_from(list(SETS.values())))
    activity = draw(st.sampled_from(rules.activities)).key
    facts = {fact.key: draw(st.sampled_from(fact.values)) for fact in rules.facts}
    left_out = draw(st.sets(st.sampled_from(list(facts))))
    return rules, activity, {key: value for key, value in facts.items() if key not in left_out}


@given(cases())
def test_in_every_case_at_most_one_payer_is_advised_and_every_no_offers(case):
    rules, activity, facts = case
    advice = advise(rules, activity, facts)
    assert advice == advise(rules, activity, dict(reversed(facts.items())))
    assert [line.payer for line in advice.lines] == list(rules.payers)
    assert sum(line.verdict.pays for line in advice.lines) <= 1
    assert advice.disclaimer.startswith("This is guidance, not a billing decision.")
    for line in advice.lines:
        assert (line.verdict is Verdict.NO) == line.offer.startswith("Still offer it")
        assert (line.verdict is Verdict.IF) == bool(line.conditions)
        assert line.reasons
        if line.offer and advice.advised:
            assert advice.advised.payer.name in line.offer


@given(cases())
def test_no_case_is_decided_by_two_rules_or_by_a_question_that_is_not_asked(case):
    rules, activity, facts = case
    full = {fact.key: facts.get(fact.key, fact.default) for fact in rules.facts}
    for payer in rules.payers:
        assert sum(rule.holds(full) for rule in rules.rules_for(activity, payer.key)) <= 1
    asked = {fact.key for fact in rules.questions(activity)}
    only_asked = {key: value for key, value in facts.items() if key in asked}
    assert advise(rules, activity, only_asked) == advise(rules, activity, facts)
    assert deciding(rules, activity, rules.payers[0].key, full) is None or full
