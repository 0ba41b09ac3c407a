"""A state writes down what a payer pays: a schedule is begun, changed, and followed by its next version.

It is saved whole or not at all, over the version that was read: somebody who was faster is never overwritten unseen.
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from agencies.models import Payer, State
from agencies.permissions import Actor, Resource, require
from agencies.refusals import StaleVersion, Unacceptable
from funding.actions import keeping
from funding.models import PaymentSchedule, PlanColumn, SchedulePayment
from funding.models.money import SOURCE
from funding.models.plans import WORDS
from funding.models.register import register_of
from funding.money import Payment, Schedule, faults
from funding.rates import payments_of
from ips_portal.client_details import client_details

NAME = 120
TAKEN = "A version of this schedule begins on that day already. Open it and change it, or choose another day."
CHANGED = (
    "Somebody saved this schedule after you opened it. Nothing was overwritten: look at what stands now, bring both "
    "together and save again."
)


@dataclass(frozen=True)
class Rates:
    """All that one version of a schedule says."""

    payer: str
    name: str
    starts_on: date
    ends_on: date | None = None
    source: str = ""
    keeper: str = ""
    department: str = ""
    body: Payer | None = None
    payments: tuple[Payment, ...] = ()

    @property
    def shared(self) -> dict[str, Any]:
        """What is the same for all versions."""
        return {name: getattr(self, name) for name in ("payer", "name", "keeper", "department", "body")}


@transaction.atomic(savepoint=False)
def begin(state: State, rates: Rates, *, by: Actor) -> PaymentSchedule:
    """A schedule that is new. Raises NotPermitted, Unacceptable."""
    require(by, "create", Resource.FUNDING_PLAN, register_of(state.pk))
    rates = checked(rates)
    if versions(state.pk, rates.payer, rates.name).exists():
        raise Unacceptable(
            "This payer has a schedule of that name. Open it and write its next version, or choose another name.",
            field="name",
        )
    return added(state.pk, rates, by)


@transaction.atomic(savepoint=False)
def follow(schedule: PaymentSchedule, rates: Rates, *, by: Actor) -> PaymentSchedule:
    """The next version, from its own first day; payer, name and keeper are those of the schedule.

    Raises NotPermitted, Unacceptable.
    """
    require(by, "edit", Resource.FUNDING_PLAN, schedule.place)
    return added(schedule.state_id, checked(replace(rates, **kept(schedule))), by)


@transaction.atomic(savepoint=False)
def change(schedule: PaymentSchedule, rates: Rates, *, version: int, by: Actor) -> PaymentSchedule:
    """Payer, name and keeper change for all versions; who keeps it is changed by whoever may begin one.

    Raises NotPermitted, Unacceptable, StaleVersion.
    """
    require(by, "edit", Resource.FUNDING_PLAN, schedule.place)
    rates = checked(rates)
    now, others = rates.shared, kept(schedule)
    if now != others:
        require(by, "create", Resource.FUNDING_PLAN, register_of(schedule.state_id))
        same = now["payer"] == schedule.payer and now["name"] == schedule.name
        if not same and versions(schedule.state_id, rates.payer, rates.name).exists():
            raise Unacceptable("This payer has another schedule of that name.", field="name")
    saved = {
        "starts_on": rates.starts_on,
        "ends_on": rates.ends_on,
        "source": rates.source,
        "version": F("version") + 1,
        "saved_at": timezone.now(),
        "saved_by": by.person_id,
    }
    try:
        with transaction.atomic():
            if not PaymentSchedule.objects.filter(pk=schedule.pk, version=version).update(**saved):
                raise StaleVersion(CHANGED, current=as_read(schedule.pk))
            versions(schedule.state_id, schedule.payer, schedule.name).update(**now)
    except IntegrityError:
        raise Unacceptable(TAKEN, field="starts_on") from None
    write(schedule, rates.payments)
    found: PaymentSchedule = PaymentSchedule.objects.select_related("body").get(pk=schedule.pk)
    return found


def versions(state_id: int, payer: str, name: str) -> Any:
    return PaymentSchedule.objects.in_state(state_id).filter(payer=payer, name=name)


def kept(schedule: PaymentSchedule) -> dict[str, Any]:
    return {name: getattr(schedule, name) for name in ("payer", "name", "keeper", "department", "body")}


def added(state_id: int, rates: Rates, by: Actor) -> PaymentSchedule:
    try:
        with transaction.atomic():
            row: PaymentSchedule = PaymentSchedule.objects.create(
                state_id=state_id,
                starts_on=rates.starts_on,
                ends_on=rates.ends_on,
                source=rates.source,
                saved_by_id=by.person_id,
                **rates.shared,
            )
    except IntegrityError:
        raise Unacceptable(TAKEN, field="starts_on") from None
    write(row, rates.payments)
    return row


def write(schedule: PaymentSchedule, payments: tuple[Payment, ...]) -> None:
    """Payments are known by their names: what is still there is changed, the rest comes or goes."""
    stored = {row.name.casefold(): row for row in SchedulePayment.objects.filter(schedule=schedule)}
    kept: list[SchedulePayment] = []
    new: list[SchedulePayment] = []
    for position, payment in enumerate(payments, start=1):
        row = stored.pop(payment.name.casefold(), None)
        (kept if row else new).append(
            put(row or SchedulePayment(state_id=schedule.state_id, schedule=schedule), position, payment)
        )
    SchedulePayment.objects.bulk_update(kept, FIELDS)
    rows = {row.name: row for row in [*kept, *SchedulePayment.objects.bulk_create(new)]}
    for payment in payments:
        rows[payment.name].requires = rows[payment.requires] if payment.requires else None
    gone = [row.pk for row in stored.values()]
    SchedulePayment.objects.bulk_update(rows.values(), ["requires"])
    SchedulePayment.objects.filter(pk__in=gone).update(requires=None)
    SchedulePayment.objects.filter(pk__in=gone).delete()


FIELDS = ["position", "name", "trigger", "days", "amount", "repeatable", "pays_only_if"]


def put(row: SchedulePayment, position: int, payment: Payment) -> SchedulePayment:
    row.position = position
    for name in FIELDS[1:]:
        setattr(row, name, getattr(payment, name))
    return row


def checked(rates: Rates) -> Rates:
    """The rates with texts trimmed. Raises Unacceptable with every fault at its field: `payments.0.amount`."""
    rates = trimmed(rates)
    wrong: dict[str, list[str]] = {}
    for fault in faults(Schedule(rates.payer, rates.name, rates.starts_on, rates.ends_on, rates.payments)):
        at = fault.field if fault.row is None else f"payments.{fault.row}.{fault.field}"
        wrong.setdefault(at, []).append(fault.reason)
    if rates.payer not in PlanColumn.Group.values:
        wrong.setdefault("payer", []).append("Choose a payer.")
    try:
        own = keeping.kept(rates.keeper, rates.department, rates.body, "schedule")
    except Unacceptable as refusal:
        wrong |= refusal.fields
    for at, text, most in texts(rates):
        if len(text) > most:
            wrong.setdefault(at, []).append(f"Shorten it to {most} characters.")
        elif found := client_details(text):
            wrong.setdefault(at, []).append(f"This may hold {' and '.join(found)}. A schedule names nobody.")
    if wrong:
        raise Unacceptable("Nothing was saved: the schedule needs a look.", fields=wrong)
    return replace(rates, **own)


def trimmed(rates: Rates) -> Rates:
    payments = tuple(
        replace(
            payment,
            name=payment.name.strip(),
            requires=payment.requires.strip() if payment.requires else None,
            pays_only_if=payment.pays_only_if.strip(),
        )
        for payment in rates.payments
    )
    return replace(
        rates,
        name=rates.name.strip(),
        source=rates.source.strip(),
        payments=payments,
    )


def texts(rates: Rates) -> list[tuple[str, str, int]]:
    found = [("name", rates.name, NAME), ("source", rates.source, SOURCE)]
    for place, payment in enumerate(rates.payments):
        found.append((f"payments.{place}.name", payment.name, NAME))
        found.append((f"payments.{place}.pays_only_if", payment.pays_only_if, WORDS))
    return found


def as_read(pk: int) -> dict[str, Any]:
    """What stands now, as the API names it."""
    row = PaymentSchedule.objects.select_related("saved_by").get(pk=pk)
    return {
        "payer": row.payer,
        "name": row.name,
        "starts_on": row.starts_on.isoformat(),
        "ends_on": row.ends_on.isoformat() if row.ends_on else None,
        "written_in": row.source,
        "payments": [
            {**vars(payment), "amount": str(payment.amount), "trigger": payment.trigger.value}
            for payment in payments_of(row)
        ],
        "version": row.version,
        "saved_by": row.saved_by.name,
    }
