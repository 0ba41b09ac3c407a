"""A state's rules decided by a program: what they would change is read first, by the same rules as on the page."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections

from agencies.models import StatePolicy
from agencies.refusals import StaleVersion
from fidelity.actions import policies
from fidelity.forms.policies import asked
from fidelity.in_force import policy_on
from fidelity.policy import FidelityPolicy
from fidelity.policy_fields import BY_PATH
from tests.cast import STARTED, StateCast, make_cast
from tests.fidelity import reviews
from tests.fidelity.pages import get, post, text
from tests.fidelity.rules import COMMITTEE
from tests.fidelity.test_api import Program
from tests.fidelity.test_reviews_at_once import Other
from tests.fidelity.test_what_if import EDIT, looked, typed

POLICY, WHAT_IF = "policy/", "policy/what-if/"
RULES = {"effective_from": STARTED.isoformat(), "source": COMMITTEE, "values": {"after_good_months": 3}}


@pytest.fixture
def cast(db: None) -> StateCast:
    return reviews.under(make_cast().meridian, "louisiana")


def with_values(**changed: Any) -> dict[str, Any]:
    return RULES | {"values": {path.replace("-", "."): value for path, value in changed.items()}}


def stored(cast: StateCast) -> FidelityPolicy:
    with cast.entered("admin"):
        return policy_on(cast.state.pk, cast.state.today())


def rows(cast: StateCast) -> int:
    with cast.entered("admin") as admin:
        found = StatePolicy.objects.visible_to(admin).filter(subject=policies.SUBJECT)
        return int(found.count())


def test_what_would_change_is_read_before_it_is_decided(cast: StateCast) -> None:
    reviews.issued(cast, score=4, days_ago=100)
    admin = Program(cast, "admin")
    effect = admin.send("POST", WHAT_IF, RULES)
    assert (effect["teams"], [line["team"] for line in effect["changed"]]) == (
        4,
        [{"slug": "north-one", "name": "Meridian North Team One"}],
    )
    [due] = [each for each in effect["changed"][0]["differences"] if each["label"] == "Next review"]
    assert due["after"].endswith(", overdue")
    assert (effect["reports"], stored(cast).after_good_months) == (None, 12)
    told = admin.send("POST", POLICY, RULES | {"version": effect["version"]}, wanted=201)
    [row] = [row for row in told["rules"] if row["path"] == "after_good_months"]
    assert (row["value"], row["words"], row["cited"]) == (3, "Every 3 months", COMMITTEE)
    assert stored(cast).after_good_months == 3
    assert told == admin.get(f"{POLICY}?on={STARTED}")


def test_page_and_program_read_the_same_answer(cast: StateCast) -> None:
    """What one has read, the other may decide."""
    reviews.issued(cast, score=4, days_ago=100)
    form = typed(cast, after_good_months="3", moderation="on", source=COMMITTEE)
    page = post(cast, "admin", EDIT, **form)
    rules = with_values(after_good_months=3, moderation=True)
    effect = Program(cast, "admin").send("POST", WHAT_IF, rules)
    assert looked(page) == effect["version"]
    for told in (*effect["changed"][0]["differences"], effect["reports"]):
        assert told["before"] in text(page)
        assert told["after"] in text(page)
    Program(cast, "admin").send("POST", POLICY, rules | {"version": looked(page)}, wanted=201)
    assert stored(cast).moderation


def test_every_rule_the_page_decides_is_decided_by_what_the_policy_shows(cast: StateCast) -> None:
    admin = Program(cast, "admin")
    shown = {row["path"]: row for row in admin.get(POLICY)["rules"]}
    assert {path for path, row in shown.items() if row["is_decided_here"]} == set(asked()) & set(shown)
    values = {path: row["value"] for path, row in shown.items() if row["is_decided_here"]}
    effect = admin.send("POST", WHAT_IF, RULES | {"values": values})
    assert (effect["changed"], effect["reports"]) == ([], None)
    hidden = set(asked()) - set(shown)
    assert {BY_PATH[path].needs for path in hidden} <= set(asked())
    admin.send("POST", WHAT_IF, RULES | {"values": {path: stored(cast).values[path] for path in hidden}})


def test_nothing_is_decided_that_was_not_read(cast: StateCast) -> None:
    reviews.issued(cast, score=4, days_ago=100)
    admin = Program(cast, "admin")
    effect = admin.send("POST", WHAT_IF, RULES)
    other = admin.ask("POST", POLICY, with_values(after_good_months=6) | {"version": effect["version"]})
    assert other.status_code == 409
    news = admin.send("POST", WHAT_IF, with_values(after_good_months=6))
    assert other.json()["current"] == news
    reviews.issued(cast, score=4, days_ago=90, team="north_two")
    meanwhile = admin.ask("POST", POLICY, RULES | {"version": effect["version"]})
    assert (meanwhile.status_code, len(meanwhile.json()["current"]["changed"])) == (409, 2)
    assert "Nothing is saved yet" in meanwhile.json()["error"]
    assert (stored(cast).after_good_months, rows(cast)) == (12, 1)
    admin.send("POST", POLICY, RULES | {"version": meanwhile.json()["current"]["version"]}, wanted=201)


def test_the_same_request_sent_again_is_answered_like_the_first(cast: StateCast) -> None:
    reviews.issued(cast, score=4, days_ago=100)
    admin = Program(cast, "admin")
    day = cast.state.today() + timedelta(days=20)
    rules = RULES | {"effective_from": day.isoformat()}
    sent = rules | {"version": admin.send("POST", WHAT_IF, rules)["version"]}
    first, again = (admin.send("POST", POLICY, sent, wanted=201) for _ in range(2))
    assert (first, rows(cast)) == (again, 2)
    assert (stored(cast).after_good_months, admin.get(f"{POLICY}?on={day}")) == (12, first)
    later = with_values(after_good_months=9) | {"effective_from": (day + timedelta(days=9)).isoformat()}
    admin.send("POST", POLICY, later | {"version": admin.send("POST", WHAT_IF, later)["version"]}, wanted=201)
    assert (admin.send("POST", POLICY, sent, wanted=201)["rules"], rows(cast)) == (first["rules"], 3)
    assert refused_at(admin, rules | {"source": "Another."}) == ["effective_from"]


@pytest.mark.parametrize(("persona", "status"), [("trainer", 403), ("leader", 403), ("payer", 403)])
def test_only_the_state_admin_decides(cast: StateCast, persona: str, status: int) -> None:
    program = Program(cast, persona)
    for address, body in ((WHAT_IF, RULES), (POLICY, RULES | {"version": "x"})):
        answer = program.ask("POST", address, body)
        assert answer.status_code == status
        assert answer.json()["error"]
    assert get(cast, persona, EDIT).status_code == status


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"after_good_months": 0, "until_good_months": 1000}, ["after_good_months", "until_good_months"]),
        ({"after_good_months": -1}, ["after_good_months"]),
        ({"after_good_months": "3"}, ["after_good_months"]),
        ({"after_good_months": 3.0}, ["after_good_months"]),
        ({"after_good_months": True}, ["after_good_months"]),
        ({"treshold": 1, "after_good_month": 3}, ["after_good_month", "treshold"]),
        ({"min_reviewers": 2}, ["min_reviewers"]),
        ({"thresholds": {"good": 90}}, ["thresholds"]),
        ({"thresholds.good": 120}, ["thresholds.exemplary", "thresholds.fair", "thresholds.good"]),
        ({"thresholds.good": 501}, ["thresholds.good"]),
        ({"thresholds.good": None}, ["thresholds.good"]),
        ({"thresholds.fair": 20, "thresholds.exemplary": 126}, ["thresholds.exemplary", "thresholds.fair"]),
        ({"scale_version": "nobodys"}, ["scale_version"]),
        ({"scale_version": ""}, ["scale_version"]),
        ({"moderation": "on"}, ["moderation"]),
        ({"overdue_effect": "nothing"}, ["overdue_effect"]),
        ({"answer_days": 61}, ["answer_days"]),
        ({"action_plan.due_days": 0}, ["action_plan.due_days"]),
        ({"action_plan.approver": "x" * 161}, ["action_plan.approver"]),
        ({"probation.months": None}, ["probation.months"]),
        ({"probation.trigger_total_below": 101}, ["probation.trigger_total_below"]),
        ({"intake_restriction.lift_total": 120}, ["intake_restriction.lift_total"]),
        ({"exemplary_extension.months": 6}, ["exemplary_extension.months"]),
        (
            {"probation.enabled": False},
            ["intake_restriction.after_failed_probation", "probation.enabled"],
        ),
        ({"incentive.what": "Training days"}, ["incentive.decided_by"]),
    ],
)
def test_a_value_that_cannot_be_is_named(cast: StateCast, changed: dict[str, Any], named: list[str]) -> None:
    assert refused(cast, RULES | {"values": changed}) == [f"values.{path}" for path in named]


@pytest.mark.parametrize(
    ("body", "named"),
    [
        (RULES | {"effective_from": "2020-01-05"}, ["effective_from"]),
        (RULES | {"effective_from": "2090-01-05"}, ["effective_from"]),
        (RULES | {"effective_from": "soon"}, ["effective_from"]),
        (RULES | {"source": " "}, ["source"]),
        (RULES | {"values": None}, ["values"]),
        (RULES | {"values": [3]}, ["values"]),
        (RULES | {"decided_by": "me"}, ["decided_by"]),
        ({"source": COMMITTEE}, ["effective_from", "values"]),
    ],
)
def test_what_belongs_to_no_rule_is_named_too(
    cast: StateCast, body: dict[str, Any], named: list[str]
) -> None:
    assert refused(cast, body) == named


def refused_at(program: Program, body: dict[str, Any]) -> list[str]:
    answer = program.ask("POST", POLICY, body | {"version": "x"})
    assert answer.status_code == 422
    return list(answer.json()["fields"])


def refused(cast: StateCast, body: dict[str, Any]) -> list[str]:
    """The fields both addresses name. Nothing is saved."""
    admin, before = Program(cast, "admin"), stored(cast)
    answers = [
        admin.ask("POST", WHAT_IF, body),
        admin.ask("POST", POLICY, body | {"version": "x"}),
    ]
    assert [answer.status_code for answer in answers] == [422, 422], answers[0].content
    first, second = (sorted(answer.json()["fields"]) for answer in answers)
    assert (first, rows(cast)) == (second, 1)
    assert stored(cast) == before
    return first


@pytest.fixture
def at_once(transactional_db: None) -> Iterator[StateCast]:
    yield reviews.under(make_cast().meridian, "louisiana")
    connections.close_all()


def test_of_two_who_decide_at_once_the_second_reads_anew(at_once: StateCast) -> None:
    cast = at_once
    reviews.issued(cast, score=4, days_ago=100)
    given = {"effective_from": cast.state.today(), "source": COMMITTEE}

    def decide(months: int, seen: str) -> StatePolicy:
        with reviews.acting(cast, "admin") as by:
            return policies.decide(
                cast.state, values={"after_good_months": months}, seen=seen, by=by, **given
            )

    with reviews.acting(cast, "admin") as by:
        marks = {
            months: policies.consider(cast.state, values={"after_good_months": months}, by=by, **given).mark
            for months in (3, 9)
        }
    other = Other(lambda: decide(9, marks[9]))
    with reviews.acting(cast, "admin") as by:
        policies.decide(cast.state, values={"after_good_months": 3}, seen=marks[3], by=by, **given)
        other.begins()
    assert isinstance(other.answer(), StaleVersion)
    assert stored(cast).after_good_months == 3
