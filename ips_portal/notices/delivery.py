"""Messages on their way out. Claimed by moving the next try forward, so two workers never send the same one.

A worker lost after the mail server took a message and before the row said so sends it again; both carry the same
Message-ID, by which mail servers drop the second.
"""

import logging
from datetime import timedelta
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import connection
from django.db.models.functions import Now
from django.template.loader import render_to_string
from django.utils import timezone

from agencies import tenancy
from ips_portal.bell import ring
from ips_portal.notices import sealing
from ips_portal.notices.actions import LINK
from ips_portal.notices.models import Message

log = logging.getLogger(__name__)

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
        mail(message).send()
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


def claimed(state_id: int, message_id: int) -> Message | None:
    with tenancy.as_system(state_id):
        rows = Message.objects.filter(pk=message_id)
        message: Message | None = rows.due().select_related("state").first()
        if message is None:
            return None
        message.tries += 1
        taken = rows.due().filter(tries=message.tries - 1)
        if not taken.update(tries=message.tries, next_try_at=Now() + pause(message.tries)):
            return None
    return message


def mail(message: Message) -> EmailMultiAlternatives:
    """Plain text, and the same words as HTML."""
    text = message.body.replace(LINK, sealing.unseal(message.link))
    host = urlsplit(settings.BASE_URL).hostname
    made = EmailMultiAlternatives(
        message.subject,
        text,
        to=[message.address],
        headers={
            "Message-ID": f"<message-{message.state_id}-{message.pk}@{host}>",
            "Auto-Submitted": "auto-generated",
        },
    )
    made.attach_alternative(
        render_to_string("email/message.html", {"text": text, "message": message}), "text/html"
    )
    return made


def refused_for_good(trouble: Exception) -> bool:
    if isinstance(trouble, SMTPRecipientsRefused):
        return all(code >= PERMANENT for code, _ in trouble.recipients.values())
    return isinstance(trouble, SMTPResponseException) and trouble.smtp_code in (550, 551, 553)


def _failed(message: Message, reason: str) -> None:
    _close(message, status=Message.Status.FAILED, failure=reason)


def _close(message: Message, **values: object) -> None:
    with tenancy.as_system(message.state_id):
        Message.objects.filter(pk=message.pk, status=Message.Status.WAITING).update(link="", **values)


def deliver_due() -> None:
    """Rings for every message whose time has come."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT state_id, id FROM notices_due()")
        due = cursor.fetchall()
    for state_id, message_id in due:
        ring("notices.deliver", state_id, message_id)
