"""The pages of a quarter: entering, checking, submitting and deciding, as browsers without scripts use them."""

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from agencies import tenancy
from outcomes.actions import entering
from outcomes.models import QuarterlyReport
from tests.cast import StateCast, make_cast
from tests.outcomes import quarters

Status = QuarterlyReport.Status


@pytest.fixture
def cast(db: None) -> StateCast:
    return make_cast().meridian


def address(report: QuarterlyReport, name: str) -> str:
    with tenancy.as_system(report.state_id):
        return reverse(f"outcomes:{name}", args=["meridian", report.team.slug, report.quarter])


def typed(**values: Any) -> dict[str, str]:
    return {f"value-{key}": str(value) for key, value in values.items()}


def stored(cast: StateCast, report: QuarterlyReport) -> QuarterlyReport:
    with tenancy.as_system(cast.state.pk):
        report.refresh_from_db()
    return report


def submitted(cast: StateCast, team: str = "north_one", persona: str = "supervisor") -> QuarterlyReport:
    report = quarters.expected(cast, team)
    quarters.enter(cast, report, persona)
    return quarters.submit(cast, report, persona)


def test_a_supervisor_opens_the_quarter_from_a_list_and_enters_it(cast: StateCast) -> None:
    report = quarters.expected(cast)
    browser = cast.seen_by("supervisor")
    listed = browser.get(reverse("outcomes:report-list", args=["meridian"]))
    assert report.quarter.months in listed.content.decode()
    assert address(report, "figures-edit") in listed.content.decode()
    page = browser.get(address(report, "figures-edit"))
    assert "Everybody who was on the IPS caseload" in page.content.decode()
    sent = browser.post(address(report, "figures-edit"), typed(**quarters.ORDINARY) | {"then": "check"})
    assert sent.headers["Location"] == address(report, "report-submit")
    check = browser.get(address(report, "report-submit"))
    assert "45%: 18 people working of 40 people served" in check.content.decode()
    form = {"key": str(uuid4()), "version": check.context["version"]}
    done = browser.post(address(report, "report-submit"), form, follow=True)
    assert "The state reads the figures" in done.content.decode()
    assert stored(cast, report).status == Status.SUBMITTED


def test_what_cannot_be_read_comes_back_as_typed_and_nothing_is_saved(cast: StateCast) -> None:
    report = quarters.expected(cast)
    answer = cast.seen_by("supervisor").post(
        address(report, "figures-edit"), typed(served="1,23", employed=12) | {"then": "stay"}
    )
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "Check the comma in “1,23”." in text
    assert 'value="1,23"' in text
    assert 'value="12"' in text
    assert stored(cast, report).status == Status.EXPECTED


def test_one_figure_is_saved_as_its_field_is_left(cast: StateCast) -> None:
    report = quarters.expected(cast)
    browser = cast.seen_by("supervisor")
    saved = browser.post(address(report, "figures-save"), typed(served=40) | {"was-served": ""})
    assert saved.status_code == 200
    assert 'id="told-served"' in saved.content.decode()
    wrong = browser.post(address(report, "figures-save"), typed(employed=41))
    assert "41 people working, but only 40 people served" in wrong.content.decode()  # said at once, and kept
    with cast.entered("supervisor"):
        assert entering.draft_of(report).figures.count("employed") == 41


def test_two_tabs_get_both_values(cast: StateCast) -> None:
    report = quarters.expected(cast)
    browser = cast.seen_by("supervisor")
    browser.post(address(report, "figures-edit"), typed(served=40) | {"was-served": ""})
    second = browser.post(address(report, "figures-edit"), typed(served=41) | {"was-served": ""})
    assert second.status_code == 409
    assert 'value="41"' in second.content.decode()
    assert "Nothing was overwritten" in second.content.decode()
    with cast.entered("supervisor"):
        assert entering.draft_of(report).figures.count("served") == 40
    again = browser.post(address(report, "figures-edit"), typed(served=41) | {"was-served": "40"})
    assert again.status_code == 302


def test_not_collected_needs_a_reason_and_is_no_zero(cast: StateCast) -> None:
    report = quarters.expected(cast)
    browser = cast.seen_by("supervisor")
    form = {"value-in_school": "", "absent-in_school": "yes", "why-in_school": ""}
    assert (
        "Say why it was not collected" in browser.post(address(report, "figures-edit"), form).content.decode()
    )
    browser.post(address(report, "figures-edit"), form | {"why-in_school": "No school record is kept."})
    with cast.entered("supervisor"):
        figure = entering.draft_of(report).figures["in_school"]
    assert (figure.value, figure.why) == (None, "No school record is kept.")


def test_a_note_on_a_warning_stays_on_the_page_while_another_is_missing(cast: StateCast) -> None:
    report = quarters.expected(cast)
    quarters.enter(cast, report, served=90, employed=4, in_education=50, specialist_fte=2)
    browser = cast.seen_by("supervisor")
    check = browser.get(address(report, "report-submit"))
    rules = [finding.rule for finding, _ in check.context["page"].warnings]
    assert len(rules) > 1
    form = {"key": str(uuid4()), "version": check.context["version"], f"explain-{rules[0]}": "Counted twice."}
    blocked = browser.post(address(report, "report-submit"), form)
    assert blocked.status_code == 422
    assert "Counted twice." in blocked.content.decode()
    assert "What you entered is kept" in blocked.content.decode()


def test_a_note_can_be_emptied_and_stays_where_it_was_not_sent(cast: StateCast) -> None:
    report = quarters.expected(cast)
    browser = cast.seen_by("supervisor")
    browser.post(address(report, "figures-edit"), {"note": "A plant closed.", "vacancy": "Since July."})
    browser.post(address(report, "figures-save"), {"vacancy": ""})
    with cast.entered("supervisor"):
        figures = entering.draft_of(report).figures
    assert (figures.note, figures.vacancy) == ("A plant closed.", "")


def test_an_unknown_field_is_refused_by_its_name(cast: StateCast) -> None:
    report = quarters.expected(cast)
    answer = cast.seen_by("supervisor").post(address(report, "figures-edit"), {"status": "accepted"})
    assert answer.status_code == 422
    assert "Unknown field: status" in answer.content.decode()


def test_the_state_sees_how_far_a_draft_is_and_nothing_of_what_it_says(cast: StateCast) -> None:
    report = quarters.expected(cast)
    quarters.enter(cast, report, served=1377, employed=700)
    for persona in ("admin", "trainer", "vr_liaison"):
        browser = cast.seen_by(persona)
        page = browser.get(address(report, "report-page")).content.decode()
        assert "Nobody" not in page
        assert "1,377" not in page
        assert "1377" not in page
        assert "The team is working on this report" in page
        assert browser.get(address(report, "figures-edit")).status_code == 404
        history = browser.get(address(report, "report-history")).content.decode()
        assert "1377" not in history


@pytest.mark.parametrize(
    "persona", ["other_supervisor", "other_leader", "payer", "reviewer", "stakeholder", "stranger"]
)
def test_nobody_else_can_tell_that_the_report_exists(cast: StateCast, persona: str) -> None:
    report = submitted(cast)
    browser = cast.seen_by(persona) if persona in cast.people else Client()
    answer = browser.get(address(report, "report-page"))
    assert answer.status_code == (404 if persona in cast.people else 302)


def test_the_state_accepts_and_says_what_happens_next(cast: StateCast) -> None:
    report = submitted(cast)
    browser = cast.seen_by("trainer")
    page = browser.get(address(report, "report-page"))
    assert "Accept" in page.content.decode()
    done = browser.post(address(report, "report-accept"), {"version": report.version}, follow=True)
    assert "provisionally until they lock" in done.content.decode()
    late = browser.post(address(report, "report-accept"), {"version": report.version}, follow=True)
    assert late.status_code == 200  # the same click once more
    assert cast.seen_by("admin").post(address(report, "report-accept"), {"version": 1}).status_code == 409


def test_a_return_marks_the_figure_for_the_team(cast: StateCast) -> None:
    report = submitted(cast)
    form = {"version": report.version, "at-employed": "Does this include seasonal jobs?"}
    browser = cast.seen_by("trainer")
    asking = browser.get(address(report, "report-return")).content.decode()
    assert re.search(
        r"\d+ now, no figure in the quarter before\.", asking
    )  # what is asked about stands beside it
    assert browser.post(address(report, "report-return"), form, follow=True).status_code == 200
    page = cast.seen_by("supervisor").get(address(report, "figures-edit")).content.decode()
    assert "Does this include seasonal jobs?" in page


def test_the_grid_counts_what_is_expected_and_what_came(cast: StateCast) -> None:
    submitted(cast)
    page = cast.seen_by("admin").get(reverse("outcomes:report-list", args=["meridian"]))
    done = page.context["ended"]
    assert (done.expected, done.reported, done.waiting, done.percent) == (4, 1, 1, 25)
    bulk = reverse("outcomes:clean-accept", args=["meridian"])
    sent = cast.seen_by("admin").post(bulk, {"quarter": done.quarter.slug}, follow=True)
    assert "1 report accepted" in sent.content.decode()
    assert cast.seen_by("admin").post(bulk, {"quarter": "2026Q5"}).status_code == 422


@pytest.mark.parametrize(
    ("persona", "name"),
    [
        ("supervisor", "figures-nothing"),
        ("supervisor", "report-idle"),
        ("supervisor", "figures-discard"),
        ("supervisor", "report-submit"),
        ("leader", "report-page"),
        ("vr_liaison", "report-history"),
    ],
)
def test_every_question_says_what_will_happen(cast: StateCast, persona: str, name: str) -> None:
    report = quarters.expected(cast)
    quarters.enter(cast, report)
    assert cast.seen_by(persona).get(address(report, name)).status_code == 200


@pytest.mark.parametrize("name", ["rule-list", "measure-list"])
def test_definitions_and_checks_are_open_to_everybody_in_the_state(cast: StateCast, name: str) -> None:
    for persona in ("supervisor", "stakeholder", "vr_liaison"):
        assert cast.seen_by(persona).get(reverse(f"outcomes:{name}", args=["meridian"])).status_code == 200


@pytest.mark.parametrize(
    ("days", "before", "after"),
    [
        (20, "<dd>{day}</dd>", "until they lock: {day}."),
        (
            0,
            "within a day of being accepted, for the day was {day}",
            "until they lock: within a day, for the day was {day}.",
        ),
        (
            -13,
            "within a day of being accepted, for the day was {day}",
            "until they lock: within a day, for the day was {day}.",
        ),
    ],
)
def test_a_day_that_has_passed_is_not_promised(cast: StateCast, days: int, before: str, after: str) -> None:
    report = submitted(cast)
    on = cast.state.today() + timedelta(days=days)
    with tenancy.as_system(cast.state.pk):
        QuarterlyReport.objects.filter(pk=report.pk).update(locks_on=on)
    browser, day = cast.seen_by("trainer"), f"{on:%B %-d, %Y}"
    assert before.format(day=day) in browser.get(address(report, "report-page")).content.decode()
    done = browser.post(address(report, "report-accept"), {"version": report.version}, follow=True)
    assert after.format(day=day) in done.content.decode()
    asked = cast.seen_by("admin").get(address(report, "report-lock")).content.decode()
    assert f"Otherwise they would {f'on {day}' if days > 0 else 'within a day'}." in asked
