"""What a payer pays in each state, kept by Vocational Rehabilitation."""

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from funding.actions import money
from funding.models import PaymentSchedule
from funding.money import Payment, Trigger
from tests.architecture.oracle import Where

if TYPE_CHECKING:
    from tests.architecture.world import Corner

KEEPER = "VR"
HOUR = {
    "name": "Hours",
    "starts_on": "1/1/2099",
    "1-name": "Hour",
    "1-trigger": "hour",
    "1-amount": "60",
    "1-repeatable": "again",
}
PAID = {"name": "Job start", "trigger": "job_start", "amount": "1200.00"}
SENT = {"starts_on": "2099-01-01", "payments": [PAID | {"repeatable": True, "pays_only_if": "In time"}]}
BODIES: dict[tuple[str, str], Any] = {
    ("funding-api:rates", "POST"): lambda world: SENT | {"payer": "vr", "name": "Fees"},
    ("funding-api:rate", "PUT"): lambda world: SENT | {"version": 1},
    ("funding-api:rate-next", "POST"): lambda world: SENT,
}
TYPED: dict[str, dict[str, Any]] = {
    "funding:rate-new": HOUR,
    "funding:rate-next": {"starts_on": "1/1/2099"},
}


def of_state(corner: "Corner") -> Where:
    return Where(corner.state, desks=frozenset({KEEPER}))


def begun(corner: "Corner", admin: Any) -> PaymentSchedule:
    """One for each state, whichever corner asks."""
    stored: PaymentSchedule | None = PaymentSchedule.objects.in_state(corner.cast.state.pk).first()
    paid = (Payment("Job start", Trigger.JOB_START, Decimal("1000.00")),)
    rates = money.Rates("vr", "Milestones", date(2026, 1, 1), keeper=KEEPER, payments=paid)
    return stored or money.begin(corner.cast.state, rates, by=admin)
