"""What waits for whom, computed from the records."""

from datetime import timedelta

import pytest

from fidelity.actions import reporting
from fidelity.models import ActionPlan, Review
from ips_portal.homes.todos import todos
from tests.cast import StateCast, make_cast
from tests.fidelity import reviews


@pytest.fixture
def cast(db: None) -> StateCast:
    return make_cast().meridian


def waiting(cast: StateCast, persona: str) -> set[str]:
    with reviews.acting(cast, persona) as actor:
        return {each.text for each in todos(cast.state, actor)}


def hand_over(cast: StateCast, review: Review) -> None:
    with reviews.acting(cast, "trainer") as trainer:
        texts = {
            row.item_code: reporting.ItemText(row.found, "Agree on one step.", row.is_priority)
            for row in review.item_reports.all()
        }
        blank = {"method": "", "overview": "", "next_steps": ""}
        version = review.text.version
        reporting.save_report(
            review, **blank, strengths="Well known.", items=texts, version=version, by=trainer
        )
        reporting.hand_over(review, by=trainer)


def test_a_visit_waits_for_its_reviewer(cast: StateCast) -> None:
    reviews.scheduled(cast)
    assert waiting(cast, "trainer") == {"Rate the items"}
    assert waiting(cast, "second_trainer") == waiting(cast, "leader") == set()


def test_a_report_waits_for_its_writer_first_and_then_for_a_second_person(cast: StateCast) -> None:
    review = reviews.finished(cast, reviews.rate(cast, reviews.scheduled(cast), 3))
    assert waiting(cast, "trainer") == {"Write the report"}
    assert waiting(cast, "second_trainer") == set()

    hand_over(cast, review)
    assert waiting(cast, "trainer") == set()
    assert waiting(cast, "second_trainer") == waiting(cast, "admin") == {"Check the report and issue it"}


def test_a_new_plan_waits_for_the_team_that_leads_it(cast: StateCast) -> None:
    reviews.issued(cast, years_ago=0)
    assert "Fill in the action plan and put it in use" in waiting(cast, "leader") & waiting(
        cast, "supervisor"
    )
    assert waiting(cast, "specialist") == waiting(cast, "other_leader") == set()


def test_what_presses_most_comes_first(cast: StateCast) -> None:
    today = cast.state.today()
    reviews.scheduled(cast, starts_on=today + timedelta(days=30))
    reviews.scheduled(cast, team="south_one", starts_on=today - timedelta(days=30))
    with reviews.acting(cast, "trainer") as actor:
        assert [each.kind for each in todos(cast.state, actor)] == ["watch", "info"]


def test_a_plan_past_its_day_says_so(cast: StateCast) -> None:
    reviews.issued(cast, years_ago=0)
    with reviews.acting(cast, "admin"):
        ActionPlan.objects.update(due_on=cast.state.today() - timedelta(days=1))
    with reviews.acting(cast, "leader") as actor:
        assert [each.chip for each in todos(cast.state, actor)] == ["Late"]
