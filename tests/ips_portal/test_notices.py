"""Who is told what, once, and what a mail never says."""

import smtplib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client, override_settings
from django.utils import timezone

from agencies import tenancy
from agencies.announcements import Event, announce
from ips_portal.notices import delivery, register
from ips_portal.notices.actions import tell
from ips_portal.notices.actions.telling import absolute
from ips_portal.notices.models import Message
from tests.cast import Cast, StateCast
from tests.ips_portal.post import (
    FACTS,
    PostOffice,
    caught,
    deliver_all,
    invite,
    kept_in_files,
    messages,
    open_office,
    pass_time,
    report_ready,
)

Status = Message.Status
pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Iterator[Cast]:
    with kept_in_files() as cast:
        yield cast


@pytest.fixture
def north(cast: Cast) -> StateCast:
    return cast.meridian


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


def test_what_was_done_before_the_mail_left_is_not_sent(north: StateCast) -> None:
    invitation = invite(north)
    with tenancy.as_system(north.state.pk):
        type(invitation).objects.filter(pk=invitation.pk).update(withdrawn_at=timezone.now())
    deliver_all(north)
    (message,) = messages(north)
    assert (message.status, message.link, caught()) == (Status.NOT_SENT, "", [])
    assert "no longer mattered" in message.failure


def test_an_invitation_sent_again_is_mailed_with_the_new_link_only(north: StateCast) -> None:
    invitation = invite(north)
    with tenancy.as_system(north.state.pk):
        type(invitation).objects.filter(pk=invitation.pk).update(sent_at=timezone.now())
    deliver_all(north)
    assert (messages(north)[0].status, caught()) == (Status.NOT_SENT, [])


# Delivering, through a mail server that can be away


@pytest.fixture
def post_office() -> Iterator[PostOffice]:
    with open_office() as office:
        yield office


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
    (letter,) = post_office.letters()
    assert letter["Message-ID"] == f"<message-{north.state.pk}-{waiting.pk}@localhost>"
    assert {part.get_content_type() for part in letter.walk()} >= {"text/plain", "text/html"}


def test_after_a_day_without_a_mail_server_the_message_has_visibly_failed(north: StateCast) -> None:
    invite(north)
    pass_time(north, created_at=timezone.now() - timedelta(hours=25))
    with override_settings(EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend", EMAIL_PORT=1):
        deliver_all(north)
    (failed,) = messages(north)
    assert (failed.status, failed.link) == (Status.FAILED, "")
    page = north.seen_by("admin").get("/meridian/notices/").text
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


def test_everybody_reads_the_register_and_only_their_own_messages(north: StateCast) -> None:
    report_ready(north)
    invite(north)
    admin = north.seen_by("admin").get("/meridian/notices/").text
    trainers = north.seen_by("leader").get("/meridian/notices/").text
    for notice in register.registered():
        assert notice.event in trainers
    assert "new.person@example.org" in admin
    assert "new.person@example.org" not in trainers
    assert "trainer@meridian.example" not in trainers


def test_messages_of_one_state_are_unknown_in_the_other(cast: Cast) -> None:
    report_ready(cast.meridian)
    page = cast.bayou.seen_by("admin").get("/bayou/notices/").text
    assert "meridian.example" not in page
    assert cast.bayou.seen_by("admin").get("/meridian/notices/").status_code == 404


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
