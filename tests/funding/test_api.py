"""Funding plans for programs: the same doors as the pages."""

import json
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from funding.models import FundingPlan
from tests.cast import StateCast
from tests.funding.plans import column, element

pytestmark = pytest.mark.django_db
SERVICE = "Work clothes"


def address(plan: FundingPlan, name: str, *more: object) -> str:
    return reverse(f"funding-api:{name}", args=[plan.state.slug, plan.public_id, *more])


def send(cast: StateCast, persona: str, method: str, path: str, body: Any = None) -> Any:
    text = "" if body is None else json.dumps(body)
    return cast.seen_by(persona).generic(method, path, text, content_type="application/json")


def test_a_plan_is_read_with_its_services_and_columns(cast: StateCast, plan: FundingPlan) -> None:
    found = send(cast, "leader", "GET", address(plan, "plan")).json()
    assert (found["name"], found["cells"]) == ("Funding plan of Meridian", [])
    assert {"Work clothes", "Travel"} <= {row["name"] for row in found["services"]}
    listed = send(cast, "leader", "GET", reverse("funding-api:plans", args=[cast.state.slug])).json()
    assert [row["id"] for row in listed["results"]] == [str(plan.public_id)]
    assert send(cast, "specialist", "GET", address(plan, "plan")).status_code == 404


def test_a_cell_is_saved_over_the_version_that_was_read(cast: StateCast, plan: FundingPlan) -> None:
    row, payer = element(plan, SERVICE), column(plan, "Milestone payments")
    path = address(plan, "cell", row.pk, payer.pk)
    body = {"status": "pays", "method": "milestone", "limit_days": 90, "version": 0}
    assert send(cast, "mh_liaison", "PUT", path, body).status_code == 403
    saved = send(cast, "vr_liaison", "PUT", path, body)
    assert (saved.status_code, saved.json()["version"], saved.json()["limit_days"]) == (200, 1, 90)
    slower = send(cast, "admin", "PUT", path, body | {"status": "no"})
    assert (slower.status_code, slower.json()["current"]["status"]) == (409, "pays")
    wrong = send(cast, "vr_liaison", "PUT", path, {"status": "partly", "version": 1})
    assert (wrong.status_code, [*wrong.json()["fields"]]) == (422, ["condition"])


def test_gaps_name_services_and_columns(cast: StateCast, plan: FundingPlan) -> None:
    found = send(cast, "vr_liaison", "GET", address(plan, "gaps")).json()["gaps"]
    assert "Nobody pays for this phase" in {gap["title"] for gap in found}
    assert all(gap["reason"] and gap["cited"] for gap in found)


def test_a_question_is_asked_and_answered(cast: StateCast, plan: FundingPlan) -> None:
    row, payer = element(plan, SERVICE), column(plan, "Milestone payments")
    path = address(plan, "notes", row.pk, payer.pk)
    body = {"text": "For how long?", "is_question": True, "key": str(uuid4())}
    assert send(cast, "leader", "POST", path, body).status_code == 403
    asked = send(cast, "mh_liaison", "POST", path, body)
    assert asked.status_code == 201
    answered = address(plan, "answer", asked.json()["id"])
    assert send(cast, "mh_liaison", "POST", answered, {"text": "A year."}).status_code == 403
    told = send(cast, "vr_liaison", "POST", answered, {"text": "Ninety days."})
    assert (told.status_code, told.json()["answer"]) == (200, "Ninety days.")
    assert len(send(cast, "leader", "GET", path).json()["notes"]) == 1


def test_a_version_is_put_forward_and_signed(cast: StateCast, plan: FundingPlan) -> None:
    path = address(plan, "versions")
    assert send(cast, "vr_liaison", "POST", path, {"after": 0}).status_code == 403
    made = send(cast, "trainer", "POST", path, {"after": 0, "note": "First."})
    assert (made.status_code, made.json()["number"], made.json()["is_agreed"]) == (201, 1, False)
    sign = address(plan, "sign", 1)
    assert send(cast, "leader", "POST", sign).status_code == 403
    signed = send(cast, "vr_liaison", "POST", sign).json()
    assert signed["signed"] == ["Vocational Rehabilitation"]
    assert len(signed["waiting"]) == 2
    assert send(cast, "vr_liaison", "POST", sign).status_code == 409
