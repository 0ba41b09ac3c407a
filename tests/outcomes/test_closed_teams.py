"""A team that has closed: the same words on the page, in the API and in the import."""

import pytest
from django.urls import reverse

from agencies import tenancy
from agencies.models import Team
from outcomes.importing.preview import Outcome
from tests.cast import StateCast, make_cast
from tests.outcomes import files, quarters
from tests.outcomes.files import csv_of, head, row

TWO = "Meridian North Team Two"


@pytest.fixture
def cast(db: None) -> StateCast:
    return make_cast().meridian


@pytest.mark.parametrize("has_report", [False, True])
def test_a_quarter_after_the_team_closed_says_so_at_every_door(cast: StateCast, has_report: bool) -> None:
    """A report may be there already where the state learns late that the team had closed."""
    quarter = quarters.last_quarter(cast)
    if has_report:
        quarters.expected(cast, "north_two", quarter)
    closed_on = (quarter - 1).ends_on
    with tenancy.as_system(cast.state.pk):
        Team.objects.filter(pk=cast.teams["north_two"].pk).update(ended_on=closed_on)
    found = files.preview(cast, csv_of(head(), row(TWO, quarter)))
    assert found.lines[0].outcome is Outcome.CLOSED
    told = f"{TWO} closed on {closed_on:%B %-d, %Y}, before {quarter.months}."
    assert told in files.texts(found)[0]
    leader = cast.seen_by("leader")
    page = leader.get(
        reverse("outcomes:figures-edit", args=["meridian", cast.teams["north_two"].slug, quarter])
    )
    assert (page.status_code, files.texts(found)[0] in page.content.decode()) == (409, True)
    where = f"/api/v1/meridian/outcomes/{cast.teams['north_two'].slug}/{quarter.slug}/figures/"
    answer = leader.put(where, {"figures": {"served": 40}}, content_type="application/json")
    assert answer.status_code == 409
    assert files.texts(found)[0] in answer.json()["error"]


def test_whoever_may_not_read_a_closed_teams_reports_learns_nothing_of_it(cast: StateCast) -> None:
    quarter = quarters.last_quarter(cast)
    with tenancy.as_system(cast.state.pk):
        Team.objects.filter(pk=cast.teams["north_two"].pk).update(ended_on=(quarter - 1).ends_on)
    where = reverse("outcomes:report-page", args=["meridian", cast.teams["north_two"].slug, quarter])
    for persona in ("other_supervisor", "supervisor", "payer"):
        assert cast.seen_by(persona).get(where).status_code == 404
