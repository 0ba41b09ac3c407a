"""Schedules that a payer's department writes down for a test."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from funding.actions import money
from funding.actions.money import Rates
from funding.models import PaymentSchedule
from funding.money import Payment, Trigger
from tests.cast import StateCast

BEGINS = date(2026, 1, 1)
START = Payment("Job start", Trigger.JOB_START, Decimal("1200.00"))
HELD = Payment("45 days", Trigger.DAYS_WORKED, Decimal("900.50"), days=45, requires="Job start")
CLOSED = Payment(
    "Closure", Trigger.CLOSURE, Decimal("2000.00"), requires="45 days", pays_only_if="One job sufficed"
)
MILESTONES = Rates("vr", "Milestones", BEGINS, keeper="VR", payments=(START, HELD, CLOSED))
HOURS = Rates(
    "state", "Hours", BEGINS, payments=(Payment("Hour", Trigger.HOUR, Decimal("61.25"), repeatable=True),)
)


def begun(cast: StateCast, rates: Rates = MILESTONES, **said: Any) -> PaymentSchedule:
    with cast.entered("admin") as by:
        return money.begin(cast.state, replace(rates, **said), by=by)
