"""Browser windows of signed-in people on the test's own server, and the few moves every rating page knows."""

import re
from collections.abc import Callable

from django.conf import settings
from django.test import Client
from playwright.sync_api import BrowserContext, Dialog, Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.cast import StateCast

Window = Callable[[str], Page]
SAVED = re.compile(r"All changes saved \d+:\d\d [AP]M")


def enter(context: BrowserContext, live_server: LiveServer, cast: StateCast, persona: str) -> None:
    client = Client()
    client.force_login(cast.people[persona])
    name = settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])


def choose(sheet: Page, code: str, score: int) -> None:
    sheet.locator(f"label[for=score-{code}-{score}]").click()


def says(sheet: Page, words: str | re.Pattern[str]) -> None:
    expect(sheet.locator("#save-state [data-says]")).to_have_text(words)


def prepare(sheet: Page) -> None:
    sheet.get_by_role("button", name="Prepare for site visit").click()
    expect(sheet.locator("#prepare-words")).to_contain_text("Stored on this device", timeout=20_000)


def accept(dialog: Dialog) -> None:
    dialog.accept()
