"""Telling people. Writes one message for each address; the worker delivers it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string

from agencies import tenancy
from agencies.models import Person, State
from ips_portal.bell import ring
from ips_portal.notices import register, sealing
from ips_portal.notices.models import Message

LINK = "{link}"  # where the link goes in a stored text


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
    address = absolute(link)
    new = 0
    with tenancy.as_system(state.pk):  # whoever caused it need not see whom it is told to
        for recipient in to:
            if isinstance(recipient, Person) and not recipient.is_active:
                continue
            message, is_new = Message.objects.get_or_create(
                state=state,
                key=key,
                address=recipient.email.lower(),
                defaults={
                    "notice": notice,
                    "person": recipient if isinstance(recipient, Person) else None,
                    "subject": told.subject.format(**words)[:200],
                    "body": text_of(told, recipient.name, words),
                    "link": sealing.seal(address),
                },
            )
            if is_new:
                ring("notices.deliver", state.pk, message.pk)
                new += 1
    return new


def text_of(notice: register.Notice, recipient: str, words: Mapping[str, str]) -> str:
    context = {**words, "notice": notice, "recipient": recipient, "link": LINK, "portal": settings.BASE_URL}
    return render_to_string(notice.template, context).strip() + "\n"


def absolute(link: str) -> str:
    """The link under the portal's own address, never under one that came with a request."""
    if link.startswith("/") and not link.startswith("//"):
        return f"{settings.BASE_URL}{link}"
    if link.startswith(f"{settings.BASE_URL}/"):
        return link
    raise ValueError("A notice links into the portal only.")
