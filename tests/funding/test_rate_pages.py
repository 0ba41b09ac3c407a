"""What payers pay in the browser's eyes: the list, one schedule, and the form of a whole one."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agencies import tenancy
from funding.actions import money
from funding.models import PaymentSchedule, SchedulePayment
from funding.rates import payments_of
from tests.cast import Cast, StateCast
from tests.funding.rates import BEGINS, CLOSED, HELD, HOURS, MILESTONES, START, begun

pytestmark = pytest.mark.django_db
TYPED = {
    "payer": "vr",
    "name": "Milestones",
    "keeper": "VR",
    "starts_on": "1/1/2026",
    "version": "0",
    "rows": "8",
    "2-name": "Job start",
    "2-trigger": "job_start",
    "2-amount": "$1,200",
    "1-name": "45 days",
    "1-trigger": "days_worked",
    "1-days": "45",
    "1-amount": "900.50",
    "1-requires": "2",
}


def address(cast: StateCast, name: str, *more: object) -> str:
    return reverse(f"funding:{name}", args=[cast.state.slug, *more])


def send(cast: StateCast, persona: str, path: str, **said: Any) -> Any:
    return cast.seen_by(persona).post(path, TYPED | said)


def written(cast: StateCast) -> PaymentSchedule | None:
    with tenancy.as_system(cast.state.pk):
        return PaymentSchedule.objects.first()


def test_a_schedule_is_typed_row_by_row_in_any_order(cast: StateCast) -> None:
    answer = send(cast, "admin", address(cast, "rate-new"))
    row = written(cast)
    assert row is not None
    assert answer["Location"] == address(cast, "rate-page", row.public_id)
    with cast.entered("vr_liaison"):
        assert payments_of(row) == (HELD, START)
    page = cast.seen_by("leader").get(answer["Location"]).content.decode()
    assert all(
        words in page for words in ("$1,200.00", "45 days worked", "Kept by Vocational Rehabilitation")
    )
    assert "Write the next version" not in page
    assert "Write the next version" in cast.seen_by("vr_liaison").get(answer["Location"]).content.decode()


@pytest.mark.parametrize(
    ("said", "field", "words"),
    [
        ({"1-amount": "-5"}, "1-amount", "not less than nothing"),
        ({"1-amount": "10.005"}, "1-amount", "two digits at most"),
        ({"1-amount": "1,25"}, "1-amount", "in digits"),
        ({"1-amount": "NaN"}, "1-amount", "in digits"),
        ({"1-amount": ""}, "1-amount", "Write the amount"),
        ({"1-requires": "1"}, "1-requires", "requires itself"),
        ({"1-requires": "7"}, "1-requires", "Row 7 is empty"),
        ({"2-requires": "1"}, "2-requires", "none of them could ever be paid"),
        ({"1-days": ""}, "1-days", "how many days worked"),
        ({"5-pays_only_if": "One job sufficed"}, "5-name", "Name the payment"),
        ({"1-name": "job START"}, "2-name", "Give it another name"),
        ({"ends_on": "12/31/2025"}, "ends_on", "ends before it starts"),
        ({"1-pays_only_if": "Jane Doe, 123-45-6789"}, "1-pays_only_if", "may hold"),
    ],
)
def test_a_fault_stands_beside_its_row_and_what_was_typed_stays(
    cast: StateCast, said: dict[str, str], field: str, words: str
) -> None:
    answer = send(cast, "admin", address(cast, "rate-new"), **said)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'id="id_{field}_error"' in page
    assert words in page.partition(f'id="id_{field}_error"')[2].partition("</span>")[0]
    assert 'value="900.50"' in page or "1-amount" in said
    assert written(cast) is None


def test_every_fault_is_told_at_once(cast: StateCast) -> None:
    answer = send(
        cast, "admin", address(cast, "rate-new"), **{"1-amount": "x", "1-days": "", "2-requires": "1"}
    )
    page = answer.content.decode()
    for field in ("1-amount", "1-days", "1-requires", "2-requires"):
        assert f'id="id_{field}_error"' in page


def test_the_slower_of_two_sees_what_stands_and_keeps_what_was_typed(cast: StateCast) -> None:
    row = begun(cast)
    path = address(cast, "rate-edit", row.public_id)
    said = {"payer": "vr", "version": "1", "2-amount": "1350"}
    assert send(cast, "admin", path, **said).status_code == 302
    answer = send(cast, "admin", path, **(said | {"2-amount": "1400"}))
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Stands now" in page
    assert "$1,350.00" in page
    assert 'value="1400"' in page
    assert send(cast, "admin", path, **(said | {"2-amount": "1400", "version": "2"})).status_code == 302
    with tenancy.as_system(cast.state.pk):
        assert SchedulePayment.objects.get(name="Job start").amount == 1400


def test_who_keeps_a_schedule_changes_amounts_but_not_whose_it_is(cast: StateCast) -> None:
    row = begun(cast)
    path = address(cast, "rate-edit", row.public_id)
    for persona, status in (("mh_liaison", 403), ("leader", 403), ("supervisor", 404), ("vr_liaison", 200)):
        assert cast.seen_by(persona).get(path).status_code == status
    own = {name: text for name, text in TYPED.items() if name not in ("payer", "name", "keeper")}
    answer = cast.seen_by("vr_liaison").post(path, own | {"version": "1", "keeper": "MH"})
    assert (answer.status_code, "Unknown field: keeper" in answer.content.decode()) == (422, True)
    assert cast.seen_by("vr_liaison").post(path, own | {"version": "1"}).status_code == 302
    assert cast.seen_by("leader").get(address(cast, "rate-new")).status_code == 403
    assert cast.seen_by("vr_liaison").get(address(cast, "rate-new")).status_code == 403


def test_the_next_version_begins_with_the_amounts_of_this_one(cast: StateCast) -> None:
    row = begun(cast)
    path = address(cast, "rate-next", row.public_id)
    page = cast.seen_by("vr_liaison").get(path).content.decode()
    assert 'value="2,000.00"' in page
    own = {name: text for name, text in TYPED.items() if name not in ("payer", "name", "keeper")}
    assert cast.seen_by("vr_liaison").post(path, own).status_code == 422  # the same first day
    day = cast.state.today() + timedelta(days=30)
    answer = cast.seen_by("vr_liaison").post(path, own | {"starts_on": f"{day:%m/%d/%Y}"})
    assert answer.status_code == 302
    page = cast.seen_by("vr_liaison").get(answer["Location"]).content.decode()
    assert "To come" in page
    assert "Other versions" in page


def test_the_list_shows_past_versions_where_they_are_asked_for(cast: StateCast) -> None:
    begun(cast, ends_on=date(2026, 3, 31))
    begun(cast, HOURS)
    browser = cast.seen_by("payer")
    page = browser.get(address(cast, "rate-list")).content.decode()
    assert "Hour $61.25" in page
    assert "Milestones" not in page
    assert "Milestones" in browser.get(address(cast, "rate-list"), {"show": "all"}).content.decode()
    found = browser.get(address(cast, "rate-list"), {"show": "all", "q": "rehab mile"}).content.decode()
    assert "Milestones" in found
    assert "Hour $61.25" not in found
    assert cast.seen_by("supervisor").get(address(cast, "rate-list")).status_code == 404


def test_the_list_asks_as_much_for_many_as_for_few(cast: StateCast) -> None:
    browser = cast.seen_by("admin")

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(address(cast, "rate-list"), {"show": "all"}).status_code == 200
        return len(queries)

    row = begun(cast)
    asked()
    before = asked()
    for number in range(12):
        begun(cast, HOURS, name=f"Hours {number}")
        with cast.entered("admin") as by:
            later = replace(MILESTONES, starts_on=BEGINS + timedelta(days=30 + number))
            money.follow(row, later, by=by)
    assert asked() == before


def test_nobody_of_another_state_finds_a_schedule(both: Cast) -> None:
    row = begun(both.meridian, payments=(START, HELD, CLOSED))
    for persona in ("admin", "vr_liaison", "leader"):
        for name in ("rate-page", "rate-edit", "rate-next"):
            browser = both.bayou.seen_by(persona)
            assert browser.get(address(both.meridian, name, row.public_id)).status_code == 404
            assert browser.get(address(both.bayou, name, row.public_id)).status_code == 404
            if name != "rate-page":
                assert browser.post(address(both.bayou, name, row.public_id), TYPED).status_code == 404
