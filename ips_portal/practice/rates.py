"""What payers pay in the practice states. Every amount is invented; none is any state's.

Steps as in the domain reference, 4.4: milestones with days worked, an extra payment where one job sufficed, one
monthly bundle, a base with an add-on, and hours.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from agencies.permissions import Role
from funding.actions.money import write
from funding.models import PaymentSchedule
from funding.money import Payment, Trigger
from ips_portal.practice.people import Crew
from ips_portal.practice.places import Land
from ips_portal.practice.rows import Rows

SOURCE = "Practice data: every amount is invented"


@dataclass(frozen=True)
class Rate:
    """`since` counts months back; below zero it is to come."""

    payer: str
    name: str
    keeper: Role | None
    since: int
    payments: tuple[Payment, ...]


def milestones(start: int, first: int, last: int, days: tuple[int, int]) -> tuple[Payment, ...]:
    """Each step waits for the one before."""
    early, late = (f"{each} days worked" for each in days)
    return (
        Payment("Career profile", Trigger.PLAN, Decimal(300)),
        Payment("Job start", Trigger.JOB_START, Decimal(start), repeatable=True),
        Payment(
            early, Trigger.DAYS_WORKED, Decimal(first), days=days[0], repeatable=True, requires="Job start"
        ),
        Payment(late, Trigger.DAYS_WORKED, Decimal(last), days=days[1], requires=early),
        Payment(
            "Extra at closure",
            Trigger.CLOSURE,
            Decimal(250),
            requires=late,
            pays_only_if="One job sufficed",
        ),
    )


def monthly(name: str, amount: int, requires: str | None = None, only_if: str = "") -> Payment:
    return Payment(
        name,
        Trigger.PERSON_MONTH,
        Decimal(amount),
        repeatable=True,
        requires=requires,
        pays_only_if=only_if,
    )


HOUR = Payment("Hour of community support", Trigger.HOUR, Decimal("60.00"), repeatable=True)
RATES: Mapping[str, tuple[Rate, ...]] = {
    "meridian": (
        Rate("vr", "Milestones", Role.VR_LIAISON, 9, milestones(900, 700, 1200, (45, 90))),
        Rate("vr", "Milestones", Role.VR_LIAISON, 2, milestones(1000, 800, 1400, (45, 90))),
        Rate("medicaid", "Hours of rehabilitation", Role.DEPARTMENT_LIAISON, 9, (HOUR,)),
    ),
    "bayou": (Rate("medicaid", "Monthly bundle", Role.PAYER, 9, (monthly("Month of IPS", 400),)),),
    "hudson": (
        Rate(
            "medicaid",
            "Base and add-on",
            Role.PAYER,
            9,
            (
                monthly("Monthly base", 150),
                monthly("Add-on for work", 75, "Monthly base", "At least two meetings in the month"),
            ),
        ),
    ),
    "prairie": (Rate("vr", "Milestones", Role.VR_LIAISON, 9, milestones(850, 400, 900, (30, 90))),),
}


def keep(land: Land, crew: Crew) -> None:
    for rate in RATES[land.world.slug]:
        member = crew.first(rate.keeper or Role.STATE_ADMIN)
        since = max(land.ago(rate.since), land.state.started_on)
        land.rows.add(
            PaymentSchedule(
                state=land.state,
                payer=rate.payer,
                name=rate.name,
                keeper=rate.keeper.value if rate.keeper else "",
                department=member.department if rate.keeper is Role.DEPARTMENT_LIAISON else "",
                body=member.payer if rate.keeper is Role.PAYER else None,
                starts_on=since,
                source=SOURCE,
                saved_at=land.at(since, 9),
                saved_by=member.person,
            )
        )


def write_down(rows: Rows) -> None:
    """The payments point at each other, so their schedules are stored before."""
    rates = [rate for state in RATES.values() for rate in state]
    for schedule, rate in zip(rows.of(PaymentSchedule), rates, strict=True):
        write(schedule, rate.payments)
