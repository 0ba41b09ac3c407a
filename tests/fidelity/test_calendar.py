"""The calendar: whose days, which of them, past ones first, as a page, a file and over the API."""

from datetime import timedelta

import pytest
import time_machine

from fidelity.models import ActionPlan
from tests.cast import StateCast, make_cast
from tests.fidelity import reviews
from tests.fidelity.pages import get, queries, signed_in, text

PAGE = "reviews/calendar/"


@pytest.fixture
def cast(db: None) -> StateCast:
    """North One was reviewed long ago and is past its day; South One is visited in three weeks."""
    state = reviews.under(make_cast().meridian, "louisiana")
    reviews.issued(state, score=4, days_ago=700)
    reviews.scheduled(state, team="south_one", starts_on=state.state.today() + timedelta(days=21))
    return state


def told(cast: StateCast, persona: str, **query: str) -> list[tuple[str, str, str]]:
    """(month, what, team)"""
    months = get(cast, persona, PAGE, **query).context["months"]
    return [(month.name, entry.label, entry.team.slug) for month, found in months for entry, _ in found]


@pytest.mark.parametrize(
    ("persona", "status"),
    [
        *(("admin", 200), ("trainer", 200), ("vr_liaison", 200), ("leader", 200), ("specialist", 200)),
        *(("stakeholder", 404), ("operator", 404)),
    ],
)
def test_who_reads_it(cast: StateCast, persona: str, status: int) -> None:
    assert get(cast, persona, PAGE).status_code == status


def test_what_is_past_its_day_comes_first_and_a_visit_stands_in_its_month(cast: StateCast) -> None:
    day = cast.state.today() + timedelta(days=21)
    found = told(cast, "admin")
    assert found[0] == ("Past their day", "Review due", "north-one")
    assert (f"{day:%B %Y}", "Visit", "south-one") in found
    assert not [each for each in found if each[1] == "Review due" and each[2] == "south-one"]


def test_an_agency_reads_its_own_days_alone(cast: StateCast) -> None:
    assert {team for _, _, team in told(cast, "leader")} <= {"north-one", "north-two"}
    assert {team for _, _, team in told(cast, "other_leader")} == {"south-one"}
    assert told(cast, "other_leader", agency="north-center") == told(cast, "other_leader")
    assert told(cast, "admin", agency="nowhere") == []


def test_a_plan_that_is_not_in_use_has_its_day(cast: StateCast) -> None:
    with reviews.acting(cast, "trainer"):
        plan = ActionPlan.objects.get(status="draft")
    what = "Plan to be put in use"
    assert (f"{plan.due_on:%B %Y}", what, "north-one") in told(cast, "leader")
    with time_machine.travel(plan.due_on + timedelta(days=2)):
        assert ("Past their day", what, "north-one") in told(cast, "leader")


def test_a_filter_stays_in_the_address_and_in_the_file(cast: StateCast) -> None:
    assert {what for _, what, _ in told(cast, "admin", kind="visit")} == {"Visit"}
    file = text(get(cast, "admin", "reviews/calendar.csv", kind="visit"))
    assert "South" in file
    assert "Review due" not in file
    assert "Nothing fits this filter" in text(get(cast, "admin", PAGE, kind="draft"))


def test_the_api_tells_the_same_days(cast: StateCast) -> None:
    answer = signed_in(cast, "admin").get(f"/api/v1/meridian/{PAGE}").json()
    assert [(day["kind"], day["team"]) for day in answer["days"] if day["is_past"]] == [
        (entry.kind, entry.team.slug)
        for month, found in get(cast, "admin", PAGE).context["months"]
        for entry, _ in found
        if month.is_past
    ]


def test_more_teams_ask_no_more_questions(cast: StateCast) -> None:
    before = queries(cast, "admin", PAGE)
    for team in ("north_two", "south_one"):
        reviews.issued(cast, score=4, days_ago=500, team=team)
    assert queries(cast, "admin", PAGE) <= before
