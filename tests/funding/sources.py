"""Funding sources as tests write them down."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from agencies import tenancy
from funding.actions import register
from funding.actions.register import Entry
from funding.models import FundingSource
from tests.cast import StateCast

GRANT = Entry(
    name="Five-year federal grant",
    kind="grant",
    payer="other",
    given_by="A federal agency",
    starts_on=date(2024, 10, 1),
    ends_on=date(2029, 9, 30),
    amount=Decimal("1250000.50"),
    purpose="Start-up of new teams and their training",
    contact_name="Grants office",
    contact_email="grants@example.gov",
    contact_phone="555-0100",
    citation="Award 12-34",
    evidence_url="https://example.gov/award",
    keeper="VR",
)


def add(cast: StateCast, name: str = GRANT.name, **said: Any) -> FundingSource:
    with cast.entered("admin") as admin:
        return register.add(cast.state, Entry(**vars(GRANT) | {"name": name} | said), by=admin)


def ending(cast: StateCast, days: int) -> date:
    return cast.state.today() + timedelta(days=days)


def again(source: FundingSource) -> FundingSource:
    with tenancy.as_system(source.state_id):
        found: FundingSource = FundingSource.objects.select_related("state", "body").get(pk=source.pk)
    return found
