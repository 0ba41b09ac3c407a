"""Mail in tests: who is told, what lies in the outgoing folder, and a mail server of a few lines."""

import shutil
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.test import override_settings
from django.utils import timezone

from agencies import tenancy
from agencies.announcements import Event, announce
from agencies.models import Invitation
from agencies.permissions import Role
from ips_portal.notices import delivery, mailbox
from ips_portal.notices.actions import tell
from ips_portal.notices.models import Message
from tests.cast import Cast, StateCast, make_cast

FACTS = {"label": "Fidelity report", "about": "North Team One"}


@contextmanager
def kept_in_files() -> Iterator[Cast]:
    shutil.rmtree(settings.MAIL_DIR, ignore_errors=True)
    with override_settings(EMAIL_BACKEND="django.core.mail.backends.filebased.EmailBackend"):
        yield make_cast()


def invite(state: StateCast) -> Invitation:
    """As the core does when somebody invites; with a key that a test can search for."""
    with tenancy.as_system(state.state.pk):
        invitation = Invitation.objects.create(
            state=state.state,
            email="new.person@example.org",
            name="New Person",
            role=Role.SUPERVISOR,
            agency=state.agencies["north"],
            token_sha256=state.state.slug.ljust(64, "0"),
            invited_by=state.people["leader"],
        )
    with state.entered("leader"):
        announce(
            Event.INVITED,
            state_id=state.state.pk,
            invitation_id=invitation.pk,
            email="New.Person@example.org",
            name="New Person",
            role="IPS supervisor",
            where="North Center",
            link=f"{settings.BASE_URL}/invitation/a-secret-token/",
            expires_at=invitation.expires_at,
            by="Meridian Leader",
        )
    return invitation


def report_ready(state: StateCast, *, key: str = "one", team: str = "North Team One") -> int:
    """A notice that comes at once."""
    return tell(
        "report-ready",
        state=state.state,
        to=[state.people["trainer"], state.people["admin"]],
        key=key,
        link=f"/{state.state.slug}/reports/",
        facts={**FACTS, "about": team},
    )


def plan_in_use(state: StateCast, *, key: str = "one", team: str = "North Team One") -> int:
    """A notice that can wait."""
    return tell(
        "plan-in-use",
        state=state.state,
        to=[state.people["trainer"]],
        key=f"plan-in-use:{key}",
        link=f"/{state.state.slug}/reviews/",
        facts={"team": team, "by": "Meridian Leader"},
    )


def messages(state: StateCast, **wanted: Any) -> list[Message]:
    with tenancy.as_system(state.state.pk):
        return list(Message.objects.filter(**wanted).select_related("state", "person").order_by("pk"))


def deliver_all(state: StateCast) -> None:
    for message in messages(state):
        delivery.deliver(message.state_id, message.pk)


def caught() -> list[mailbox.Mail]:
    return mailbox.mails(Path(settings.MAIL_DIR))


def pass_time(state: StateCast, **fields: Any) -> None:
    with tenancy.as_system(state.state.pk):
        Message.objects.update(next_try_at=timezone.now() - timedelta(seconds=1), **fields)


def at(state: StateCast, day: int, hour: int, minute: int = 0) -> datetime:
    """A moment by the state's clock, weeks ago: day 0 is a Monday, 6 the Sunday after it."""
    today = state.state.today()
    monday = today - timedelta(days=today.weekday() + 28)
    return datetime.combine(monday + timedelta(days=day), time(hour, minute), ZoneInfo(state.state.zone))


@dataclass
class PostOffice:
    """A mail server that keeps what it takes."""

    refuses: bool = False
    taken: list[bytes] = field(default_factory=list)
    server: Any = None

    @property
    def port(self) -> int:
        return int(self.server.server_address[1])

    def letters(self) -> list[EmailMessage]:
        return [message_from_bytes(each, policy=policy.default) for each in self.taken]


class Counter(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        office: PostOffice = self.server.office  # type: ignore[attr-defined]
        self.say("220 ready")
        while line := self.rfile.readline():
            word = line[:4].upper()
            if word == b"RCPT" and office.refuses:
                self.say("550 no such mailbox")
            elif word == b"DATA":
                self.say("354 go on")
                letter = b""
                while (part := self.rfile.readline()) != b".\r\n":
                    letter += part
                office.taken.append(letter)
                self.say("250 taken")
            else:
                self.say("221 bye" if word == b"QUIT" else "250 fine")

    def say(self, words: str) -> None:
        self.wfile.write(words.encode() + b"\r\n")


@contextmanager
def open_office() -> Iterator[PostOffice]:
    office = PostOffice()
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Counter) as server:
        office.server, server.office = server, office  # type: ignore[attr-defined]
        threading.Thread(target=server.serve_forever, args=[0.02], daemon=True).start()
        with override_settings(
            EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend",
            EMAIL_HOST="127.0.0.1",
            EMAIL_PORT=office.port,
        ):
            yield office
        server.shutdown()
