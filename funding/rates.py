"""What payers pay, read from what is stored: which version holds when, as values the money model reckons with."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from django.db.models import prefetch_related_objects

from agencies.permissions import Actor
from funding.models import PaymentSchedule
from funding.money import Payment, Schedule, Trigger
from funding.wording import payer_called
from ips_portal.quarters import Quarter


@dataclass(frozen=True)
class Version:
    """`until` is the last day it holds: its own, or the day before the next version; None where it goes on."""

    row: PaymentSchedule
    until: date | None

    def holds_on(self, day: date) -> bool:
        return self.row.starts_on <= day and (self.until is None or day <= self.until)

    @property
    def schedule(self) -> Schedule:
        return schedule_of(self.row, self.until)


def stored(actor: Actor) -> list[Version]:
    """All versions of all schedules this person sees, by payer and name, the newest of each first. One query."""
    rows = PaymentSchedule.objects.visible_to(actor).select_related("body")
    return list(dated(rows.order_by("payer", "name", "-starts_on")))


def dated(rows: Iterable[PaymentSchedule]) -> Iterator[Version]:
    """Of rows by payer and name, the newest first."""
    for _, versions in groupby(rows, key=lambda row: (row.payer, row.name)):
        following: date | None = None
        for row in versions:
            before = following - timedelta(days=1) if following else None
            ends = [day for day in (row.ends_on, before) if day]
            yield Version(row, min(ends) if ends else None)
            following = row.starts_on


def versions_of(row: PaymentSchedule) -> list[Version]:
    """This one and the others of its schedule, the newest first."""
    rows = PaymentSchedule.objects.in_state(row.state_id).filter(payer=row.payer, name=row.name)
    return list(dated(rows.select_related("body").order_by("-starts_on")))


def in_quarter(versions: Iterable[Version], quarter: Quarter) -> list[Version]:
    """Those that hold on one of its days."""
    return [
        each
        for each in versions
        if each.row.starts_on <= quarter.ends_on and (each.until is None or each.until >= quarter.starts_on)
    ]


def with_payments(versions: Sequence[Version]) -> Sequence[Version]:
    """One query more."""
    prefetch_related_objects([each.row for each in versions], "payments")
    return versions


def payments_of(row: PaymentSchedule) -> tuple[Payment, ...]:
    found = list(row.payments.all())
    names = {payment.pk: payment.name for payment in found}
    return tuple(
        Payment(
            name=payment.name,
            trigger=Trigger(payment.trigger),
            amount=payment.amount,
            days=payment.days,
            repeatable=payment.repeatable,
            requires=names.get(payment.requires_id),
            pays_only_if=payment.pays_only_if,
        )
        for payment in found
    )


def schedule_of(row: PaymentSchedule, until: date | None) -> Schedule:
    return Schedule(payer_called(row.payer), row.name, row.starts_on, until, payments_of(row))
