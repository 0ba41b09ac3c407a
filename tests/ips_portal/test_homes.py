"""The first page of a state: whom it shows what, and teams that were reviewed by more than one scale."""

from datetime import timedelta

import pytest

from agencies.models import StatePolicy, Team
from agencies.permissions import Resource, scope_of
from fidelity.models import Review
from ips_portal.homes.dashboards import state_home
from tests.cast import StateCast, make_cast
from tests.fidelity import reviews


@pytest.fixture
def cast(db: None) -> StateCast:
    return make_cast().meridian


def fifteen_asked(cast: StateCast) -> None:
    """Of late; what was rated before keeps the scale of 2008."""
    with cast.entered("admin"):
        StatePolicy.objects.create(
            state=cast.state,
            subject=StatePolicy.Subject.FIDELITY,
            name="Fifteen items",
            effective_from=cast.state.today() - timedelta(days=5),
            data={"scale_version": "se15", "thresholds": {"fair": 56, "good": 66, "exemplary": 75}},
        )


def test_good_fidelity_is_counted_by_the_scale_that_its_mark_is_for(cast: StateCast) -> None:
    reviews.issued(cast, score=3, days_ago=40)  # 75 of 125, above the mark of the scale that ends at 75
    fifteen_asked(cast)
    with cast.entered("admin") as by:
        found = state_home(cast.state, by)
    good = found.figures[1]
    assert good.value == "0 of 0"
    assert good.note == "66 points or more at the last review; 1 by another scale not counted"


def test_no_total_of_another_scale_is_a_change(cast: StateCast) -> None:
    team = cast.teams["north_one"]
    reviews.issued(cast, score=3, days_ago=40)
    reviews.issued(cast, score=4, days_ago=20)
    with cast.entered("admin") as by:
        assert [line.change for line in state_home(cast.state, by).teams if line.team.slug == team.slug] == [
            25
        ]
    fifteen_asked(cast)
    reviews.issued(cast, score=5, days_ago=3)
    with cast.entered("admin") as by:
        found = state_home(cast.state, by)
    assert [line.change for line in found.teams if line.team.slug == team.slug] == [None]
    assert found.figures[1].value == "1 of 1"


@pytest.mark.parametrize(
    "persona",
    [
        *("admin", "trainer", "second_trainer", "vr_liaison", "mh_liaison", "department_liaison", "payer"),
        *(
            "leader",
            "supervisor",
            "specialist",
            "other_leader",
            "other_supervisor",
            "reviewer",
            "stakeholder",
        ),
    ],
)
def test_each_team_is_told_with_the_reviews_that_the_reader_may_see(cast: StateCast, persona: str) -> None:
    """The one statement of the page, beside plain questions for each team."""
    reviews.issued(cast, score=3, days_ago=40)
    reviews.issued(cast, score=4, days_ago=20, team="south_one")
    reviews.scheduled(cast, team="north_two")
    reviews.scheduled(cast, team="south_one")
    with cast.entered(persona) as actor:
        told = {
            line.team.slug: (
                str(line.last.public_id) if line.last else "",
                line.upcoming.status if line.upcoming else "",
            )
            for line in state_home(cast.state, actor).teams
        }
        sees = scope_of(actor.role, "view", Resource.FINAL_REPORT) is not None
        wanted = {}
        for team in Team.objects.visible_to(actor).open_on(cast.state.today()):
            own = Review.objects.visible_to(actor).filter(team=team) if sees else Review.objects.none()
            last, planned = (
                own.issued().order_by("-ends_on").first(),
                own.filter(status__in=Review.UNDER_WAY).first(),
            )
            wanted[team.slug] = (
                str(last.public_id) if last else "",
                planned.get_status_display() if planned else "",
            )
    assert told == wanted
