"""Weeks, months and goals over the API: open to the same people, refused in the same words as on the pages."""

from datetime import date, timedelta
from typing import Any

import pytest

from outcomes.models import MonthTally, WeekOfContacts
from tests.cast import StateCast
from tests.outcomes import quarters
from tests.outcomes.keeping import furnish, keeping_cast, last_month, left, monday, save, switch, tally
from tests.outcomes.sending import send

AWAY = ("leader", "admin", "trainer", "vr_liaison", "sibling_supervisor", "other_specialist", "stakeholder")


@pytest.fixture
def cast(db: None) -> StateCast:
    return keeping_cast()


def week(cast: StateCast, day: date | None = None) -> str:
    return f"outcomes/between/north-one/{cast.people['specialist'].pk}/{day or monday(cast, 1)}/"


def month(cast: StateCast, day: date | None = None) -> str:
    return f"outcomes/between/north-one/{cast.people['specialist'].pk}/{day or last_month(cast):%Y-%m}/"


def goals(cast: StateCast, *, own: bool = False) -> str:
    of_team = f"outcomes/between/north-one/{quarters.last_quarter(cast).slug}/goals/"
    return f"{of_team}{cast.people['specialist'].pk}/" if own else of_team


def put(cast: StateCast, persona: str, path: str, **body: Any) -> tuple[int, Any]:
    return send(cast, persona, "PUT", path, body)


def test_a_specialist_enters_the_week_and_reads_it_again(cast: StateCast) -> None:
    status, told = send(cast, "specialist", "GET", week(cast))
    assert (status, told["contacts"], told["version"], told["standard"]) == (200, None, "0", 6)
    status, told = put(cast, "specialist", week(cast), contacts=7, looking=2, version="0")
    assert (status, told["contacts"], told["standard"], told["version"]) == (200, 7, 4, "1")
    own = send(cast, "specialist", "GET", "outcomes/between/")[1]
    assert [page["on_team"]["team"]["slug"] for page in own["own"]] == ["north-one"]
    assert (own["weekly_contacts"], own["teams"]) == (True, [])


def test_the_months_of_whoever_left_are_told_with_their_numbers(cast: StateCast) -> None:
    tally(cast, last_month(cast), served=12, job_starts=0)
    path = f"outcomes/between/north-one/{quarters.last_quarter(cast).slug}/"
    assert send(cast, "supervisor", "GET", path)[1]["left"] == []
    left(cast)
    (told,) = send(cast, "supervisor", "GET", path)[1]["left"]
    assert told["person"]["name"] == "Meridian Specialist"
    assert told["month"] == last_month(cast).isoformat()
    assert (told["served"], told["employed"], told["job_starts"]) == (12, None, 0)
    switch(cast, monthly_tallies=False)
    assert send(cast, "supervisor", "GET", path)[1]["left"] == []


def test_two_who_save_the_same_week_lose_nothing(cast: StateCast) -> None:
    save(cast)
    status, told = put(cast, "supervisor", week(cast), contacts=9, looking=8, version="0")
    assert (status, told["current"]) == (409, {"version": "1"})
    assert "5 contacts, 8 looking for work" in told["error"]


def test_a_review_is_the_supervisors_and_stays_until_the_numbers_change(cast: StateCast) -> None:
    save(cast)
    today = cast.state.today().isoformat()
    numbers = {"contacts": 5, "looking": 8}
    status, told = put(cast, "specialist", week(cast), **numbers, reviewed_on=today, version="1")
    assert (status, told["error"][:39]) == (403, "A week is reviewed by a supervisor of t")
    assert put(cast, "supervisor", week(cast), **numbers, reviewed_on=today, version="1")[0] == 200
    status, told = put(cast, "supervisor", week(cast), contacts=6, looking=8, version="2")
    assert (status, told["contacts"], told["reviewed_on"]) == (200, 6, today)
    assert put(cast, "specialist", week(cast), contacts=7, looking=8, version="3")[1]["reviewed_on"] is None
    status, told = put(
        cast, "supervisor", week(cast), **numbers, reviewed_on=f"{monday(cast, 2)}", version="4"
    )
    assert (status, list(told["fields"])) == (422, ["reviewed_on"])


@pytest.mark.parametrize("value", [10_000, -1, "6", 6.0, None])
def test_numbers_are_bounded_as_on_the_form(cast: StateCast, value: Any) -> None:
    status, told = put(cast, "specialist", week(cast), contacts=value, looking=4, version="0")
    assert (status, list(told["fields"])) == (422, ["contacts"])
    with cast.entered("supervisor"):
        assert not WeekOfContacts.objects.exists()


def test_what_has_not_come_yet_is_refused_and_a_day_that_is_no_monday_is_nowhere(cast: StateCast) -> None:
    coming = monday(cast) + timedelta(weeks=1)
    assert send(cast, "specialist", "GET", week(cast, coming))[0] == 409
    assert send(cast, "specialist", "GET", week(cast, coming + timedelta(days=1)))[0] == 404


def test_a_month_is_entered_with_gaps_and_nobody_works_who_is_not_served(cast: StateCast) -> None:
    empty = dict.fromkeys(
        ("employed", "in_education", "job_starts", "transitioned_working", "transitioned_unemployed")
    )
    status, told = put(cast, "specialist", month(cast), **empty, served=9, version="0")
    assert (status, told["served"], told["employed"], told["version"]) == (200, 9, None, "1")
    status, told = put(cast, "specialist", month(cast), **empty | {"employed": 10}, served=9, version="1")
    assert (status, told["fields"]["employed"]) == (
        422,
        ["10 people working, but only 9 served. Check both."],
    )
    status, told = put(cast, "specialist", month(cast), served=9, version="1")
    assert (status, set(told["fields"])) == (422, set(empty))
    with cast.entered("supervisor"):
        assert MonthTally.objects.get().version == 1


def test_a_supervisor_sets_goals_and_reads_the_team(cast: StateCast) -> None:
    furnish(cast)
    status, told = send(cast, "supervisor", "GET", goals(cast, own=True))
    assert (status, told["contacts"], told["job_starts"]) == (200, 7, None)
    values = {"job_starts": 4, "employed": None, "contacts": None}
    assert put(cast, "supervisor", goals(cast, own=True), **values, version="0.0.0")[0] == 409
    status, told = put(cast, "supervisor", goals(cast, own=True), **values, version=told["version"])
    assert (status, told["contacts"], told["job_starts"]) == (200, None, 4)
    page = send(cast, "supervisor", "GET", f"outcomes/between/north-one/{quarters.last_quarter(cast).slug}/")[
        1
    ]
    assert [(each["person"] and each["person"]["name"], each["job_starts"]) for each in page["goals"]] == [
        (None, 9),
        (cast.people["specialist"].name, 4),
    ]
    assert {each["label"]: each["text"] for each in page["totals"]}["Job starts"] == "3"
    assert len(page["months"]) == 3


def test_goals_are_not_the_specialists_to_set(cast: StateCast) -> None:
    status, told = send(cast, "specialist", "GET", goals(cast, own=True))
    assert (status, told["error"][:34]) == (403, "Goals are set by a supervisor of t")
    assert send(cast, "specialist", "GET", goals(cast))[0] == 404


@pytest.mark.parametrize("persona", AWAY)
def test_nobody_else_finds_anything(cast: StateCast, persona: str) -> None:
    furnish(cast)
    quarter = quarters.last_quarter(cast).slug
    for path in (week(cast), month(cast), goals(cast), f"outcomes/between/north-one/{quarter}/"):
        assert send(cast, persona, "GET", path)[0] == 404


def test_what_a_state_has_not_switched_on_is_not_there(cast: StateCast) -> None:
    switch(cast, monthly_tallies=False, specialist_goals=False)
    assert send(cast, "specialist", "GET", month(cast))[0] == 404
    assert send(cast, "supervisor", "GET", goals(cast))[0] == 404
    page = send(cast, "supervisor", "GET", f"outcomes/between/north-one/{quarters.last_quarter(cast).slug}/")[
        1
    ]
    assert (page["months"], page["totals"], page["goals"]) == ([], [], [])
    switch(cast, monthly_tallies=False, specialist_goals=False, weekly_contacts=False)
    assert send(cast, "supervisor", "GET", "outcomes/between/")[0] == 404
