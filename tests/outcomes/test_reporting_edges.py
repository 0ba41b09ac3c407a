"""Whose report it is, and what is told where nothing can be done: at the edges of a quarter's life."""

from typing import Any
from uuid import uuid4

import pytest
from django.db.models.signals import post_init
from django.urls import reverse

from agencies import tenancy
from agencies.refusals import StaleVersion, WrongStatus
from outcomes.actions import deciding, entering, submitting
from outcomes.actions.entering import Cell
from outcomes.dashboards.listing import due_now
from outcomes.figures import Figure
from outcomes.models import QuarterlyReport, Revision
from tests.cast import StateCast, make_cast, refused
from tests.outcomes import quarters

Status = QuarterlyReport.Status


@pytest.fixture
def cast(db: None) -> StateCast:
    return make_cast().meridian


def test_a_key_belongs_to_one_report(cast: StateCast) -> None:
    """Two teams whose programs happen to send the same key both hand in."""
    key = uuid4()
    for team, persona in (("north_one", "supervisor"), ("north_two", "sibling_supervisor")):
        report = quarters.expected(cast, team)
        quarters.enter(cast, report, persona)
        with cast.entered(persona) as by:
            submitting.submit(report, version=entering.draft_of(report).version, key=key, by=by)
        assert report.status == Status.SUBMITTED


def test_every_finding_of_a_rule_is_told(cast: StateCast) -> None:
    report = quarters.expected(cast)
    with cast.entered("supervisor") as by:
        entering.save_cells(report, cells=quarters.cells(served=40), by=by)
        with refused(submitting.Blocked) as blocked:
            submitting.submit(report, version=entering.draft_of(report).version, key=uuid4(), by=by)
    told_of = [text for texts in blocked.value.fields.values() for text in texts]
    assert len(told_of) == len(blocked.value.findings) > len(blocked.value.fields)


def test_only_what_is_there_is_discarded_and_only_what_is_accepted_reopened(cast: StateCast) -> None:
    report = quarters.expected(cast)
    with cast.entered("supervisor") as by, refused(WrongStatus, match="There is no draft"):
        entering.discard(report, by=by)
    with cast.entered("admin") as by, refused(WrongStatus, match="Only an accepted quarter"):
        deciding.reopen(report, reason="A figure was wrong.", by=by)


def test_a_specialist_is_shown_no_report_of_others(cast: StateCast) -> None:
    report = quarters.expected(cast)
    quarters.enter(cast, report)
    with cast.entered("specialist") as by:
        assert not QuarterlyReport.objects.visible_to(by).exists()
        assert not Revision.objects.visible_to(by).exists()
    with tenancy.as_system(cast.state.pk):
        QuarterlyReport.objects.filter(pk=report.pk).update(begun_by=cast.people["specialist"])
    with cast.entered("specialist") as by:
        own = QuarterlyReport.objects.visible_to(by).placed().get()
        assert Revision.objects.visible_to(by).get().report_id == own.pk == report.pk
        entering.save_cells(own, cells={"served": Cell(Figure(41), Figure(40))}, by=by)


def test_who_names_the_version_they_read_overwrites_nothing(cast: StateCast) -> None:
    report = quarters.expected(cast)
    with cast.entered("supervisor") as by:
        read = entering.save_cells(report, cells=quarters.cells(served=40), by=by).version
        entering.save_cells(report, cells=quarters.cells(employed=18), by=by)
        change = {"served": Cell(Figure(41), Figure(40))}
        with refused(StaleVersion) as stale:
            entering.save_cells(report, cells=change, version=read, by=by)
        assert stale.value.current == {
            "version": read + 1,
            "served": {"value": "40", "not_collected": ""},
        }
        same = {"served": Cell(Figure(40), Figure(40))}
        entering.save_cells(report, cells=same, version=read, by=by)  # sent again: changes nothing


@pytest.mark.parametrize(("persona", "queries", "due"), [("supervisor", 2, 1), ("vr_liaison", 0, 0)])
def test_reports_that_are_due_are_read_for_who_edits_drafts_alone(
    cast: StateCast, persona: str, queries: int, due: int, django_assert_num_queries: Any
) -> None:
    quarters.expected(cast)
    with cast.entered(persona) as by, django_assert_num_queries(queries):
        assert len(due_now(cast.state, by)) == due


def test_the_grid_draws_its_squares_without_a_record_of_each(cast: StateCast) -> None:
    for quarter in quarters.last_quarter(cast).last(3):
        quarters.expected(cast, quarter=quarter)
    browser, built = cast.seen_by("vr_liaison"), []

    def build(instance: QuarterlyReport, **given: Any) -> None:
        built.append(instance)

    post_init.connect(build, sender=QuarterlyReport)
    try:
        page = browser.get(reverse("outcomes:report-list", args=["meridian"])).text
    finally:
        post_init.disconnect(build, sender=QuarterlyReport)
    assert page.count('class="square"') >= 3
    assert built == []
