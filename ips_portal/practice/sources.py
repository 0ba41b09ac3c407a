"""The register of funding sources of each practice state: one ends within three months, of one no amount is known."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from uuid import NAMESPACE_OID, uuid5

from agencies.permissions import Role
from funding.models import FundingSource
from ips_portal.practice.people import Crew
from ips_portal.practice.places import Land


@dataclass(frozen=True)
class Money:
    """`column` is the source of a payer in the state's plan that its money pays for."""

    name: str
    kind: str
    payer: str
    given_by: str
    since: float  # months ago
    ends_in: float | None = None  # months
    amount: str = ""
    purpose: str = ""
    keeper: Role | None = None
    column: str = ""
    citation: str = ""


MONEY: Mapping[str, tuple[Money, ...]] = {
    "meridian": (
        Money(
            "Five-year federal grant",
            *("grant", "other", "A federal mental health agency"),
            since=52,
            ends_in=8,
            amount="2500000.00",
            purpose="Start-up of new teams, their training, and supported education",
            column="Five-year federal grant",
            citation="Award 5-2041",
        ),
        Money(
            "IPS line of the state budget",
            *("appropriation", "state", "The legislature"),
            since=30,
            amount="1800000.00",
            purpose="Yearly contracts with agencies for what no other payer covers",
            keeper=Role.MH_LIAISON,
            column="State general funds",
            citation="State budget, line 4410",
        ),
        Money(
            "Gift for work clothes and tools",
            *("donation", "other", "A community foundation"),
            since=10,
            ends_in=2,
            amount="60000.00",
            purpose="Clothes, tools and bus passes for the first weeks of a job",
        ),
        Money(
            "County levy for supported employment",
            *("levy", "other", "Two counties of the north"),
            since=6,
            ends_in=30,
            purpose="Teams in the two counties",
            citation="Levy 7, passed by vote",
        ),
    ),
    "bayou": (
        Money(
            "Managed care contract",
            *("contract", "medicaid", "The state's Medicaid agency"),
            since=22,
            ends_in=14,
            purpose="The monthly bundle for members with prior authorization",
            keeper=Role.PAYER,
            column="Managed care, monthly bundle",
        ),
        Money(
            "Start-up appropriation",
            *("appropriation", "state", "The legislature"),
            since=9.5,
            ends_in=2.5,
            amount="450000.00",
            purpose="The deficit of new teams until they bill in full",
            keeper=Role.MH_LIAISON,
        ),
    ),
    "hudson": (
        Money(
            "Net deficit funding",
            *("appropriation", "state", "The state's office of mental health"),
            since=40,
            amount="3200000.00",
            purpose="What a program spends beyond what Medicaid pays",
            keeper=Role.MH_LIAISON,
            column="Net deficit funding",
        ),
        Money(
            "Ticket to Work payments",
            *("other", "other", "The federal Ticket to Work program"),
            since=36,
            purpose="Milestones of people with disability benefits who work",
            column="Ticket to Work",
        ),
        Money(
            "Training grant",
            *("grant", "other", "A family foundation"),
            since=9.4,
            ends_in=2.6,
            amount="75000.50",
            purpose="Field mentoring of new specialists",
        ),
    ),
    "prairie": (
        Money(
            "Certified clinic demonstration",
            *("grant", "medicaid", "A federal demonstration"),
            since=4,
            ends_in=20,
            purpose="Clinical services of certified clinics, by prospective payment",
            keeper=Role.DEPARTMENT_LIAISON,
            column="CCBHC prospective payment",
        ),
        Money(
            "Milestone budget of the year",
            *("appropriation", "vr", "Vocational Rehabilitation"),
            since=2,
            ends_in=10,
            amount="640000.00",
            purpose="Milestones of people enrolled with a counselor",
            keeper=Role.VR_LIAISON,
        ),
        Money(
            "County discretionary funds",
            *("levy", "other", "Three county boards"),
            since=10,
            ends_in=2,
            amount="85000.00",
            purpose="Rides, until each county has a bus line",
        ),
    ),
}


def keep(land: Land, crew: Crew) -> dict[str, FundingSource]:
    """By the column of the plan whose money comes from it."""
    stored = {money: source_of(land, crew, money) for money in MONEY[land.world.slug]}
    return {money.column: source for money, source in stored.items() if money.column}


def source_of(land: Land, crew: Crew, money: Money) -> FundingSource:
    admin = crew.first(Role.STATE_ADMIN).person
    keeper = crew.first(money.keeper or Role.STATE_ADMIN)
    since = land.at(max(land.ago(8), land.state.started_on), 10)
    office = money.given_by.removeprefix("The ").removeprefix("A ")
    return land.rows.add(
        FundingSource(
            state=land.state,
            public_id=uuid5(NAMESPACE_OID, f"{land.state.slug} funding source {money.name}"),
            name=money.name,
            kind=money.kind,
            payer=money.payer,
            given_by=money.given_by,
            starts_on=land.ago(money.since),
            ends_on=None if money.ends_in is None else land.ago(-money.ends_in),
            amount=Decimal(money.amount) if money.amount else None,
            purpose=money.purpose,
            contact_name=f"Grants office, {office}",
            contact_email=f"grants@{land.state.slug}.example",
            contact_phone="555-0142",
            citation=money.citation,
            keeper=money.keeper.value if money.keeper else "",
            department=keeper.department if money.keeper is Role.DEPARTMENT_LIAISON else "",
            body=keeper.payer if money.keeper is Role.PAYER else None,
            added_by=admin,
            added_at=since,
            saved_by=admin,
            saved_at=since,
        )
    )
