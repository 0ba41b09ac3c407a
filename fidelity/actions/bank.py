"""The bank of texts for reports: one is added, changed, retired, brought back.

A retired text stays, with who retired it; it is offered in no report until it is brought back.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from agencies.actions.sentences import check_sentence
from agencies.models import State
from agencies.permissions import Actor, Place, Resource, require
from agencies.refusals import StaleVersion, Unacceptable, WrongStatus
from fidelity.actions.policies import one_at_a_time
from fidelity.in_force import edition_by, scale_in
from fidelity.models import NOTE_LIMIT, BankText
from fidelity.scales import HIGHEST, LOWEST, UnknownItem

ADVICE = "The text is offered in every report, so write it without"
MOST = 20  # beside one field; a longer list is read by nobody
RETIRED = "It is retired already."
RETIRED_MEANWHILE = "This text is retired, so nothing was saved. Bring it back first."
IN_USE = "This text is in use; there is nothing to bring back."
CHANGED = "The text was changed after you opened this. Read it, then decide."
CHANGED_MEANWHILE = (
    "The text was saved in another window in the meantime. Nothing was overwritten: look at what stands now, bring "
    "both together and save again."
)

Values = dict[str, Any]


@dataclass(frozen=True)
class Kept:
    """What a text says, and where it is offered."""

    part: str
    text: str
    scale_key: str = ""
    item_code: str = ""
    lowest: int = LOWEST
    highest: int = HIGHEST

    @property
    def place(self) -> dict[str, str]:
        return {"part": self.part, "scale_key": self.scale_key, "item_code": self.item_code}

    @classmethod
    def of(cls, row: BankText) -> "Kept":
        return cls(row.part, row.text, row.scale_key, row.item_code, row.lowest, row.highest)


@transaction.atomic(savepoint=False)
def add(state: State, *, kept: Kept, key: UUID, by: Actor) -> BankText:
    """Once for each form that is sent. Raises NotPermitted, Unacceptable."""
    require(by, "edit", Resource.POLICY, Place(state.pk))
    one_at_a_time(state)
    again: BankText | None = BankText.objects.in_state(state.pk).filter(form_key=key).first()
    if again:
        return again
    check(state, kept)
    row: BankText = BankText.objects.create(state=state, form_key=key, saved_by_id=by.person_id, **vars(kept))
    return row


@transaction.atomic(savepoint=False)
def change(row: BankText, *, kept: Kept, version: int, by: Actor) -> None:
    """Reports that took the text over keep the words they have.

    Raises NotPermitted, Unacceptable, WrongStatus, StaleVersion.
    """
    require(by, "edit", Resource.POLICY, row.place)
    one_at_a_time(row.state)
    check(row.state, kept, row)
    save(row, version, written(kept, by), in_use=True, not_now=RETIRED_MEANWHILE, stale=CHANGED_MEANWHILE)


@transaction.atomic(savepoint=False)
def retire(row: BankText, *, version: int, by: Actor) -> None:
    require(by, "edit", Resource.POLICY, row.place)
    now = {"retired_at": timezone.now(), "retired_by": by.person_id}
    save(row, version, now, in_use=True, not_now=RETIRED, stale=CHANGED)


@transaction.atomic(savepoint=False)
def bring_back(row: BankText, *, version: int, by: Actor, kept: Kept | None = None) -> None:
    """As it was, or changed to `kept`. Where its place has filled up since, or its item is gone, the reason is said."""
    require(by, "edit", Resource.POLICY, row.place)
    one_at_a_time(row.state)
    check(row.state, kept or Kept.of(row), row)
    now = {"retired_at": None, "retired_by": None} | (written(kept, by) if kept else {})
    stale = CHANGED_MEANWHILE if kept else CHANGED
    save(row, version, now, in_use=False, not_now=IN_USE, stale=stale)


def check_retires(row: BankText) -> None:
    if row.retired_at:
        raise WrongStatus(RETIRED)


def written(kept: Kept, by: Actor) -> Values:
    return {**vars(kept), "saved_at": timezone.now(), "saved_by": by.person_id}


def save(row: BankText, version: int, now: Values, *, in_use: bool, not_now: str, stale: str) -> None:
    """One conditional update: of two windows the first wins, and the second is shown what stands now."""
    rows = BankText.objects.filter(pk=row.pk, version=version, retired_at__isnull=in_use)
    done = rows.update(**now, version=F("version") + 1)
    row.refresh_from_db()
    if done:
        return
    if in_use == bool(row.retired_at):
        raise WrongStatus(not_now)
    raise StaleVersion(stale, current=as_read(row))


def as_read(row: BankText) -> Values:
    """As the API names it."""
    return {
        "version": row.version,
        "part": row.part,
        "scale": row.scale_key,
        "item": row.item_code,
        "lowest": row.lowest,
        "highest": row.highest,
        "text": row.text,
    }


def check(state: State, kept: Kept, row: BankText | None = None) -> None:
    """`row` is the text as it is stored, which stands in nobody's way."""
    check_sentence(kept.text, most=NOTE_LIMIT, advice=ADVICE)
    check_place(state, kept)
    check_ratings(kept)
    others = BankText.objects.in_state(state.pk).in_use().filter(**kept.place)
    if row:
        others = others.exclude(pk=row.pk)
    if others.filter(text=kept.text).exists():
        raise Unacceptable("This text is offered there already.", field="text")
    if others.count() >= MOST:
        raise Unacceptable(
            f"{MOST} texts are offered there already; more would be read by nobody. Retire one of them first.",
            field="text",
        )


def check_place(state: State, kept: Kept) -> None:
    if kept.part not in BankText.Part.values:
        raise Unacceptable("Choose a text of the report.", field="part")
    if kept.part not in BankText.OF_ITEMS:
        if kept.item_code or kept.scale_key:
            raise Unacceptable(
                "A text of the whole report belongs to no item. Leave the item out.", field="item"
            )
        return
    if not kept.item_code:
        raise Unacceptable("Choose the item it is written for.", field="item")
    edition = edition_by(state.pk, kept.scale_key, state.today())
    if edition is None:
        raise Unacceptable("Your state has no such scale. Choose one of its own.", field="item")
    try:
        scale_in(edition).item(kept.item_code)
    except UnknownItem as error:
        raise Unacceptable(str(error), field="item") from None


def check_ratings(kept: Kept) -> None:
    if not LOWEST <= kept.lowest <= kept.highest <= HIGHEST:
        raise Unacceptable(
            f"Choose ratings from {LOWEST} to {HIGHEST}, the lower one first.", field="highest"
        )
    if kept.part not in BankText.OF_ITEMS and (kept.lowest, kept.highest) != (LOWEST, HIGHEST):
        raise Unacceptable("Only a text of one item suits some ratings and not others.", field="highest")
