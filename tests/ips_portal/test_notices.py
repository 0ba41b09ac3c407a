"""Who is told what, once, and what a mail never says."""

import shutil
import smtplib
import socketserver
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client, override_settings
from django.utils import timezone

from agencies import tenancy
from agencies.announcements import Event, announce
from ips_portal.notices import delivery, mailbox, register
from ips_portal.notices.actions import Address, absolute, tell
from ips_portal.notices.models import Message
from tests.cast import Cast, StateCast, make_cast

Status = Message.Status
pytestmark = pytest.mark.django_db
FACTS = {"label": "Fidelity report", "team": "North Team One"}


@pytest.fixture
def cast() -> Iterator[Cast]:
    shutil.rmtree(settings.MAIL_DIR, ignore_errors=True)
    with override_settings(EMAIL_BACKEND="django.core.mail.backends.filebased.EmailBackend"):
        yield make_cast()


@pytest.fixture
def north(cast: Cast) -> StateCast:
    return cast.meridian


def invite(state: StateCast) -> None:
    """As the core does when somebody invites."""
    with tenancy.entered(state.actor("leader")):
        announce(
            Event.INVITED,
            state_id=state.state.pk,
            invitation_id=7,
            email="New.Person@example.org",
            name="New Person",
            role="IPS supervisor",
            where="North Center",
            link=f"{settings.BASE_URL}/invitation/a-secret-token/",
            expires_at=timezone.now() + timedelta(days=7),
            by="Meridian Leader",
        )


def messages(state: StateCast) -> list[Message]:
    with tenancy.as_system(state.state.pk):
        return list(Message.objects.order_by("pk"))


def deliver_all(state: StateCast) -> None:
    for message in messages(state):
        delivery.deliver(message.state_id, message.pk)


def caught() -> list[mailbox.Mail]:
    return mailbox.mails(Path(settings.MAIL_DIR))


def report_ready(state: StateCast, *, key: str = "one", team: str = "North Team One") -> int:
    return tell(
        "report-ready",
        state=state.state,
        to=[state.people["trainer"], state.people["admin"]],
        key=key,
        link=f"/{state.state.slug}/reports/",
        facts={**FACTS, "team": team},
    )


# Telling


def test_an_invitation_reaches_the_address_with_its_link(north: StateCast) -> None:
    invite(north)
    deliver_all(north)
    (mail,) = caught()
    assert (mail.to, mail.subject) == ("new.person@example.org", "Your invitation to Meridian IPS")
    assert f"{settings.BASE_URL}/invitation/a-secret-token/" in mail.text
    assert "Meridian Leader invites you to Meridian IPS, as IPS supervisor (North Center)." in mail.text
    assert "You get this message because you were invited" in mail.text
    assert messages(north)[0].status == Status.SENT


def test_the_key_of_an_invitation_is_readable_nowhere_in_the_database(north: StateCast) -> None:
    invite(north)
    deliver_all(north)
    assert messages(north)[0].link == ""
    with tenancy.as_system(north.state.pk), connection.cursor() as cursor:
        cursor.execute("SELECT values::text FROM agencies_change WHERE table_name = 'notices_message'")
        told = [values for (values,) in cursor.fetchall()]
    assert told
    assert not [values for values in told if "a-secret-token" in values]


def test_nothing_is_told_twice_and_each_gets_a_mail_of_their_own(north: StateCast) -> None:
    assert (report_ready(north), report_ready(north), report_ready(north, key="two")) == (2, 0, 2)
    deliver_all(north)
    deliver_all(north)
    assert (
        sorted(mail.to for mail in caught())
        == ["admin@meridian.example"] * 2 + ["trainer@meridian.example"] * 2
    )


def test_a_mail_says_only_what_its_notice_names(north: StateCast) -> None:
    with pytest.raises(ValueError, match="takes"):
        tell("report-ready", state=north.state, to=[], key="x", link="/", facts={**FACTS, "total": "95"})


def test_a_line_break_in_a_name_adds_no_header(north: StateCast) -> None:
    report_ready(north, team="North\r\nBcc: everybody@example.org")
    deliver_all(north)
    assert {mail.subject for mail in caught()} == {
        "Fidelity report is ready: North Bcc: everybody@example.org"
    }


@pytest.mark.parametrize(
    "link", ["https://evil.example/x", "//evil.example/x", "javascript:alert(1)", "meridian/"]
)
def test_a_link_never_leaves_the_portal(link: str) -> None:
    with pytest.raises(ValueError, match="into the portal"):
        absolute(link)


def test_somebody_who_left_is_told_nothing(north: StateCast) -> None:
    north.people["trainer"].is_active = False
    assert report_ready(north) == 1


def test_markup_in_a_name_stays_text(north: StateCast) -> None:
    report_ready(north, team="<b>North</b> & co")
    message = messages(north)[0]
    html = str(delivery.mail(message).alternatives[0][0])
    assert "<b>" not in html
    assert "<b>North</b> & co" in message.body


def test_a_role_change_is_told_without_its_reason(north: StateCast) -> None:
    with tenancy.entered(north.actor("admin")):
        announce(
            Event.ROLE_CHANGED,
            state_id=north.state.pk,
            person_id=north.people["specialist"].pk,
            membership_id=north.memberships["specialist"].pk,
            role="IPS supervisor",
            where="North Center",
            reason="was ill for a month",
            by="Meridian Admin",
        )
    (message,) = messages(north)
    assert message.address == "specialist@meridian.example"
    assert "ill" not in message.body.replace("will", "")


def test_every_notice_has_its_words(north: StateCast) -> None:
    for notice in register.registered():
        facts = {name: f"the-{name}" for name in notice.facts}
        assert tell(
            notice.key,
            state=north.state,
            to=[Address("a@b.example", "A")],
            key=notice.key,
            link="/",
            facts=facts,
        )
    for message in messages(north):
        assert "{link}" in message.body
        assert "You get this message because" in message.body
        for name in register.named(message.notice).facts:
            assert f"the-{name}" in message.body + message.subject


# Delivering, through a mail server that can be away


@dataclass
class PostOffice:
    """A mail server of a few lines that keeps what it takes."""

    refuses: bool = False
    taken: list[bytes] = field(default_factory=list)
    server: Any = None

    @property
    def port(self) -> int:
        return int(self.server.server_address[1])


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


@pytest.fixture
def post_office() -> Iterator[PostOffice]:
    office = PostOffice()
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Counter) as server:
        office.server, server.office = server, office  # type: ignore[attr-defined]
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with override_settings(
            EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend",
            EMAIL_HOST="127.0.0.1",
            EMAIL_PORT=office.port,
        ):
            yield office
        server.shutdown()


def pass_time(state: StateCast, **fields: Any) -> None:
    with tenancy.as_system(state.state.pk):
        Message.objects.update(next_try_at=timezone.now() - timedelta(seconds=1), **fields)


def test_a_mail_server_that_was_away_gets_each_mail_once(north: StateCast, post_office: PostOffice) -> None:
    invite(north)
    with override_settings(EMAIL_PORT=1):
        deliver_all(north)
    waiting = messages(north)[0]
    assert (waiting.status, waiting.tries) == (Status.WAITING, 1)
    assert waiting.next_try_at > timezone.now() + timedelta(seconds=30)
    deliver_all(north)
    assert post_office.taken == [], "not before its time"
    pass_time(north)
    deliver_all(north)
    deliver_all(north)
    (letter,) = (message_from_bytes(each, policy=policy.default) for each in post_office.taken)
    assert letter["Message-ID"] == f"<message-{north.state.pk}-{waiting.pk}@localhost>"
    assert {part.get_content_type() for part in letter.walk()} >= {"text/plain", "text/html"}


def test_after_a_day_without_a_mail_server_the_message_has_visibly_failed(north: StateCast) -> None:
    invite(north)
    pass_time(north, created_at=timezone.now() - timedelta(hours=25))
    with override_settings(EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend", EMAIL_PORT=1):
        deliver_all(north)
    (failed,) = messages(north)
    assert (failed.status, failed.link) == (Status.FAILED, "")
    page = signed_in(north, "admin").get("/meridian/notices/").text
    assert "The mail server could not be reached for 24 hours." in page


def test_an_address_the_mail_server_refuses_is_not_tried_for_a_day(
    north: StateCast, post_office: PostOffice
) -> None:
    post_office.refuses = True
    invite(north)
    deliver_all(north)
    assert messages(north)[0].failure == "The mail server refuses this address."


def test_the_pauses_grow_to_an_hour() -> None:
    minutes = [delivery.pause(tries) / timedelta(minutes=1) for tries in range(1, 9)]
    assert minutes == [1, 2, 4, 8, 16, 32, 60, 60]


def test_only_a_final_answer_of_the_mail_server_is_final() -> None:
    assert delivery.refused_for_good(smtplib.SMTPRecipientsRefused({"a@b.example": (550, b"no")}))
    assert not delivery.refused_for_good(smtplib.SMTPRecipientsRefused({"a@b.example": (450, b"later")}))
    assert not delivery.refused_for_good(ConnectionRefusedError())


def test_a_link_sealed_under_a_forgotten_key_fails_visibly(north: StateCast) -> None:
    invite(north)
    with override_settings(SECRET_KEY="another key"):
        deliver_all(north)
    assert "secret key" in messages(north)[0].failure
    assert caught() == []


# The pages


def signed_in(state: StateCast, persona: str) -> Client:
    client = Client()
    client.force_login(state.people[persona])
    return client


def test_everybody_reads_the_register_and_only_their_own_messages(north: StateCast) -> None:
    report_ready(north)
    invite(north)
    admin = signed_in(north, "admin").get("/meridian/notices/").text
    trainers = signed_in(north, "leader").get("/meridian/notices/").text
    for notice in register.registered():
        assert notice.event in trainers
    assert "new.person@example.org" in admin
    assert "new.person@example.org" not in trainers
    assert "trainer@meridian.example" not in trainers


def test_messages_of_one_state_are_unknown_in_the_other(cast: Cast) -> None:
    report_ready(cast.meridian)
    page = signed_in(cast.bayou, "admin").get("/bayou/notices/").text
    assert "meridian.example" not in page
    assert signed_in(cast.bayou, "admin").get("/meridian/notices/").status_code == 404


def test_the_practice_mailbox_is_open_where_mail_is_caught_and_nowhere_else(north: StateCast) -> None:
    invite(north)
    deliver_all(north)
    (mail,) = caught()
    page = Client().get("/mail/")
    assert "practice" in page.text
    assert mail.subject in page.text
    assert (
        f'href="{settings.BASE_URL}/invitation/a-secret-token/"' in Client().get(f"/mail/{mail.name}/").text
    )
    with override_settings(MAIL_DIR=""):
        assert Client().get("/mail/").status_code == 404
        assert Client().get(f"/mail/{mail.name}/").status_code == 404


@pytest.mark.parametrize(
    "name", ["%2e%2e%2fsecrets.json", "secrets.json", "20260101-000000-1.log", "..%5cx", "a%00b"]
)
def test_the_practice_mailbox_opens_nothing_but_its_mail(cast: Cast, name: str) -> None:
    folder = Path(settings.MAIL_DIR)
    folder.mkdir(parents=True, exist_ok=True)
    (folder.parent / "secrets.json").write_text("{}")
    (folder / "secrets.json").write_text("{}")
    (folder / "20260101-000000-1.log").symlink_to(folder.parent / "secrets.json")
    answer = Client().get(f"/mail/{name}/")
    assert answer.status_code in (302, 404)
    assert "{}" not in answer.text
