"""An operator opens a state on the server; its first admin comes in by e-mail."""

import re
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from agencies import tenancy
from agencies.models import Membership, State
from fidelity.in_force import policy_on

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("broker_url"),  # allauth counts there how often an address asks
]


def opened(slug: str = "oregon", **changed: Any) -> str:
    given = {
        "name": "Oregon",
        "zone": "America/Los_Angeles",
        "policy": "wisconsin",
        "admin_name": "First Admin",
        "admin_email": "first@oregon.example",
    }
    out = StringIO()
    call_command("open_state", slug, stdout=out, **(given | changed))
    return out.getvalue()


def test_a_new_state_has_its_policy_and_its_admin() -> None:
    assert "/oregon/" in opened()
    state = State.objects.get(slug="oregon")
    with tenancy.as_system(state.pk):
        assert policy_on(state.pk, state.today()).name == "Wisconsin"
        admin = Membership.objects.select_related("person").get()
    assert (admin.role, admin.person.email) == ("SA", "first@oregon.example")


def test_the_first_admin_chooses_a_password_by_mail_and_comes_in(
    client: Client, mailoutbox: list[Any]
) -> None:
    opened()
    client.post("/accounts/password/reset/", {"email": "first@oregon.example"})
    link = re.search(r"http://\S+", mailoutbox[0].body)
    assert link
    form = client.get(link[0].replace("http://localhost", ""), follow=True)
    address = form.redirect_chain[-1][0]
    client.post(address, {"password1": "a long enough secret", "password2": "a long enough secret"})
    signed_in = {"login": "first@oregon.example", "password": "a long enough secret"}
    assert client.post("/accounts/login/", signed_in).status_code == 302
    assert client.get("/oregon/").status_code == 200


@pytest.mark.parametrize(
    ("slug", "changed", "words"),
    [
        ("health", {}, "cannot be the address"),
        ("Oregon", {}, "small letters"),
        ("oregon!", {}, "cannot be the address"),
        ("oregon", {"zone": "Mars/Base"}, "no time zone"),
        ("oregon", {"admin_email": "nobody"}, "no e-mail address"),
    ],
)
def test_what_cannot_be_opened_is_said(slug: str, changed: dict[str, str], words: str) -> None:
    with pytest.raises(CommandError, match=words):
        opened(slug, **changed)
    assert not State.objects.exists()


def test_a_state_opens_once() -> None:
    opened()
    with pytest.raises(CommandError, match="already"):
        opened()
