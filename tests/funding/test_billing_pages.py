"""Billing guidance from a person's side: asking, examples, the rules in force, and deciding others."""

import re
from datetime import timedelta
from typing import Any

import pytest

from agencies.models import StatePolicy
from agencies.refusals import NotPermitted, StaleVersion, Unacceptable
from funding.actions import billing
from funding.in_force import BILLING, billing_on
from tests.architecture.billing import RULES
from tests.cast import STARTED, StateCast, refused
from tests.fidelity.pages import get, post, queries, read, text
from tests.funding.deciding import MISSOURI, begun_long_ago, decided


@pytest.fixture
def cast(cast: StateCast) -> StateCast:
    return begun_long_ago(cast)


def typed(cast: StateCast, days: int = 0) -> str:
    day = cast.state.today() + timedelta(days=days)
    return f"{day.month}/{day.day}/{day.year}"


def looked(answer: Any) -> str:
    [mark] = re.findall(r'name="looked" value="([0-9a-f]+)"', text(answer))
    return str(mark)


PAGES = ("billing/", "billing/examples/", "billing/rules/")


@pytest.mark.parametrize("path", PAGES)
def test_where_nothing_is_in_force_the_page_says_so(cast: StateCast, path: str) -> None:
    words = read(get(cast, "admin", path))
    assert "No billing rules are in force" in words
    assert "Decide the rules" in words or "Choose or write rules" in words
    assert "Offer the service all the same" in read(get(cast, "supervisor", path))


@pytest.mark.parametrize("path", PAGES)
def test_pages_ask_the_database_as_often_with_many_rules_as_with_few(cast: StateCast, path: str) -> None:
    decided(cast, RULES)
    few = queries(cast, "supervisor", path)
    decided(cast, effective_from=cast.state.today())
    assert queries(cast, "supervisor", path) == few


def test_the_activity_is_chosen_first_and_then_what_matters_for_it(cast: StateCast) -> None:
    decided(cast)
    first = read(get(cast, "supervisor", "billing/"))
    assert "Help with a job application" in first
    assert "who may be billed" not in first
    second = read(get(cast, "supervisor", "billing/", activity="application"))
    assert "What is the contact for?" in second
    assert "Was the worker trained in the tool?" not in second
    assert "Help with a job application: who may be billed" in second


def test_the_address_carries_the_case(cast: StateCast) -> None:
    decided(cast)
    asked = {"activity": "application", "fact-purpose": "symptom"}
    words = read(get(cast, "supervisor", "billing/", **asked))
    assert "Medicaid Community Support: can be billed if its conditions hold" in words
    assert "It is medically necessary for this person." in words
    assert "Still offer it: Medicaid Community Support can be billed for it if its conditions hold." in words
    assert "May 2017" in words
    assert "This is guidance, not a billing decision." in words


def test_a_case_without_a_payer_is_offered_all_the_same(cast: StateCast) -> None:
    decided(cast)
    words = read(get(cast, "supervisor", "billing/", activity="tuition"))
    assert "These rules name no payer for it in this case." in words
    assert "Still offer it: whether a service can be billed never limits who gets it" in words


@pytest.mark.parametrize("asked", [{"activity": "dance"}, {"activity": "application", "fact-purpose": "fun"}])
def test_what_is_not_offered_is_not_answered(cast: StateCast, asked: dict[str, str]) -> None:
    decided(cast)
    answer = get(cast, "supervisor", "billing/", **asked)
    assert answer.status_code == 422
    assert "who may be billed" not in read(answer)


def test_an_answer_to_another_activity_is_left_aside(cast: StateCast) -> None:
    decided(cast)
    answer = get(cast, "supervisor", "billing/", activity="tuition", **{"fact-purpose": "fun"})
    assert answer.status_code == 200


def test_each_example_leads_to_its_question(cast: StateCast) -> None:
    decided(cast)
    page = get(cast, "supervisor", "billing/examples/")
    [address] = re.findall(r'href="([^"]*)">Gina is sure that the screen', text(page))
    assert address.startswith("/meridian/billing/?")
    path = address.removeprefix("/meridian/").replace("&amp;", "&")
    assert "Medicaid Community Support: can be billed if" in read(get(cast, "supervisor", path))


def test_the_rules_of_other_days_and_those_that_ship_are_readable(cast: StateCast) -> None:
    decided(cast)
    decided(cast, RULES, effective_from=cast.state.today())
    decided(cast, effective_from=cast.state.today() + timedelta(days=30))
    words = read(get(cast, "supervisor", "billing/rules/"))
    assert ": Small rules." in words
    assert "The plan says so." in words
    for said in ("(in force)", "(earlier)", "(not in force yet)"):
        assert said in words
    assert "Ongoing support is for a job" in read(
        get(cast, "supervisor", "billing/rules/", set="new_york_pros")
    )
    assert "Medicaid pays no tuition." in read(
        get(cast, "supervisor", "billing/rules/", set=STARTED.isoformat())
    )
    assert get(cast, "supervisor", "billing/rules/", set="2001-01-01").status_code == 404


def test_rules_are_read_before_they_are_decided(cast: StateCast) -> None:
    first = get(cast, "admin", "billing/rules/new/", like="missouri")
    assert "key: missouri" in text(first)
    sent = {"effective_from": typed(cast), "text": MISSOURI}
    preview = post(cast, "admin", "billing/rules/new/", **sent)
    assert preview.status_code == 200
    assert "no rules hold there so far. Nothing is saved yet" in read(preview)
    with cast.entered("admin"):
        assert billing_on(cast.state.pk, cast.state.today()) is None
    done = post(cast, "admin", "billing/rules/new/", **sent, looked=looked(preview))
    assert done.status_code == 302
    with cast.entered("admin"):
        assert billing_on(cast.state.pk, cast.state.today()).rules.name == "Missouri"


def test_the_preview_names_the_examples_that_come_out_otherwise(cast: StateCast) -> None:
    decided(cast)
    changed = MISSOURI.replace("Tuition is not among", "No tuition is among").replace(
        "- id: M5-vr\n  activities:\n  - tuition\n  payers:\n  - vr\n  verdict: false",
        "- id: M5-vr\n  activities:\n  - tuition\n  payers:\n  - vr\n  verdict: true",
    )
    start, case = changed.split("- activity: tuition")
    changed = start + "- activity: tuition" + case.replace("vr: false", "vr: true", 1)
    preview = post(cast, "admin", "billing/rules/new/", effective_from=typed(cast), text=changed)
    words = read(preview)
    assert "Costs" not in words.partition("What would change")[2].partition("From which day on")[0]
    assert (
        "Tuition for training: Yara wants to take a welding course. Vocational rehabilitation Not billed here "
        "Can be billed" in words
    )


def test_faults_are_told_by_line_and_nothing_typed_is_lost(cast: StateCast) -> None:
    wrong = RULES.replace("[vr]", "[bank]", 1)
    answer = post(cast, "admin", "billing/rules/new/", effective_from=typed(cast), text=wrong)
    assert answer.status_code == 422
    line = wrong.splitlines().index("  payers: [bank]") + 1
    assert f"Line {line}: There is no payer “bank”." in read(answer)
    assert "payers: [bank]" in text(answer)


def test_a_day_before_the_newest_rules_is_refused(cast: StateCast) -> None:
    decided(cast, effective_from=cast.state.today())
    answer = post(cast, "admin", "billing/rules/new/", effective_from=typed(cast, -5), text=RULES)
    assert answer.status_code == 422
    assert "when the newest rules begin" in read(answer)


def test_rules_of_the_same_day_take_the_place_of_those(cast: StateCast) -> None:
    decided(cast)
    decided(cast, RULES)
    with cast.entered("admin"):
        [row] = StatePolicy.objects.in_state(cast.state.pk).filter(subject=BILLING)
    assert row.name == "Small rules"


def test_the_same_rules_sent_again_are_decided_once(cast: StateCast) -> None:
    first = decided(cast)
    with cast.entered("admin") as by:
        again = billing.decide(cast.state, effective_from=STARTED, text=MISSOURI, seen="old", by=by)
    assert again.pk == first.pk


def test_who_read_what_holds_no_more_reads_again(cast: StateCast) -> None:
    given = {"effective_from": cast.state.today(), "text": RULES}
    with cast.entered("admin") as by:
        seen = billing.consider(cast.state, **given, by=by).mark
    decided(cast)
    with cast.entered("admin") as by, refused(StaleVersion) as stale:
        billing.decide(cast.state, **given, seen=seen, by=by)
    assert stale.value.current["replaced"] == "Missouri"
    page = post(cast, "admin", "billing/rules/new/", effective_from=typed(cast), text=RULES, looked=seen)
    assert page.status_code == 409
    assert "Not saved yet" in read(page)
    assert looked(page) == stale.value.current["version"]


def test_only_who_decides_the_policy_decides_them(cast: StateCast) -> None:
    with cast.entered("trainer") as by, refused(NotPermitted):
        billing.consider(cast.state, effective_from=STARTED, text=RULES, by=by)
    assert get(cast, "supervisor", "billing/rules/new/").status_code == 403


def test_rules_far_ahead_are_refused(cast: StateCast) -> None:
    ahead = cast.state.today() + timedelta(days=2000)
    with cast.entered("admin") as by, refused(Unacceptable):
        billing.consider(cast.state, effective_from=ahead, text=RULES, by=by)
