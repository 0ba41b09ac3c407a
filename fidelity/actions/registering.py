"""What somebody has learned as a reviewer is put on record, and taken off where it was a mistake."""

from datetime import date
from uuid import UUID

from django.db import transaction

from agencies.models import State
from agencies.permissions import Actor, Resource, Scope, scope_of
from agencies.refusals import NotPermitted, Unacceptable
from fidelity.models import ReviewerTraining
from fidelity.register import register

LONGEST = 200


def keeps(by: Actor) -> bool:
    """Whoever schedules reviews in the whole state keeps the register."""
    return scope_of(by.role, "create", Resource.REVIEW) is Scope.STATE


def check_keeper(by: Actor) -> None:
    if not keeps(by):
        raise NotPermitted("The register of reviewers is kept by the state's trainers. Nothing was changed.")


@transaction.atomic(savepoint=False)
def record(
    state: State, *, person_id: int, kind: str, held_on: date, words: str, key: UUID, by: Actor
) -> ReviewerTraining:
    """Once for each form that is sent. Raises NotPermitted, Unacceptable."""
    check_keeper(by)
    again: ReviewerTraining | None = ReviewerTraining.objects.in_state(state.pk).filter(form_key=key).first()
    if again:
        return again
    if person_id not in {line.person.pk for line in register(state)}:
        raise Unacceptable("Choose somebody who reviews in this state.", field="person")
    if kind not in ReviewerTraining.Kind.values:
        raise Unacceptable("Choose a training or a review that was shadowed.", field="kind")
    if held_on > state.today():
        raise Unacceptable("This day is still to come. Record it once it has been.", field="held_on")
    if not words.strip():
        raise Unacceptable("Say which training, or whose review.", field="words")
    if len(words.strip()) > LONGEST:
        raise Unacceptable(f"This has at most {LONGEST} characters. Shorten it.", field="words")
    row: ReviewerTraining
    row, _ = ReviewerTraining.objects.get_or_create(
        state=state,
        form_key=key,
        defaults={
            "person_id": person_id,
            "kind": kind,
            "held_on": held_on,
            "words": words.strip(),
            "recorded_by_id": by.person_id,
        },
    )
    return row


@transaction.atomic(savepoint=False)
def take_off(row: ReviewerTraining, *, by: Actor) -> None:
    """A record made by mistake. The history keeps it."""
    check_keeper(by)
    row.delete()
