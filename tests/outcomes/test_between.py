"""Between quarters: weeks, months and goals as a specialist and a supervisor use them."""

from datetime import date, timedelta
from typing import Any

import pytest

from agencies.refusals import NotPermitted, StaleVersion, Unacceptable, WrongStatus
from ips_portal.quarters import Quarter
from outcomes.actions import between
from outcomes.dashboards.between import beside_entry, mondays, months, standard, sums
from outcomes.in_force import policy_of
from outcomes.models import MonthTally, TeamGoal, WeekOfContacts
from tests.cast import StateCast, refused
from tests.outcomes import quarters
from tests.outcomes.keeping import (
    FLAGS,
    at,
    colleague,
    furnish,
    keeping_cast,
    last_month,
    left,
    monday,
    save,
    seat,
    switch,
    tally,
    text_of,
    week_at,
)


@pytest.fixture
def cast(db: None) -> StateCast:
    return keeping_cast()


# --- weeks ----------------------------------------------------------------------------------------------------
def test_a_specialist_enters_the_week_on_its_page(cast: StateCast) -> None:
    browser = cast.seen_by("specialist")
    first = text_of(browser, at(cast, "between-list"))
    assert week_at(cast, monday(cast)) in first
    path = week_at(cast, monday(cast))
    page = text_of(browser, path)
    assert "The standard is <b>6</b>" in page
    assert "reviewed_on" not in page
    assert week_at(cast, monday(cast, 1)) in page  # the week before; there is none after this one
    assert "Next week" not in page
    sent = browser.post(path, {"contacts": "7", "looking": "9", "seen_as": "0"})
    assert sent.headers["Location"] == path
    with cast.entered("supervisor"):
        row = WeekOfContacts.objects.get()
    assert (row.contacts, row.looking, row.reviewed_on, row.version) == (7, 9, None, 1)


def test_a_review_is_the_supervisors_and_falls_with_the_numbers(cast: StateCast) -> None:
    save(cast)
    today = cast.state.today()
    browser = cast.seen_by("supervisor")
    path = week_at(cast, monday(cast, 1))
    form = {"contacts": "5", "looking": "8", "reviewed_on": f"{today:%m/%d/%Y}", "seen_as": "1"}
    assert browser.post(path, form).status_code == 302
    assert "Reviewed on" in text_of(cast.seen_by("specialist"), path)
    with cast.entered("supervisor") as by:
        row = WeekOfContacts.objects.get()
    assert (row.reviewed_on, row.reviewed_by_id) == (today, by.person_id)
    kept = save(cast, seen="2")  # the same numbers once more
    assert kept.reviewed_on == today
    assert save(cast, seen="2", contacts=6).reviewed_on is None


def test_a_specialist_cannot_send_a_review(cast: StateCast) -> None:
    form = {"contacts": "5", "looking": "8", "reviewed_on": "1/5/2026", "seen_as": "0"}
    answer = cast.seen_by("specialist").post(week_at(cast, monday(cast)), form)
    assert answer.status_code == 422
    assert "Unknown field" in answer.content.decode()


@pytest.mark.parametrize("typed", ["n/a", "6.0", "1,23", "-1", "<6", "=3+3", "six", "10000", ""])
def test_numbers_are_read_as_in_the_quarter(cast: StateCast, typed: str) -> None:
    answer = cast.seen_by("specialist").post(
        week_at(cast, monday(cast)), {"contacts": typed, "looking": "4", "seen_as": "0"}
    )
    assert answer.status_code == 422
    with cast.entered("supervisor"):
        assert not WeekOfContacts.objects.exists()


def test_two_who_save_the_same_week_lose_nothing(cast: StateCast) -> None:
    save(cast)
    with refused(StaleVersion, "5 contacts, 8 looking"):
        save(cast, "supervisor", seen="0", contacts=9)
    browser = cast.seen_by("supervisor")
    path = week_at(cast, monday(cast, 1))
    form = {"contacts": "9", "looking": "8", "reviewed_on": "", "seen_as": "0"}
    told = browser.post(path, form)
    assert told.status_code == 422
    assert "Nothing was overwritten" in told.content.decode()
    assert 'value="9"' in told.content.decode()
    assert browser.post(path, form | {"seen_as": "1"}).status_code == 302


def test_a_week_to_come_and_a_day_that_is_no_monday_are_refused(cast: StateCast) -> None:
    coming = monday(cast) + timedelta(weeks=1)
    with refused(WrongStatus, "has not come yet"):
        save(cast, monday=coming)
    with refused(Unacceptable, "Monday"):
        save(cast, monday=monday(cast) - timedelta(days=1))
    with refused(Unacceptable, "review lies"):
        save(cast, "supervisor", reviewed_on=cast.state.today() + timedelta(days=1))
    browser = cast.seen_by("specialist")
    answer = browser.get(week_at(cast, coming))
    assert (answer.status_code, "has not come yet" in answer.content.decode()) == (409, True)
    assert browser.get(week_at(cast, coming + timedelta(days=1)).replace("//", "/")).status_code == 404


def test_a_person_who_is_not_on_the_team_has_no_week_there(cast: StateCast) -> None:
    browser = cast.seen_by("supervisor")
    for persona in ("other_specialist", "supervisor", "leader"):
        assert browser.get(week_at(cast, monday(cast), persona)).status_code == 404
    assert browser.get(week_at(cast, monday(cast), "specialist", "north-two")).status_code == 404
    beyond = at(cast, "between-week", "north-one", 10**30, monday(cast))
    assert browser.get(beyond).status_code == 404


def test_a_specialist_who_has_left_has_no_page_and_the_months_stay(cast: StateCast) -> None:
    tally(cast, last_month(cast), job_starts=3)
    left(cast)
    browser = cast.seen_by("supervisor")
    assert browser.get(week_at(cast, monday(cast))).status_code == 404
    page = text_of(browser, at(cast, "between-team", "north-one", quarters.last_quarter(cast)))
    assert '<td data-label="From the tallies">3</td>' in page


def test_the_tallies_of_whoever_left_in_the_quarter_are_read_and_not_edited(cast: StateCast) -> None:
    colleague(cast, "colleague")
    first, _, third = months(quarters.last_quarter(cast))
    tally(cast, first, served=10, job_starts=0)
    tally(cast, third, served=12, employed=5)
    tally(cast, first, "colleague", "colleague", served=7)
    path = at(cast, "between-team", "north-one", quarters.last_quarter(cast))
    browser = cast.seen_by("supervisor")
    assert "Left in this quarter" not in text_of(browser, path)
    left(cast)
    page = text_of(browser, path)
    part = page[page.index("Left in this quarter") : page.index("What the months give")]
    assert (part.count("Meridian Specialist"), "Meridian Colleague" in part) == (2, False)
    assert [f"{first:%B}" in part, f"{third:%B}" in part] == [True, True]
    assert '<td data-label="People served">12</td>' in part
    assert '<td data-label="Job starts">0</td>' in part
    assert "not entered" in part
    assert "<a " not in part
    person = cast.people["specialist"].pk
    assert browser.get(at(cast, "between-month", "north-one", person, first)).status_code == 404


# --- months ---------------------------------------------------------------------------------------------------
def test_jobs_add_up_and_people_are_those_of_the_latest_month(cast: StateCast) -> None:
    colleague(cast, "colleague")
    first, second, third = months(quarters.last_quarter(cast))
    tally(cast, first, served=10, employed=4, job_starts=2, transitioned_working=1)
    tally(cast, third, served=12, job_starts=3)
    tally(cast, second, "colleague", "colleague", served=7, employed=2, job_starts=2)
    tally(cast, (first - timedelta(days=1)).replace(day=1), job_starts=50)  # of the quarter before
    report = quarters.expected(cast)
    with cast.entered("supervisor") as by:
        lines = beside_entry(report, by, policy_of(cast.state.pk, report.quarter).between)
    assert lines["job_starts"] == ("From the monthly tallies: 7",)
    assert lines["transitioned_working"] == ("From the monthly tallies: 1",)
    assert lines["served"] == (
        "From the monthly tallies: 19 in the latest month; people shared within the team may be counted twice",
    )
    assert "6 in the latest month" in lines["employed"][0]  # of whoever left it empty the month before
    assert "transitioned_unemployed" not in lines


def test_the_quarter_shows_the_tallies_and_fills_in_nothing(cast: StateCast) -> None:
    furnish(cast)
    report = quarters.expected(cast)
    path = at(cast, "figures-edit", "north-one", report.quarter)
    page = text_of(cast.seen_by("supervisor"), path)
    assert "From the monthly tallies: 3" in page
    assert "Goal of the team: 9" in page
    assert 'id="value-job_starts" name="value-job_starts" value=""' in page
    for_leader = text_of(cast.seen_by("leader"), path)
    assert "monthly tallies" not in for_leader
    assert "Goal of the team" not in for_leader
    switch(cast, monthly_tallies=False, specialist_goals=False)
    assert "measure__beside" not in text_of(cast.seen_by("supervisor"), path)


def test_a_month_is_entered_with_gaps_and_mended(cast: StateCast) -> None:
    browser = cast.seen_by("specialist")
    path = at(cast, "between-month", "north-one", cast.people["specialist"].pk, last_month(cast))
    assert "nothing to save yet" in browser.post(path, {"served": "", "seen_as": "0"}).content.decode()
    wrong = browser.post(path, {"served": "3", "employed": "4", "seen_as": "0"})
    assert wrong.status_code == 422
    assert "only 3 served" in wrong.content.decode()
    assert browser.post(path, {"served": "3", "job_starts": "0", "seen_as": "0"}).status_code == 302
    with cast.entered("supervisor"):
        row = MonthTally.objects.get()
    assert (row.served, row.employed, row.job_starts) == (3, None, 0)
    again = browser.post(path, {"served": "4", "seen_as": "0"})
    assert (again.status_code, "served 3, job starts 0" in again.content.decode()) == (422, True)


def test_a_month_to_come_or_a_day_within_one_is_refused(cast: StateCast) -> None:
    coming = (cast.state.today() + timedelta(days=31)).replace(day=1)
    with refused(WrongStatus, "has not come yet"):
        tally(cast, coming)
    with refused(Unacceptable, "first day"):
        tally(cast, last_month(cast).replace(day=2))
    browser, person = cast.seen_by("specialist"), cast.people["specialist"].pk
    assert browser.get(at(cast, "between-month", "north-one", person, coming)).status_code == 409
    base = at(cast, "between-list")
    assert browser.get(f"{base}north-one/{person}/2026-13/").status_code == 404


# --- goals ----------------------------------------------------------------------------------------------------
def test_a_supervisor_sets_goals_and_whom_they_are_about_reads_them(cast: StateCast) -> None:
    quarter = Quarter.of(cast.state.today())
    person = cast.people["specialist"].pk
    browser = cast.seen_by("supervisor")
    for name, more, value in (("between-goals", (), "9"), ("between-goals-of", (person,), "4")):
        path = at(cast, name, "north-one", quarter, *more)
        form = {"job_starts": value, "employed": "", "contacts": "7", "seen_as": "0.0.0"}
        assert browser.post(path, form).status_code == 302
        assert browser.post(path, form | {"job_starts": "1"}).status_code == 422  # not over what is stored
    page = text_of(browser, at(cast, "between-team", "north-one", quarter))
    assert '<td data-label="Goal of the team">9</td>' in page
    assert "Job starts: 4" in text_of(cast.seen_by("specialist"), at(cast, "between-list"))


def test_a_goal_stands_beside_the_week(cast: StateCast) -> None:
    furnish(cast)
    day = mondays(quarters.last_quarter(cast), cast.state.today())[0]
    page = text_of(cast.seen_by("specialist"), week_at(cast, day))
    assert "The goal you agreed on is <b>7</b>" in page


def test_a_goal_is_taken_back_by_emptying_it(cast: StateCast) -> None:
    furnish(cast)
    with cast.entered("supervisor") as by:
        quarter = quarters.last_quarter(cast)
        between.set_goals(cast.teams["north_one"], quarter=quarter, values={}, seen="1.0.0", by=by)
        assert TeamGoal.objects.get(person=None).value is None


def test_goals_are_not_the_specialists_to_set(cast: StateCast) -> None:
    quarter, person = Quarter.of(cast.state.today()), cast.people["specialist"].pk
    browser = cast.seen_by("specialist")
    assert browser.get(at(cast, "between-goals-of", "north-one", quarter, person)).status_code == 403
    assert browser.get(at(cast, "between-goals", "north-one", quarter)).status_code == 404
    with cast.entered("specialist") as by, refused(NotPermitted):
        between.set_goals(
            cast.teams["north_one"],
            quarter=quarter,
            values={"contacts": 1},
            seen="0.0.0",
            by=by,
            on_team=seat(cast),
        )


# --- the switch and the pages ---------------------------------------------------------------------------------
def test_what_a_state_has_not_switched_on_is_not_there(cast: StateCast) -> None:
    switch(cast, **dict.fromkeys(FLAGS, False))
    quarter, person = Quarter.of(monday(cast)), cast.people["specialist"].pk
    browser = cast.seen_by("supervisor")
    month = months(quarter)[0]
    for name, args in (
        ("between-list", ()),
        ("between-team", ("north-one", quarter)),
        ("between-goals", ("north-one", quarter)),
        ("between-goals-of", ("north-one", quarter, person)),
        ("between-week", ("north-one", person, monday(cast))),
        ("between-month", ("north-one", person, month)),
    ):
        assert browser.get(at(cast, name, *args)).status_code == 404
    assert "Between quarters" not in text_of(browser, at(cast, "report-list"))
    switch(cast, monthly_tallies=False, specialist_goals=False)
    page = text_of(browser, at(cast, "between-team", "north-one", quarter))
    assert "Employer contacts by week" in page
    assert "Tallies by month" not in page
    assert browser.get(at(cast, "between-month", "north-one", person, month)).status_code == 404


@pytest.mark.parametrize(
    ("persona", "linked"), [("supervisor", True), ("specialist", True), ("leader", False)]
)
def test_the_list_of_quarters_leads_the_teams_own_people_there(
    cast: StateCast, persona: str, linked: bool
) -> None:
    page = text_of(cast.seen_by(persona), at(cast, "report-list"))
    assert (at(cast, "between-list") in page) is linked


def test_people_stand_by_name_whoever_has_more(cast: StateCast) -> None:
    for name in ("zoe", "abe"):
        colleague(cast, name)
    save(cast, contacts=9)
    quarter = Quarter.of(monday(cast, 1))
    page = text_of(cast.seen_by("supervisor"), at(cast, "between-team", "north-one", quarter))
    table = page[page.index("<thead>") : page.index("</thead>")]
    names = ["Meridian Abe", "Meridian Specialist", "Meridian Zoe"]
    assert sorted(names, key=table.index) == names


def test_a_teams_page_asks_no_more_for_more_people(
    cast: StateCast, django_assert_max_num_queries: Any
) -> None:
    furnish(cast)
    path = at(cast, "between-team", "north-one", quarters.last_quarter(cast))
    browser = cast.seen_by("supervisor")
    text_of(browser, path)
    with django_assert_max_num_queries(40) as few:
        text_of(browser, path)
    for number in range(6):
        colleague(cast, f"person{number}")
    with django_assert_max_num_queries(len(few.captured_queries)):
        text_of(browser, path)


def test_the_standard_is_six_or_two_for_each_of_a_few() -> None:
    assert [standard(looking) for looking in (0, 1, 2, 3, 20)] == [0, 2, 4, 6, 6]


def test_a_week_belongs_to_the_quarter_of_its_monday() -> None:
    third = Quarter(2026, 3)
    whole = mondays(third, date(2026, 12, 1))
    assert (whole[0], whole[-1], len(whole)) == (date(2026, 9, 28), date(2026, 7, 6), 13)
    assert mondays(third, date(2026, 7, 3)) == ()
    assert sums([]) == {}
