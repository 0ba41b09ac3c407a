"""Funding sources come on the register of a state, are changed, and are taken off it.

The state's admins and trainers add a source and say who keeps it; from then on its keeper changes it, too.
"""

from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from agencies.models import Payer, State
from agencies.permissions import Actor, Resource, may, require
from agencies.refusals import StaleVersion, Unacceptable, WrongStatus
from funding.actions.keeping import kept
from funding.models import FundingSource, PlanColumn
from funding.models.register import register_of
from funding.money import amount_fault
from ips_portal.client_details import client_details

TWICE = "There is a funding source of this name in the register already. Give it another."
CHANGED = (
    "Somebody saved this funding source after you opened it. Nothing was overwritten: look at what stands now, bring "
    "both together and save again."
)
OFF = (
    "This funding source was taken off the register. On its page it can be brought back, and then be changed."
)
KEEPING = ("keeper", "department", "body")
NAMES_NOBODY = ("name", "given_by", "purpose", "citation")
TEXTS = (
    *("name", "given_by", "purpose", "contact_name", "contact_email", "contact_phone"),
    *("citation", "evidence_url", "department"),
)
LIMITS: dict[str, int] = {
    name: getattr(FundingSource._meta.get_field(name), "max_length", 0) for name in TEXTS
}


@dataclass(frozen=True)
class Entry:
    """What the register says of a source. An amount or a day that is not known is left out."""

    name: str
    kind: str
    payer: str
    given_by: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    amount: Decimal | None = None
    purpose: str = ""
    contact_name: str = ""
    contact_email: str = ""
    contact_phone: str = ""
    citation: str = ""
    evidence_url: str = ""
    keeper: str = ""
    department: str = ""
    body: Payer | None = None


@transaction.atomic(savepoint=False)
def add(state: State, entry: Entry, *, by: Actor) -> FundingSource:
    """Raises NotPermitted, Unacceptable."""
    require(by, "create", Resource.FUNDING_PLAN, register_of(state.pk))
    values = checked(entry)
    try:
        with transaction.atomic():
            made: FundingSource = FundingSource.objects.create(
                state=state, **values, added_by_id=by.person_id, saved_by_id=by.person_id
            )
    except IntegrityError:
        raise Unacceptable(TWICE, field="name") from None
    return made


@transaction.atomic(savepoint=False)
def change(source: FundingSource, entry: Entry, *, version: int, by: Actor) -> FundingSource:
    """`version` is the one that was read. Raises NotPermitted, WrongStatus, Unacceptable, StaleVersion."""
    require(by, "edit", Resource.FUNDING_PLAN, source.place)
    check_listed(source)
    values = checked(entry)
    moved = any(getattr(source, name) != values[name] for name in KEEPING)
    if moved and not may(by, "create", Resource.FUNDING_PLAN, register_of(source.state_id)):
        raise Unacceptable("Who keeps it is changed by the state's admins and trainers.", field="keeper")
    rows = FundingSource.objects.filter(pk=source.pk)
    now = values | {"saved_at": timezone.now(), "saved_by_id": by.person_id, "version": F("version") + 1}
    try:
        with transaction.atomic():
            changed = rows.filter(version=version, removed_at=None).update(**now)
    except IntegrityError:
        raise Unacceptable(TWICE, field="name") from None
    found: FundingSource = rows.select_related("saved_by", "body").get()
    if not changed:
        raise StaleVersion(CHANGED, current=as_read(found))
    return found


def check_listed(source: FundingSource) -> None:
    if source.removed_at:
        raise WrongStatus(OFF)


@transaction.atomic(savepoint=False)
def take_off(source: FundingSource, *, by: Actor) -> None:
    """Plans that name it go on naming it. Raises NotPermitted, WrongStatus."""
    require(by, "edit", Resource.FUNDING_PLAN, source.place)
    now = {"removed_at": timezone.now(), "removed_by": by.person_id}
    if not FundingSource.objects.filter(pk=source.pk, removed_at=None).update(**now):
        source.refresh_from_db(fields=["removed_at"])
        check_listed(source)


@transaction.atomic(savepoint=False)
def bring_back(source: FundingSource, *, by: Actor) -> None:
    """Raises NotPermitted, WrongStatus, and Unacceptable where another one took its name meanwhile."""
    require(by, "edit", Resource.FUNDING_PLAN, source.place)
    rows = FundingSource.objects.filter(pk=source.pk, removed_at__isnull=False)
    try:
        with transaction.atomic():
            back = rows.update(removed_at=None, removed_by=None)
    except IntegrityError:
        raise Unacceptable(TWICE, field="name") from None
    if not back:
        raise WrongStatus("It stands in the register.")


def checked(entry: Entry) -> dict[str, Any]:
    """As it is stored. Raises Unacceptable with all that is wrong, each at its field."""
    values: dict[str, Any] = {
        name: said.strip() if isinstance(said, str) else said for name, said in vars(entry).items()
    }
    wrong = {name: [words] for name, words in faults(values)}
    try:
        values |= kept(values["keeper"], values["department"], values["body"], "funding source")
    except Unacceptable as refusal:
        wrong |= refusal.fields
    if wrong:
        words = " ".join(each for said in wrong.values() for each in said)
        raise Unacceptable(f"{words} Nothing was saved.", fields=wrong)
    return values


def faults(values: dict[str, Any]) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    if not values["name"]:
        found.append(("name", "Name the funding source."))
    if values["kind"] not in FundingSource.Kind.values:
        found.append(("kind", "Choose what kind of money it is."))
    if values["payer"] not in PlanColumn.Group.values:
        found.append(("payer", "Choose a payer."))
    if words := wrong_days(values["starts_on"], values["ends_on"]):
        found.append(("ends_on", words))
    if values["amount"] is not None and (words := amount_fault(values["amount"])):
        found.append(("amount", words))
    for name in LIMITS:
        if len(values[name]) > LIMITS[name]:
            found.append((name, f"Shorten it to {LIMITS[name]} characters."))
    for name in NAMES_NOBODY:
        if looks := client_details(values[name]):
            found.append((name, f"This may hold {' and '.join(looks)}. The register names no person served."))
    return found


def wrong_days(starts_on: date | None, ends_on: date | None) -> str:
    """What is wrong with them, in words; empty where nothing is."""
    if starts_on and ends_on and ends_on < starts_on:
        return "It ends before it starts. Check both dates."
    return ""


def as_read(source: FundingSource) -> dict[str, Any]:
    """As the API names it."""
    values = {each.name: getattr(source, each.name) for each in fields(Entry)}
    values |= {
        "amount": None if source.amount is None else f"{source.amount:.2f}",
        "starts_on": source.starts_on.isoformat() if source.starts_on else None,
        "ends_on": source.ends_on.isoformat() if source.ends_on else None,
        "body": source.body_id,
    }
    return values | {"version": source.version, "saved_by": source.saved_by.name}
