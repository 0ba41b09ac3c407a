"""What payers pay, for programs: the same doors as the pages."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.cast import Cast, StateCast
from tests.funding.rates import HOURS, begun
from tests.funding.test_api import send

pytestmark = pytest.mark.django_db
START = {"name": "Job start", "trigger": "job_start", "amount": "1200.00"}
HELD = {
    "name": "45 days",
    "trigger": "days_worked",
    "days": 45,
    "amount": "900.50",
    "requires": "Job start",
}
SENT = {
    "payer": "vr",
    "name": "Milestones",
    "starts_on": "2026-01-01",
    "keeper": "VR",
    "payments": [HELD, START],
}


def address(cast: StateCast, name: str = "rates", *more: Any) -> str:
    return reverse(f"funding-api:{name}", args=[cast.state.slug, *more])


def test_a_schedule_is_written_down_read_changed_and_followed(cast: StateCast) -> None:
    assert send(cast, "vr_liaison", "POST", address(cast), SENT).status_code == 403
    made = send(cast, "admin", "POST", address(cast), SENT)
    assert made.status_code == 201
    path = address(cast, "rate", made.json()["id"])
    found = send(cast, "payer", "GET", path).json()
    assert [(each["name"], each["amount"], each["requires"]) for each in found["payments"]] == [
        ("45 days", "900.50", "Job start"),
        ("Job start", "1200.00", None),
    ]
    change = {"starts_on": "2026-01-01", "payments": [START | {"amount": "1300"}], "version": 1}
    assert send(cast, "mh_liaison", "PUT", path, change).status_code == 403
    saved = send(cast, "vr_liaison", "PUT", path, change).json()
    assert (saved["payments"][0]["amount"], saved["kept_by"], saved["version"]) == (
        "1300.00",
        "Vocational Rehabilitation",
        2,
    )
    slower = send(cast, "admin", "PUT", path, change)
    assert (slower.status_code, slower.json()["current"]["payments"][0]["amount"]) == (409, "1300.00")
    assert send(cast, "vr_liaison", "PUT", path, change | {"keeper": "", "version": 2}).status_code == 403
    later = {"starts_on": "2099-01-01", "payments": [START]}
    made = send(cast, "vr_liaison", "POST", address(cast, "rate-next", found["id"]), later)
    assert (made.status_code, made.json()["name"]) == (201, "Milestones")
    assert send(cast, "payer", "GET", path).json()["until"] == "2098-12-31"
    assert send(cast, "supervisor", "GET", path).status_code == 404
    named = {"written_in": "Jane Doe, 123-45-6789", "version": 2}
    answer = send(cast, "vr_liaison", "PUT", path, change | named)
    assert (answer.status_code, [*answer.json()["fields"]]) == (422, ["written_in"])


@pytest.mark.parametrize(
    ("payments", "field"),
    [
        ([START | {"amount": "1.005"}], "payments.0.amount"),
        ([START | {"amount": "-1"}], "payments.0.amount"),
        ([START | {"amount": 1200}], "payments.0.amount"),
        ([START | {"requires": "Job start"}], "payments.0.requires"),
        (
            [START | {"name": "A", "requires": "B"}, START | {"name": "B", "requires": "A"}],
            "payments.0.requires",
        ),
        ([HELD], "payments.0.requires"),
        ([START, START], "payments.1.name"),
        ([HELD | {"days": None}, START], "payments.0.days"),
        ([], "payments"),
    ],
)
def test_what_cannot_be_is_refused_by_its_field(cast: StateCast, payments: list[Any], field: str) -> None:
    answer = send(cast, "admin", "POST", address(cast), SENT | {"payments": payments})
    assert (answer.status_code, next(iter(answer.json()["fields"]))) == (422, field)
    assert send(cast, "admin", "GET", address(cast)).json()["count"] == 0


def test_the_list_is_narrowed_and_asks_as_much_for_many(cast: StateCast) -> None:
    begun(cast, HOURS)
    found = send(cast, "leader", "GET", f"{address(cast)}?payer=vr").json()
    assert found["results"] == []

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            send(cast, "leader", "GET", f"{address(cast)}?show=all&q=hours")
        return len(queries)

    asked()
    before = asked()
    for number in range(8):
        begun(cast, HOURS, name=f"Hours {number}")
    assert asked() == before


def test_a_schedule_of_another_state_is_not_there(both: Cast) -> None:
    row = begun(both.meridian)
    for method, body in (("GET", None), ("PUT", SENT | {"version": 1})):
        path = address(both.bayou, "rate", row.public_id)
        assert send(both.bayou, "admin", method, path, body).status_code == 404
