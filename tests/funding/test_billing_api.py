"""Billing guidance for programs says what the pages say."""

from typing import Any

import pytest

from tests.architecture.billing import RULES
from tests.cast import StateCast
from tests.fidelity.pages import signed_in
from tests.funding.deciding import begun_long_ago, decided


@pytest.fixture
def cast(cast: StateCast) -> StateCast:
    return begun_long_ago(cast)


def asked(cast: StateCast, path: str, status: int = 200, **query: str) -> Any:
    answer = signed_in(cast, "supervisor").get(f"/api/v1/meridian/billing/{path}", query)
    assert answer.status_code == status, answer.content
    return answer.json()


def test_nothing_in_force_is_an_answer(cast: StateCast) -> None:
    assert asked(cast, "")["effective_from"] is None
    assert asked(cast, "advice/")["advice"] == []
    assert asked(cast, "examples/")["examples"] == []


def test_a_case_is_answered_per_payer(cast: StateCast) -> None:
    decided(cast)
    [advice] = asked(cast, "advice/", activity="application", answers="purpose:both")["advice"]
    assert advice["advised"] == "vr"
    assert [line["verdict"] for line in advice["lines"]] == ["yes", "no", "no"]
    assert advice["lines"][1]["rule"] == "M18"
    assert advice["lines"][0]["cited_on"] == "2017-05-01"
    [advice] = asked(cast, "advice/", activity="speech")["advice"]
    assert advice["advised"] == ""
    assert advice["lines"][0] | {"reasons": []} == {
        **{key: [] for key in ("reasons", "conditions", "documents")},
        **dict.fromkeys(("offer", "rule", "cited"), ""),
        "payer": "vr",
        "verdict": "not_stated",
        "cited_on": None,
    }


def test_without_an_activity_all_are_answered(cast: StateCast) -> None:
    decided(cast)
    rules = asked(cast, "")
    advice = asked(cast, "advice/")["advice"]
    assert [each["activity"] for each in advice] == [each["key"] for each in rules["activities"]]
    assert len(asked(cast, "examples/")["examples"]) > 40


@pytest.mark.parametrize("asked_for", [{"activity": "dance"}, {"answers": "sun:yes"}, {"answers": "sun"}])
def test_what_the_rules_do_not_have_is_refused(cast: StateCast, asked_for: dict[str, str]) -> None:
    decided(cast)
    asked(cast, "advice/", status=422, **asked_for)


def test_rules_are_decided_once_their_effect_was_read(cast: StateCast) -> None:
    admin = signed_in(cast, "admin")
    base = "/api/v1/meridian/billing/"
    sent = {"effective_from": cast.state.today().isoformat(), "text": RULES}
    effect = admin.post(f"{base}what-if/", sent, content_type="application/json").json()
    assert effect["changed"] == []
    unread = admin.post(base, sent | {"version": "0" * 64}, content_type="application/json")
    assert unread.status_code == 409
    done = admin.post(base, sent | {"version": effect["version"]}, content_type="application/json")
    assert done.status_code == 201, done.content
    assert done.json()["name"] == "Small rules"
    wrong = admin.post(
        f"{base}what-if/", sent | {"text": RULES.replace("[vr]", "[bank]")}, content_type="application/json"
    )
    assert wrong.status_code == 422
    assert "There is no payer" in str(wrong.json())
