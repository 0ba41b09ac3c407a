"""Accepting all that came without a warning: what cannot be accepted stays, and undoes nothing of the others."""

import pytest
from django.urls import reverse

from agencies import tenancy
from outcomes.models import QuarterlyReport, StateRate
from tests.cast import StateCast, make_cast
from tests.outcomes import quarters
from tests.outcomes.sending import send

Status = QuarterlyReport.Status
TEAMS = {"north_one": "supervisor", "north_two": "sibling_supervisor", "south_one": "other_supervisor"}


@pytest.fixture
def waiting(db: None) -> tuple[StateCast, list[QuarterlyReport]]:
    """In the order in which they are accepted."""
    cast = make_cast().meridian
    for team, persona in TEAMS.items():
        report = quarters.expected(cast, team)
        quarters.enter(cast, report, persona)
        quarters.submit(cast, report, persona)
    with tenancy.as_system(cast.state.pk):
        found = QuarterlyReport.objects.placed().filter(status=Status.SUBMITTED)
        return cast, list(found)


def handed_in_by_the_trainer(cast: StateCast, report: QuarterlyReport) -> None:
    with tenancy.as_system(cast.state.pk):
        rows = QuarterlyReport.objects.filter(pk=report.pk)
        assert rows.update(submitted_by=cast.people["trainer"])


def accepted(cast: StateCast) -> set[str]:
    with tenancy.as_system(cast.state.pk):
        found = QuarterlyReport.objects.filter(status=Status.ACCEPTED).values_list("team__slug", flat=True)
        rate = StateRate.objects.get(measure="employment")
        assert (rate.numerator, rate.teams) == (18 * len(found), len(found))
        return set(found)


@pytest.mark.parametrize("own", [0, -1])
def test_ones_own_report_is_left_and_the_others_are_accepted(
    waiting: tuple[StateCast, list[QuarterlyReport]], own: int
) -> None:
    cast, reports = waiting
    handed_in_by_the_trainer(cast, reports[own])
    browser = cast.seen_by("trainer")
    form = {"quarter": reports[0].quarter.slug}
    answer = browser.post(reverse("outcomes:clean-accept", args=[cast.state.slug]), form, follow=True)
    assert "2 reports accepted. 1 report left for you to read" in answer.content.decode()
    assert accepted(cast) == {report.team.slug for report in reports} - {reports[own].team.slug}


@pytest.mark.parametrize("own", [0, -1])
def test_a_program_is_told_what_was_left_and_why(
    waiting: tuple[StateCast, list[QuarterlyReport]], own: int
) -> None:
    cast, reports = waiting
    handed_in_by_the_trainer(cast, reports[own])
    form = {"quarter": reports[0].quarter.slug}
    status, told = send(cast, "trainer", "POST", "outcomes/accept/", form)
    others = {report.team.slug for report in reports} - {reports[own].team.slug}
    assert (status, set(told["accepted"])) == (200, others)
    assert list(told["left"]) == [reports[own].team.slug]
    assert "You submitted this report" in told["left"][reports[own].team.slug]
    assert accepted(cast) == others
