"""One team over the quarters: gaps stay gaps; the state's rate is told where nobody can be worked out of it."""

from base64 import b64decode
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from agencies import tenancy
from agencies.models import Agency, Membership, StatePolicy, Team
from ips_portal.reports import pictures
from outcomes.actions import publication
from outcomes.dashboards.trend import beside
from outcomes.models import QuarterlyReport, SharedRate
from tests.cast import StateCast, make_cast
from tests.outcomes import quarters


@pytest.fixture
def cast(db: None) -> StateCast:
    return make_cast().meridian


def in_force(cast: StateCast, team: str, persona: str, **values: int) -> QuarterlyReport:
    report = quarters.expected(cast, team)
    quarters.enter(cast, report, persona, **values)
    quarters.submit(cast, report, persona)
    quarters.accept(cast, report)
    return report


def published(cast: StateCast) -> None:
    assert publication.publish_next(cast.state, cast.state.today())


def shared(cast: StateCast) -> dict[str, Decimal]:
    with tenancy.as_system(cast.state.pk):
        return {row.measure: row.value for row in SharedRate.objects.all()}


def locks(cast: StateCast, days: int) -> None:
    """The quarter is final in so many days, whatever the day of the test."""
    report = quarters.expected(cast)
    with tenancy.as_system(cast.state.pk):
        QuarterlyReport.objects.filter(quarter=report.quarter).update(
            locks_on=cast.state.today() + timedelta(days=days)
        )


def make_a_third_agency(cast: StateCast) -> None:
    """Of the second team of the north, with its supervisor. The quarter is final."""
    locks(cast, 0)
    with tenancy.as_system(cast.state.pk):
        agency = Agency.objects.create(
            state=cast.state, slug="east", name="East Center", city="X", region="East"
        )
        Team.objects.filter(pk=cast.teams["north_two"].pk).update(agency=agency)
        cast.teams["north_two"].refresh_from_db()
        Membership.objects.filter(pk=cast.memberships["sibling_supervisor"].pk).update(agency=agency)


def page(cast: StateCast, persona: str, team: str = "north_one", **query: str) -> str:
    client = Client()
    client.force_login(cast.people[persona])
    answer = client.get(reverse("outcomes:team-trend", args=[cast.state.slug, cast.teams[team].slug]), query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_two_agencies_are_too_few_to_tell_the_states_rate(cast: StateCast) -> None:
    locks(cast, 0)
    in_force(cast, "north_one", "supervisor")
    in_force(cast, "south_one", "other_supervisor")
    published(cast)
    assert shared(cast) == {}
    assert "too few agencies" in page(cast, "supervisor")


def test_three_agencies_are_told_as_a_rounded_rate(cast: StateCast) -> None:
    make_a_third_agency(cast)
    in_force(cast, "north_one", "supervisor")
    in_force(cast, "south_one", "other_supervisor", employed=20)
    in_force(cast, "north_two", "sibling_supervisor")
    published(cast)
    assert shared(cast)["employment"] == Decimal("0.47")  # 56 of 120
    text = page(cast, "supervisor")
    assert "45%, 2 points below the state (47%)" in text
    assert text.count("no accepted figures") + text.count("not expected") == 3


def test_the_states_rate_is_not_told_while_it_moves_with_each_report(cast: StateCast) -> None:
    make_a_third_agency(cast)
    locks(cast, 10)
    in_force(cast, "north_one", "supervisor")
    in_force(cast, "south_one", "other_supervisor", employed=20)
    in_force(cast, "north_two", "sibling_supervisor")
    assert shared(cast) == {}
    in_force(cast, "south_two", "other_leader")
    assert shared(cast) == {}
    locks(cast, 0)
    published(cast)
    assert shared(cast)["employment"] == Decimal("0.46")  # 74 of 160


def test_small_counts_and_the_states_own_decision_keep_the_rate_untold(cast: StateCast) -> None:
    make_a_third_agency(cast)
    for team, persona in (
        ("north_one", "supervisor"),
        ("south_one", "other_supervisor"),
        ("north_two", "sibling_supervisor"),
    ):
        in_force(cast, team, persona, in_education=3, in_school=1)
    published(cast)
    assert set(shared(cast)) == {
        "employment",
        "job_starts_per_fte",
        "end_caseload_per_fte",
    }  # 9 of 120 are learning


def test_a_goal_stands_beside_the_rate(cast: StateCast) -> None:
    with tenancy.as_system(cast.state.pk):
        StatePolicy.objects.create(
            state=cast.state,
            subject=StatePolicy.Subject.OUTCOMES,
            name="Goals",
            effective_from=quarters.last_quarter(cast).starts_on,
            data={"goals": [{"measure": "employment", "level": "team", "value": 0.5}]},
            source="Test",
        )
    in_force(cast, "north_one", "supervisor")
    assert "5 points below the state&#x27;s goal for a team (50%)" in page(cast, "supervisor")


def test_another_teams_page_is_hidden_from_a_supervisor(cast: StateCast) -> None:
    client = Client()
    client.force_login(cast.people["supervisor"])
    for team in ("north_two", "south_one"):
        address = reverse("outcomes:team-trend", args=[cast.state.slug, cast.teams[team].slug])
        assert client.get(address).status_code == 404


def test_the_list_of_quarters_ends_at_the_own_teams(cast: StateCast) -> None:
    for team in ("north_one", "north_two"):
        quarters.expected(cast, team)
    with cast.entered("supervisor") as by:
        seen = {row.team_id for row in QuarterlyReport.objects.visible_to(by)}
    assert seen == {cast.teams["north_one"].pk}


def test_a_picture_is_drawn_once_and_is_found_by_its_numbers_alone(db: None) -> None:
    cache.clear()
    content = {
        "quarters": ["2026-q1", "2026-q2", "2026-q3"],
        "lines": [
            {"label": "North", "series": "TEAM", "points": {"2026-q1": [0.4, False], "2026-q3": [0.45, True]}}
        ],
        "references": [["US program, average", 0.41]],
        "title": "Employment rate of North",
        "description": "It rose.",
        "is_share": True,
    }
    assert pictures.picture(pictures.LINES, content, "It rose.").address == ""
    pictures.draw(pictures.asked(pictures.LINES, content))
    found = pictures.picture(pictures.LINES, content, "It rose.")
    drawn = b64decode(found.address.partition(",")[2])
    assert b"Employment rate of North" in drawn
    assert pictures.picture(pictures.LINES, {**content, "title": "Another"}, "").address == ""
    with pytest.raises(ValueError, match="draws no picture"):
        pictures.draw('["os.system", "true"]')


def test_a_page_asks_once_more_for_a_picture_and_then_lets_it_be(cast: StateCast) -> None:
    cache.clear()
    assert "again=1" in page(cast, "supervisor")
    assert "hx-get" not in page(cast, "supervisor", again="1")


@pytest.mark.parametrize(
    ("measure", "own", "other", "told"),
    [
        ("employment", 0.45, 0.44, "1 point above it (44%)"),
        ("employment", 0.404, 0.396, "the same as it (40%)"),
        ("employment", 0.43, 0.425, "the same as it (43%)"),
        ("job_starts_per_fte", 3.5, 4.0, "0.5 below it (4.0)"),
        ("job_starts_per_fte", 3.45, 3.44, "0.1 above it (3.4)"),
    ],
)
def test_what_is_beside_is_said_as_it_is_shown(measure: str, own: float, other: float, told: str) -> None:
    assert beside(measure, own, other, "it") == told
