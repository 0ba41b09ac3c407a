"""Notes of a meeting and what programs do are mended or taken off, by who wrote them or administers the state.

A row that is taken off stays, with who took it off; nobody reads it any more, and the history keeps every wording.
"""

from datetime import date
from typing import Any

from django.db.models import F
from django.utils import timezone

from agencies.models import Person
from agencies.permissions import Actor
from agencies.refusals import NotPermitted, StaleVersion, WrongStatus
from outcomes.actions.meetings import check_agreed, check_text, check_told, is_own, lead
from outcomes.models import MeetingNote, Strategy


def change_note(
    note: MeetingNote, *, text: str, owner: Person | None, due_on: date | None, version: int, by: Actor
) -> None:
    """What is done stays as it was agreed. Raises Unacceptable, WrongStatus, StaleVersion."""
    lead(by, note.state_id)
    check_author(note, by)
    check_not_done(note)
    check_text(text)
    check_agreed(note.meeting, owner, due_on)
    change(note, version, text=text, owner=owner, due_on=due_on)


def remove_note(note: MeetingNote, *, version: int, by: Actor) -> None:
    lead(by, note.state_id)
    check_author(note, by)
    change(note, version, **gone(by))


def change_strategy(strategy: Strategy, *, measure: str, text: str, version: int, by: Actor) -> None:
    """Other words than the program agreed to, written by somebody else, are not told before it agrees again."""
    require_home(strategy, by)
    check_told(measure, text)
    keeps = is_own(strategy.place, by) or text == strategy.text
    change(strategy, version, measure=measure, text=text, consented=strategy.consented and keeps)


def remove_strategy(strategy: Strategy, *, version: int, by: Actor) -> None:
    require_home(strategy, by)
    change(strategy, version, **gone(by), consented=False)


def require_home(strategy: Strategy, by: Actor) -> None:
    if not is_own(strategy.place, by):
        lead(by, strategy.state_id)
    check_author(strategy, by)


def check_author(row: MeetingNote | Strategy, by: Actor) -> None:
    if not row.is_mended_by(by):
        who = row.written_by or "somebody who is not known any more"
        raise NotPermitted(
            f"This was written by {who}. Only they and the state's administrator change it or take it off."
        )


def check_not_done(note: MeetingNote) -> None:
    if note.done_at:
        raise WrongStatus("This is done; it stays as it was agreed. Write a new note instead.")


def gone(by: Actor) -> dict[str, Any]:
    return {"removed_at": timezone.now(), "removed_by": by.person_id}


def change(row: MeetingNote | Strategy, version: int, **values: Any) -> None:
    """One conditional update: of two windows the first wins, and the second is shown what stands now."""
    rows = type(row).objects.filter(pk=row.pk, version=version, removed_at=None)
    if not rows.update(**values, version=F("version") + 1):
        row.refresh_from_db(fields=["version", "text", "removed_at"])
        raise StaleVersion(
            "Somebody changed this after you opened it. Nothing was overwritten: what stands now is below, and yours "
            "as you typed it. Bring them together and save again.",
            current={"version": row.version, "text": row.text},
        )
