"""The leaders of a team are reminded of its plan by the state's own ladder, until it is in use."""

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine

from agencies import tenancy
from agencies.models import StatePolicy
from fidelity.models import ActionPlan
from fidelity.notices.plans import remind_of_plans
from ips_portal.notices import delivery, mornings
from ips_portal.notices.models import Message
from tests.cast import StateCast, make_cast
from tests.fidelity import reviews

LEADERS = {"leader@meridian.example", "supervisor@meridian.example"}


@pytest.fixture
def cast(db: None) -> StateCast:
    state = make_cast().meridian
    reviews.issued(state, years_ago=0)
    return state


def due(cast: StateCast, days: int) -> date:
    """The plan becomes due in so many days."""
    day = cast.state.today() + timedelta(days=days)
    with tenancy.as_system(cast.state.pk):
        ActionPlan.objects.update(due_on=day)
    return day


def reminded(cast: StateCast) -> set[str]:
    mornings.look(cast.state.pk, "plans that are due")
    with tenancy.as_system(cast.state.pk):
        return set(Message.objects.filter(notice="plan-due").values_list("address", flat=True))


def states(cast: StateCast, **rule: Any) -> None:
    with cast.entered("admin"):
        StatePolicy.objects.create(
            state=cast.state,
            subject=StatePolicy.Subject.FIDELITY,
            name="Own ladder",
            effective_from=cast.state.today(),
            data={"action_plan": rule},
        )


@pytest.mark.parametrize(
    ("days", "told"), [(15, set()), (14, LEADERS), (3, LEADERS), (0, LEADERS), (-7, LEADERS)]
)
def test_who_leads_the_team_is_reminded_from_two_weeks_before(
    cast: StateCast, days: int, told: set[str]
) -> None:
    due(cast, days)
    assert reminded(cast) == told


def test_a_plan_in_use_reminds_nobody(cast: StateCast) -> None:
    due(cast, 3)
    with tenancy.as_system(cast.state.pk):
        ActionPlan.objects.update(status=ActionPlan.Status.ACTIVE)
    assert reminded(cast) == set()


def test_a_plan_put_in_use_before_the_mail_left_reminds_nobody(cast: StateCast) -> None:
    due(cast, 3)
    assert reminded(cast) == LEADERS
    with tenancy.as_system(cast.state.pk):
        ActionPlan.objects.update(status=ActionPlan.Status.ACTIVE)
        messages = list(Message.objects.filter(notice="plan-due"))
    for message in messages:
        delivery.deliver(cast.state.pk, message.pk)
    with tenancy.as_system(cast.state.pk):
        left = set(Message.objects.filter(notice="plan-due").values_list("status", flat=True))
    assert left == {Message.Status.NOT_SENT}


def test_the_states_own_ladder_holds(cast: StateCast) -> None:
    states(cast, reminders=[-2])
    due(cast, 3)
    assert reminded(cast) == set()
    due(cast, 2)
    assert reminded(cast) == LEADERS


def test_a_morning_that_runs_again_tells_nothing_twice(cast: StateCast) -> None:
    due(cast, 3)
    with tenancy.as_system(cast.state.pk):
        assert [remind_of_plans(cast.state) for _ in range(3)] == [2, 0, 0]


def test_the_morning_begins_at_six_by_the_states_clock(cast: StateCast) -> None:
    cast.state.zone = "America/Chicago"
    cast.state.save(update_fields=["zone"])
    with time_machine.travel("2026-07-06T10:59:00+00:00", tick=False):
        assert cast.state not in mornings.awake()
    with time_machine.travel("2026-07-06T11:00:00+00:00", tick=False):
        assert cast.state in mornings.awake()
