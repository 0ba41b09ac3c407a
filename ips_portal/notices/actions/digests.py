"""Collecting: on a person's day, all that was told them and still matters becomes one message of the worker's.

One transaction makes the digest and puts its parts into it, so a worker lost on the way leaves either all or nothing.
Its key names the moment it was due; a second one of the same person and moment cannot be.
"""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Min

from agencies import tenancy
from agencies.models import Membership, Person, State
from ips_portal.bell import ring
from ips_portal.notices import register, sealing
from ips_portal.notices.actions.telling import NOT_WANTED
from ips_portal.notices.delivery import DONE, matters
from ips_portal.notices.models import Message, Preference, chosen
from ips_portal.notices.pacing import DEFAULT, Chosen, last_digest

Status = Message.Status
LEFT = "This person no longer belongs to the program."


def ring_for_digests() -> None:
    """Rings for every person whose day has come, state by state, on the state's own clock."""
    for state in State.objects.order_by("pk"):
        for person_id in waiting_on(state):
            ring("notices.digest", state.pk, person_id)


def waiting_on(state: State) -> list[int]:
    """People for whom something was collected before their last digest was due."""
    with tenancy.as_system(state.pk):
        rows = Message.objects.in_state(state.pk).collected().order_by()
        first = dict(rows.values_list("person_id").annotate(Min("created_at")))
        paces = Preference.objects.in_state(state.pk).chosen_by(list(first))
    return sorted(
        person_id
        for person_id, told_at in first.items()
        if told_at < last_digest(paces.get(person_id, DEFAULT), state.now())
    )


@transaction.atomic(savepoint=False)
def make_digest(state: State, person_id: int) -> Message | None:
    """The digest that is due, or None where nothing that still matters waits for it."""
    with tenancy.as_system(state.pk):
        person = Person.objects.get(pk=person_id)
        pace = chosen(state.pk, person_id)
        due_at = last_digest(pace, state.now())
        rows = Message.objects.in_state(state.pk).collected().filter(person=person, created_at__lt=due_at)
        parts = list(
            rows.select_related("state", "person")
            .order_by("created_at", "pk")
            .select_for_update(of=("self",))
        )
        if pace is Chosen.OFF or not _belongs(state, person):
            _leave(parts, NOT_WANTED if pace is Chosen.OFF else LEFT)
            return None
        done = [part for part in parts if not matters(part)]
        _leave(done, DONE)
        kept = [part for part in parts if part not in done]
        return _digest(state, person, due_at, kept) if kept else None


def _collected_for(state: State, person: Person, due_at: datetime) -> list[Message]:
    """Locked, so that a second worker finds them taken."""
    rows = Message.objects.in_state(state.pk).collected().filter(person=person, created_at__lt=due_at)
    told = rows.select_related("state", "person").order_by("created_at", "pk")
    return list(told.select_for_update(of=("self",)))


def _digest(state: State, person: Person, due_at: datetime, parts: list[Message]) -> Message | None:
    """Where that of this moment has gone already, what is left waits for the next."""
    words = {"program": state.program_name or state.name}
    digest, is_new = Message.objects.get_or_create(
        state=state,
        key=f"{register.DIGEST.key}:{person.pk}:{due_at:%Y-%m-%d}",
        address=person.email.lower(),
        defaults={
            "notice": register.DIGEST.key,
            "person": person,
            "name": person.name,
            "subject": register.DIGEST.titled(words),
            "body": register.DIGEST.text(words),
            "link": sealing.seal(f"{settings.BASE_URL}/{state.slug}/"),
        },
    )
    if not is_new:
        return None
    Message.objects.filter(pk__in=[part.pk for part in parts]).update(digest=digest)
    ring("notices.deliver", state.pk, digest.pk)
    return digest


def _belongs(state: State, person: Person) -> bool:
    return bool(Membership.objects.in_state(state.pk).open_on(state.today()).filter(person=person).exists())


def _leave(messages: list[Message], reason: str) -> None:
    rows = Message.objects.filter(pk__in=[message.pk for message in messages])
    rows.update(status=Status.NOT_SENT, failure=reason, link="")
