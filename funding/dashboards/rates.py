"""Schedules of what payers pay, as their pages show them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from agencies.permissions import Actor, Resource, may
from funding.models import PaymentSchedule
from funding.models.register import register_of
from funding.money import Payment, said
from funding.rates import Version, payments_of
from funding.wording import payer_called


@dataclass(frozen=True)
class Listed:
    """A version in the list, with where it stands today."""

    row: PaymentSchedule
    payer: str
    until: date | None
    chip: str
    word: str

    @property
    def payments(self) -> list["Told"]:
        return told(self.row)


@dataclass(frozen=True)
class Told:
    """A payment as people say it."""

    payment: Payment
    paid_for: str
    often: str

    @property
    def amount(self) -> str:
        """Dollars and cents, such as 1,250.00."""
        return f"{self.payment.amount:,.2f}"


def told(row: PaymentSchedule) -> list[Told]:
    return [
        Told(
            payment,
            said(payment.trigger, payment.days),
            "Each time" if payment.repeatable else "Once for a person",
        )
        for payment in payments_of(row)
    ]


def listed(version: Version, today: date) -> Listed:
    chip, word = standing(version, today)
    return Listed(version.row, payer_called(version.row.payer), version.until, chip, word)


def standing(version: Version, today: date) -> tuple[str, str]:
    if version.holds_on(today):
        return "ok", "In force"
    return ("info", "To come") if version.row.starts_on > today else ("plain", "Past")


def chosen(versions: Iterable[Version], asked: Mapping[str, Any], today: date) -> list[Version]:
    """Those the filter asks for; past ones only where all are."""
    words = str(asked.get("q") or "").casefold().split()
    return [
        each
        for each in versions
        if (asked.get("show") == "all" or each.until is None or each.until >= today)
        and (not asked.get("payer") or each.row.payer == asked["payer"])
        and all(word in f"{payer_called(each.row.payer)} {each.row.name}".casefold() for word in words)
    ]


def begins(actor: Actor) -> bool:
    """May this person write down a schedule of the state that is new?"""
    return bool(may(actor, "create", Resource.FUNDING_PLAN, register_of(actor.state_id)))


def keeps(row: PaymentSchedule, actor: Actor) -> bool:
    return bool(may(actor, "edit", Resource.FUNDING_PLAN, row.place))
