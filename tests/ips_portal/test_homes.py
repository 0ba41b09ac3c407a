"""The first page of a state where teams were reviewed by more than one scale."""

from datetime import timedelta

import pytest

from agencies.models import StatePolicy
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
