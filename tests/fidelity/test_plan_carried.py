"""What goes on in the plan of the next review: it is worked on there, and the plan before asks nobody for anything."""

import pytest

from agencies.refusals import Unacceptable
from fidelity import reports
from fidelity.actions import planning
from fidelity.models import ActionPlan, PlanRow, Review
from tests.cast import StateCast, make_cast
from tests.fidelity import reviews, signing
from tests.fidelity.pages import at, get, post, text
from tests.fidelity.test_api import Program
from tests.fidelity.test_api import at as api


@pytest.fixture
def cast(db: None) -> StateCast:
    return make_cast().meridian


def plan_of(cast: StateCast, review: Review) -> ActionPlan:
    with reviews.acting(cast, "admin"):
        found: ActionPlan = reports.plans().get(review=review)
        return found


def twice(cast: StateCast, *, done: tuple[str, ...] = (), in_use: bool = True) -> tuple[Review, Review]:
    """Two reviews that rate every item low. What the first plan did not do goes on in the second."""
    first = reviews.issued(cast, days_ago=100)
    if in_use:
        signing.in_use(cast)
    with reviews.acting(cast, "supervisor"):
        rows = PlanRow.objects.filter(plan__review=first, item_code__in=done)
        rows.update(status="done", done_on=cast.state.today(), note="Done.")
    return first, reviews.issued(cast, score=2, days_ago=5)


def test_an_item_that_goes_on_in_the_next_plan_is_not_added_here(cast: StateCast) -> None:
    first, _ = twice(cast, done=("SV6",))
    with pytest.raises(Unacceptable, match="goes on in the plan of the next review"):
        with reviews.acting(cast, "supervisor") as by:
            planning.add_row(plan_of(cast, first), item_code="ST1", by=by)
    sent = post(cast, "supervisor", at(first, "plan/add/"), item_code="ST1")
    assert sent.status_code == 422
    assert "goes on in the plan of the next review" in text(sent)
    assert Program(cast, "leader").ask("POST", api(first, "plan/rows/"), {"item": "ST1"}).status_code == 422


def test_an_item_that_goes_on_in_the_next_plan_is_not_offered(cast: StateCast) -> None:
    first, _ = twice(cast, done=("SV6",))
    with reviews.acting(cast, "supervisor"):
        PlanRow.objects.filter(plan__review=first, item_code="ST2").update(status="dropped")
    offered = get(cast, "supervisor", at(first, "plan/")).context["page"].addable
    assert [item.code for item in offered] == ["ST2"]
