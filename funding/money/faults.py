"""What is wrong with a schedule of payments, each fault with the payment and the field it is about.

A payment that waits for itself, alone or in a circle, could never be made; nor is an hour worth a job start.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from funding.money.values import TRIGGERS, UNITS, Payment, Schedule, Trigger

MOST = Decimal("9999999999.99")  # what numeric(12,2) holds
MOST_DAYS = 3660
MOST_PAYMENTS = 30
ORDER = (Trigger.PLAN, Trigger.JOB_START, Trigger.DAYS_WORKED, Trigger.CLOSURE)  # as they happen to a person


@dataclass(frozen=True)
class Fault:
    """`row` counts payments from 0; None is the schedule itself."""

    row: int | None
    field: str
    reason: str


def faults(schedule: Schedule) -> list[Fault]:
    """All of them, in the order of the payments."""
    found = [*of_schedule(schedule)]
    by_name = named(schedule)
    for row, payment in enumerate(schedule.payments):
        found += [Fault(row, field, reason) for field, reason in of_payment(payment)]
        if same_name(schedule, row):
            found.append(
                Fault(row, "name", f"Another payment is called “{payment.name}”. Give it another name.")
            )
        found += [Fault(row, "requires", reason) for reason in of_prior(payment, by_name)]
    return found


def of_schedule(schedule: Schedule) -> Iterator[Fault]:
    if not schedule.name.strip():
        yield Fault(None, "name", "Name the schedule.")
    if schedule.ends_on and schedule.ends_on < schedule.starts_on:
        yield Fault(None, "ends_on", "It ends before it starts. Check both dates.")
    if not schedule.payments:
        yield Fault(None, "payments", "Write down at least one payment.")
    if len(schedule.payments) > MOST_PAYMENTS:
        yield Fault(None, "payments", f"A schedule holds up to {MOST_PAYMENTS} payments. Make two of it.")


def named(schedule: Schedule) -> dict[str, Payment]:
    return {payment.name: payment for payment in reversed(schedule.payments)}


def same_name(schedule: Schedule, row: int) -> bool:
    """Does an earlier payment have the name?"""
    name = schedule.payments[row].name.casefold()
    return bool(name.strip()) and name in {each.name.casefold() for each in schedule.payments[:row]}


def of_payment(payment: Payment) -> Iterator[tuple[str, str]]:
    if not payment.name.strip():
        yield "name", "Name the payment."
    if reason := amount_fault(payment.amount):
        yield "amount", reason
    if payment.trigger is Trigger.DAYS_WORKED and not (payment.days and 1 <= payment.days <= MOST_DAYS):
        yield "days", f"Write after how many days worked, 1 to {MOST_DAYS:,}."
    if payment.trigger is not Trigger.DAYS_WORKED and payment.days is not None:
        yield "days", "Only a payment for days worked has a number of days."
    if payment.trigger in UNITS and not payment.repeatable:
        yield "repeatable", "What is paid by the hour or by the month is paid again each time. Say so here."


def amount_fault(amount: Decimal) -> str:
    """Why it is no amount of dollars and cents; empty where it is one."""
    if not amount.is_finite():
        return "Write the amount in digits, such as 250000."
    if amount < 0:
        return "An amount is not less than nothing."
    if amount > MOST:
        return f"This is more than can be kept, ${MOST:,}. Check the amount."
    if amount != amount.quantize(Decimal("0.01")):
        return "Write cents with two digits at most, such as 1250.50."
    return ""


def of_prior(payment: Payment, by_name: Mapping[str, Payment]) -> Iterator[str]:
    if payment.requires is None:
        return
    if payment.requires == payment.name:
        yield f"“{payment.name}” requires itself, so it could never be paid. Choose another payment, or none."
        return
    prior = by_name.get(payment.requires)
    if prior is None:
        yield f"“{payment.requires}” is no payment of this schedule. Choose one that is, or none."
        return
    if chain := circle(payment, by_name):
        told = " requires ".join(f"“{name}”" for name in chain)
        yield f"{told}: none of them could ever be paid. Take one of these away."
        return
    if {payment.trigger, prior.trigger} & {*UNITS} and payment.trigger is not prior.trigger:
        units = " and ".join(TRIGGERS[each.trigger].lower() for each in (payment, prior))
        yield f"These are counted differently ({units}). Write under “Pays only if” what must be so before."
    elif comes_later(prior, payment):
        yield f"“{prior.name}” comes later than “{payment.name}”, so it cannot be required for it."


def circle(payment: Payment, by_name: Mapping[str, Payment]) -> list[str]:
    """The names from a payment back to itself; empty where it does not wait for itself."""
    chain = [payment.name]
    while (before := by_name.get(chain[-1])) and before.requires is not None:
        if before.requires == payment.name:
            return [*chain, payment.name]
        if before.requires in chain:
            return []  # a circle further on, told beside its own payments
        chain.append(before.requires)
    return []


def comes_later(prior: Payment, payment: Payment) -> bool:
    if payment.trigger in UNITS:
        return False
    return place(prior) > place(payment)


def place(payment: Payment) -> tuple[int, int]:
    return ORDER.index(payment.trigger), payment.days or 0
