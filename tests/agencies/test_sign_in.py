"""Signing in: guessing is slow, whatever else is away."""

import re
from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.conf import settings
from django.core.mail import EmailMessage
from django.test import Client, override_settings
from django.utils import timezone

from agencies.actions import sign_ins
from agencies.models import FailedSignIn
from tests.cast import PASSWORD, StateCast

AWAY = {"default": {"BACKEND": "ips_portal.caching.ForgivingRedisCache", "LOCATION": "redis://localhost:1/0"}}
NEW = "another long enough password"
TOO_MANY = "Too many failed login attempts"

pytestmark = pytest.mark.usefixtures("broker_url")  # allauth counts there how often an address asks


def tries(email: str, password: str, address: str = "192.0.2.7") -> str:
    answer = Client(REMOTE_ADDR=address).post("/accounts/login/", {"login": email, "password": password})
    return "in" if answer.status_code == 302 else answer.content.decode()


@pytest.fixture
def email(meridian: StateCast) -> str:
    return meridian.people["trainer"].email


@override_settings(CACHES=AWAY)
def test_guessing_one_account_is_stopped_while_the_cache_is_away(email: str) -> None:
    answers = [tries(email, "wrong", f"192.0.2.{number}") for number in range(5)]
    assert not any(TOO_MANY in answer for answer in answers)
    assert TOO_MANY in tries(email.upper(), PASSWORD, "192.0.2.99")


@override_settings(CACHES=AWAY)
def test_guessing_many_accounts_from_one_address_is_stopped_and_others_go_on(email: str) -> None:
    for number in range(10):
        tries(f"nobody{number}@elsewhere.example", "wrong")
    assert TOO_MANY in tries(email, PASSWORD)
    assert tries(email, PASSWORD, "192.0.2.8") == "in"


@override_settings(CACHES=AWAY)
def test_the_limit_ends_with_time_and_with_a_new_password(email: str, meridian: StateCast) -> None:
    for number in range(5):
        tries(email, "wrong", f"192.0.2.{number}")
    FailedSignIn.objects.update(at=timezone.now() - timedelta(minutes=6))
    assert tries(email, PASSWORD, "192.0.2.8") == "in"
    for number in range(5):
        tries(email, "wrong", f"192.0.2.{number}")
    sign_ins.forgive(email)
    assert tries(email, PASSWORD, "192.0.2.8") == "in"


def test_failures_are_kept_without_address_or_account_and_forgotten_after_a_day(email: str) -> None:
    tries(email, "wrong")
    row = FailedSignIn.objects.get()
    assert len({row.account_sha256, row.address_sha256, email, settings.SECRET_KEY}) == 4
    assert sign_ins.forget_failed() == 0
    FailedSignIn.objects.update(at=timezone.now() - timedelta(days=2))
    assert sign_ins.forget_failed() == 1


@override_settings(CACHES=AWAY)
@time_machine.travel("2026-11-25T18:00:05Z", tick=False)  # a code lasts until the next half minute
def test_guessing_the_second_step_is_stopped_while_the_cache_is_away(
    email: str, meridian: StateCast, client: Client
) -> None:
    secret = generate_totp_secret()
    TOTP.activate(meridian.people["trainer"], secret)
    answer = client.post("/accounts/login/", {"login": email, "password": PASSWORD})
    right = format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))
    wrong = f"{(int(right) + 1) % 1_000_000:06}"
    for number in range(5):
        page = client.post(answer["Location"], {"code": wrong}, REMOTE_ADDR=f"192.0.2.{number}")
        assert TOO_MANY not in page.content.decode()
    assert TOO_MANY in client.post(answer["Location"], {"code": right}).content.decode()
    FailedSignIn.objects.update(at=timezone.now() - timedelta(minutes=6))
    assert client.post(answer["Location"], {"code": right}).status_code == 302


# --- a new password -------------------------------------------------------------------------------------------
def test_a_stranger_who_asks_for_a_new_password_is_told_there_is_no_account(
    client: Client, db: None, mailoutbox: list[EmailMessage]
) -> None:
    client.post("/accounts/password/reset/", {"email": "stranger@elsewhere.example"})
    (mail,) = mailoutbox
    assert mail.subject == "IPS portal: Nobody signs in with this address"
    assert "there is nothing to reset" in mail.body
    assert "sign up" not in mail.body.lower()


def test_a_new_password_is_chosen_by_link_and_its_owner_told(
    client: Client, email: str, mailoutbox: list[EmailMessage]
) -> None:
    client.post("/accounts/password/reset/", {"email": email})
    found = re.search(r"http://\S+", str(mailoutbox[0].body))
    assert found
    form = client.get(found[0].removeprefix("http://localhost"), follow=True)
    client.post(form.redirect_chain[-1][0], {"password1": NEW, "password2": NEW})
    assert [mail.subject for mail in mailoutbox] == [
        "IPS portal: Choose a new password",
        "IPS portal: Your password was changed",
    ]
    assert tries(email, NEW) == "in"
