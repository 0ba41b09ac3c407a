"""Messages on their way out. Claimed by moving the next try forward, so two workers never send the same one.

A worker lost after the mail server took a message and before the row said so sends it again; both carry the same
Message-ID, by which mail servers drop the second.
"""

import logging
from datetime import timedelta
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException

from django.db import connection
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone

from agencies import tenancy
from ips_portal.bell import ring
from ips_portal.notices import letters, register, sealing
from ips_portal.notices.models import Message

log = logging.getLogger(__name__)

DONE = "It no longer mattered when it was to be sent."
GIVE_UP_AFTER = timedelta(hours=24)
LONGEST_PAUSE = timedelta(hours=1)
PERMANENT = 500  # RFC 5321, 4.2.1: replies from 500 on say that trying again will not help


def pause(tries: int) -> timedelta:
    """1, 2, 4, 8 ... minutes, at most an hour."""
    return min(timedelta(minutes=2 ** min(tries - 1, 10)), LONGEST_PAUSE)


def deliver(state_id: int, message_id: int) -> None:
    message = claimed(state_id, message_id)
    if message is None:
        return
    try:
        parts = still_true(message)
        if not parts:
            _close(message, status=Message.Status.NOT_SENT, failure=DONE)
            return
        letters.mail(message, parts if message.notice == register.DIGEST.key else ()).send()
    except sealing.BrokenSeal:
        _failed(message, "The portal's secret key has changed since, so the link could not be read.")
    except (SMTPException, OSError) as trouble:
        log.warning("message %s, try %s: %s", message.pk, message.tries, type(trouble).__name__)
        if refused_for_good(trouble):
            _failed(message, "The mail server refuses this address.")
        elif timezone.now() - message.created_at >= GIVE_UP_AFTER:
            _failed(message, "The mail server could not be reached for 24 hours.")
    else:
        _close(message, status=Message.Status.SENT, sent_at=timezone.now(), failure="")


def still_true(message: Message) -> list[Message]:
    """The message itself, or of a digest the parts, as far as they still matter. The others are never sent."""
    with tenancy.as_system(message.state_id):
        if message.notice != register.DIGEST.key:
            return [message] if matters(message) else []
        parts = Message.objects.filter(digest=message, status=Message.Status.COLLECTED)
        found = list(parts.select_related("state", "person").order_by("created_at", "pk"))
        kept = [part for part in found if matters(part)]
        done = [part.pk for part in found if part not in kept]
        parts.filter(pk__in=done).update(status=Message.Status.NOT_SENT, failure=DONE, link="")
        return kept


def matters(message: Message) -> bool:
    """Asked as the portal itself, with the rows as they are now. A notice that no app names any more does not."""
    notice = register.known(message.notice)
    return notice is not None and notice.matters(message.state, message.key, message.person)


def claimed(state_id: int, message_id: int) -> Message | None:
    with tenancy.as_system(state_id):
        rows = Message.objects.filter(pk=message_id)
        message: Message | None = rows.due().select_related("state", "person").first()
        if message is None:
            return None
        message.tries += 1
        taken = rows.due().filter(tries=message.tries - 1)
        if not taken.update(tries=message.tries, next_try_at=Now() + pause(message.tries)):
            return None
    return message


def refused_for_good(trouble: Exception) -> bool:
    if isinstance(trouble, SMTPRecipientsRefused):
        return all(code >= PERMANENT for code, _ in trouble.recipients.values())
    return isinstance(trouble, SMTPResponseException) and trouble.smtp_code in (550, 551, 553)


def _failed(message: Message, reason: str) -> None:
    _close(message, status=Message.Status.FAILED, failure=reason)


def _close(message: Message, **values: object) -> None:
    """Of a digest, its parts end with it."""
    waiting = Q(pk=message.pk, status=Message.Status.WAITING)
    collected = Q(digest=message.pk, status=Message.Status.COLLECTED)
    with tenancy.as_system(message.state_id):
        Message.objects.filter(waiting | collected).update(link="", **values)


def deliver_due() -> None:
    """Rings for every message whose time has come."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT state_id, id FROM notices_due()")
        due = cursor.fetchall()
    for state_id, message_id in due:
        ring("notices.deliver", state_id, message_id)
