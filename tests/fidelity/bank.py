"""Texts that a state of the cast keeps for its reports."""

from typing import Any
from uuid import uuid4

from fidelity.actions import bank
from fidelity.actions.bank import Kept
from fidelity.models import BankText
from tests.cast import StateCast
from tests.fidelity import reviews

ADVICE = "Read the caseload list name by name once a month."
SCALE = "ips25-2008"


def kept(text: str = ADVICE, **changed: Any) -> Kept:
    """A recommendation for item 1, whatever its rating."""
    given = {"part": "recommendation", "scale_key": SCALE, "item_code": "ST1"}
    return Kept(text=text, **(given | changed))


def whole(text: str = "Everybody knows last quarter's numbers.", part: str = "strengths") -> Kept:
    return Kept(part, text)


def added(cast: StateCast, values: Kept | None = None, by: str = "admin") -> BankText:
    with reviews.acting(cast, by) as actor:
        return bank.add(cast.state, kept=values or kept(), key=uuid4(), by=actor)


def changed(cast: StateCast, row: BankText, values: Kept, version: int = 1, by: str = "admin") -> None:
    with reviews.acting(cast, by) as actor:
        bank.change(read(row), kept=values, version=version, by=actor)


def retired(cast: StateCast, row: BankText) -> BankText:
    with reviews.acting(cast, "admin") as actor:
        found = read(row)
        bank.retire(found, version=found.version, by=actor)
        return found


def read(row: BankText) -> BankText:
    return BankText.objects.select_related("state").get(pk=row.pk)
