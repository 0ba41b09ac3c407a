"""What other rules would change is told by the worked examples of both sets."""

from copy import deepcopy

from funding.guidance import parse, shipped, shipped_document
from funding.guidance.comparing import NOT_THERE, Difference, compared


def test_the_same_rules_change_nothing():
    for rules in shipped():
        assert compared(rules, rules) == ()


def test_an_example_that_comes_out_otherwise_is_told_once_with_both_answers():
    document = deepcopy(shipped_document("missouri"))
    next(rule for rule in document["rules"] if rule["id"] == "M5-vr")["verdict"] = "yes"
    example = next(each for each in document["examples"] if each["activity"] == "tuition")
    example["expect"]["vr"] = "yes"
    [changed] = compared(parse(shipped_document("missouri")), parse(document))
    assert changed.activity == "Tuition for training"
    assert changed.differences == (
        Difference("Vocational rehabilitation", "Not billed here", "Can be billed"),
    )


def test_a_case_that_only_one_of_them_has_is_told():
    missouri, louisiana = (parse(shipped_document(key)) for key in ("missouri", "louisiana"))
    changed = compared(missouri, louisiana)
    assert len(changed) == len(missouri.examples) + len(louisiana.examples)
    assert {each.before for each in changed[0].differences} == {NOT_THERE}
    assert {each.after for each in changed[-1].differences} == {NOT_THERE}
