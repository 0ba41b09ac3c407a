"""Money of a funding plan that ends is told in time, once for each step, to those it concerns."""

from datetime import timedelta

import pytest
import time_machine

from agencies import tenancy
from agencies.models import Membership
from funding.actions import plans
from funding.models import FundingPlan, PlanColumn
from ips_portal.notices import mornings, register
from ips_portal.notices.models import Message
from tests.cast import Cast, StateCast
from tests.funding.plans import begin, column

pytestmark = pytest.mark.django_db


def told(cast: StateCast, notice: str) -> list[str]:
    """Personas, one for each message."""
    with tenancy.as_system(cast.state.pk):
        addresses = Message.objects.filter(notice=notice).values_list("address", flat=True)
        return sorted(address.partition("@")[0] for address in addresses)


def still_matters(cast: StateCast, notice: str, persona: str) -> bool:
    with tenancy.as_system(cast.state.pk):
        message = Message.objects.filter(notice=notice, person=cast.people[persona]).earliest("pk")
        return register.named(notice).matters(cast.state, message.key, cast.people[persona])


def leave(cast: StateCast, persona: str) -> None:
    with tenancy.as_system(cast.state.pk):
        Membership.objects.filter(pk=cast.memberships[persona].pk).update(ended_on=cast.state.today())


def ends(cast: StateCast, plan: FundingPlan, source: str, days: int) -> None:
    with cast.entered("admin"):
        day = cast.state.today() + timedelta(days=days)
        PlanColumn.objects.filter(plan=plan, name=source).update(ends_on=day)


def look(cast: StateCast) -> list[str]:
    mornings.look(cast.state.pk, "money that ends")
    return told(cast, "funding-ends")


@pytest.mark.parametrize(("days", "is_told"), [(366, False), (365, True), (1, True), (0, True), (-1, False)])
def test_money_that_ends_within_a_year_is_told_to_its_keepers_and_the_state(
    cast: StateCast, plan: FundingPlan, days: int, is_told: bool
) -> None:
    ends(cast, plan, "Health plan", days)
    assert look(cast) == (["admin", "payer"] if is_told else [])
    assert look(cast) == (["admin", "payer"] if is_told else [])


def test_the_end_is_told_three_times_and_anew_when_it_is_moved(cast: StateCast, plan: FundingPlan) -> None:
    ends(cast, plan, "Grant", 365)
    now = cast.state.now()
    for after, times in ((0, 1), (274, 1), (275, 2), (334, 2), (335, 3), (365, 3), (366, 3)):
        with time_machine.travel(now + timedelta(days=after), tick=False):
            assert look(cast) == ["admin"] * times
    assert not still_matters_later(cast, 366)
    ends(cast, plan, "Grant", 200)
    assert look(cast) == ["admin"] * 4


def still_matters_later(cast: StateCast, days: int) -> bool:
    with time_machine.travel(cast.state.now() + timedelta(days=days), tick=False):
        return still_matters(cast, "funding-ends", "admin")


def test_no_end_is_told_of_a_closed_plan_or_a_payer_that_was_taken_out(
    cast: StateCast, plan: FundingPlan
) -> None:
    ends(cast, plan, "Grant", 100)
    ends(cast, plan, "Health plan", 100)
    with cast.entered("admin") as admin:
        plans.take_out(column(plan, "Grant"), by=admin)
    assert look(cast) == ["admin", "payer"]
    with cast.entered("admin") as admin:
        plans.close(plan, by=admin)
    assert not still_matters(cast, "funding-ends", "payer")
    ends(cast, plan, "Health plan", 80)
    assert look(cast) == ["admin", "payer"]


def test_who_has_left_is_not_told(cast: StateCast, plan: FundingPlan) -> None:
    leave(cast, "payer")
    ends(cast, plan, "Health plan", 100)
    ends(cast, plan, "Milestone payments", 100)
    assert look(cast) == ["admin", "admin", "vr_liaison"]


def test_nobody_of_another_state_is_told(both: Cast) -> None:
    ends(both.meridian, begin(both.meridian), "Grant", 100)
    mornings.look(both.bayou.state.pk, "money that ends")
    assert look(both.meridian) == ["admin"]
    with tenancy.as_system(both.bayou.state.pk):
        assert not Message.objects.exists()
