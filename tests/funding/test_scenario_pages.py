"""What would be if money came or went, on its page."""

from datetime import date

import pytest
from django.urls import reverse

from funding.actions import cells
from funding.grid import Cell, Status
from funding.models import FundingPlan
from tests.cast import StateCast
from tests.funding.plans import column

pytestmark = pytest.mark.django_db


def page(cast: StateCast, plan: FundingPlan, **supposed: str) -> str:
    address = reverse("funding:plan-scenario", args=[cast.state.slug, plan.public_id])
    answer = cast.seen_by("vr_liaison").get(address, supposed)
    assert answer.status_code == 200
    return answer.content.decode()


def test_planned_money_that_comes_closes_what_nobody_pays(cast: StateCast, plan: FundingPlan) -> None:
    payer = column(plan, "State Plan 1905(a)")
    with cast.entered("admin") as admin:
        for row in plan.elements.filter(phase="benefits"):
            planned = Cell(Status.PLANNED, expected_on=date(2099, 1, 1))
            cells.fill(plan, row, payer, cell=planned, version=0, by=admin)
    found = page(cast, plan, **{f"source-{payer.pk}": "comes"})
    assert "Closed: 3" in found  # the phase has a payer, and both cells wait for nothing any more
    assert "Nobody pays for this phase" in found


def test_nothing_supposed_is_nothing_compared(cast: StateCast, plan: FundingPlan) -> None:
    assert "Closed:" not in page(cast, plan)


def test_money_that_is_not_there_cannot_stop(cast: StateCast, plan: FundingPlan) -> None:
    payer = column(plan, "Grant")
    found = page(cast, plan, **{f"source-{payer.pk}": "stops"})
    assert "usa-error-message" in found
    assert "Closed:" not in found
