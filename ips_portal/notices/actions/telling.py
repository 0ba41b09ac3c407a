"""Telling people. Writes one message for each address; the worker delivers it, or collects it for the next digest."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db import transaction

from agencies import tenancy
from agencies.models import Person, State
from ips_portal.bell import ring
from ips_portal.notices import register, reminding, sealing
from ips_portal.notices.models import Message, Preference
from ips_portal.notices.pacing import DEFAULT, Chosen, comes

Status = Message.Status
NOT_WANTED = "Not wanted by e-mail; it stands in the portal."


@dataclass(frozen=True)
class Address:
    """Somebody who has no account yet."""

    email: str
    name: str


@transaction.atomic(savepoint=False)
def tell(
    notice: str,
    *,
    state: State,
    to: Iterable[Person | Address],
    key: str,
    link: str,
    facts: Mapping[str, str],
) -> int:
    """Tells each of them once about the event that `key` names; returns to how many messages are new.

    `link` is a path of the portal ("/meridian/..."). `facts` are exactly those the notice names: names, never figures.
    """
    told = register.named(notice)
    words = told.checked(facts) | {"program": state.program_name or state.name}
    sealed = sealing.seal(absolute(link))
    shared = {"notice": notice, "subject": told.titled(words), "body": told.text(words), "link": sealed}
    here = [each for each in to if isinstance(each, Address) or each.is_active]
    new = 0
    with tenancy.as_system(state.pk):  # whoever caused it need not see whom it is told to
        paces = Preference.objects.in_state(state.pk).chosen_by(_people(here))
        for recipient in here:
            message, is_new = Message.objects.get_or_create(
                state=state,
                key=key,
                address=recipient.email.lower(),
                defaults=shared | _own(told, recipient, paces),
            )
            if is_new and message.status == Status.WAITING:
                ring("notices.deliver", state.pk, message.pk)
            new += is_new
    return new


def remind(
    notice: str,
    *,
    state: State,
    to: Iterable[Person],
    record: str,
    due_on: date,
    ladder: reminding.Ladder,
    today: date,
    link: str,
    facts: Mapping[str, str],
) -> int:
    """Reminds each of them once for each step of the ladder; of several steps that were missed only the latest.

    `record` names what is due (without a colon). Whether it is done meanwhile the notice's `still` says, which is
    asked here and once more before the mail leaves.
    """
    steps = reminding.due(ladder, due_on, today)
    if not steps:
        return 0
    key = reminding.key_of(notice, record, due_on, steps[-1])
    told = register.named(notice)
    with tenancy.as_system(state.pk):
        open_for = [person for person in to if told.matters(state, key, person)]
    return tell(notice, state=state, to=open_for, key=key, link=link, facts=facts)


def _people(recipients: Iterable[Person | Address]) -> list[int]:
    return [each.pk for each in recipients if isinstance(each, Person)]


def _own(
    notice: register.Notice, recipient: Person | Address, paces: Mapping[int, Chosen]
) -> dict[str, object]:
    """What differs from one recipient to the next: the greeting, and how soon the mail goes."""
    if isinstance(recipient, Address):
        return {"person": None, "name": recipient.name}
    own: dict[str, object] = {"person": recipient, "name": recipient.name}
    match comes(notice.pace, paces.get(recipient.pk, DEFAULT)):
        case Chosen.AT_ONCE:
            return own
        case Chosen.OFF:
            return own | {"status": Status.NOT_SENT, "failure": NOT_WANTED, "link": ""}
    return own | {"status": Status.COLLECTED}


def absolute(link: str) -> str:
    """The link under the portal's own address, never under one that came with a request."""
    if link.startswith("/") and not link.startswith("//"):
        return f"{settings.BASE_URL}{link}"
    if link.startswith(f"{settings.BASE_URL}/"):
        return link
    raise ValueError("A notice links into the portal only.")
