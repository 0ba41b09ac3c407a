"""Tests in a real Chromium: where it is found, how it is started, and what no page may ever do."""

import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Response
from pytest_django.live_server_helper import LiveServer

from tests.browser.tour import found, site, tour, visitors
from tests.browser.windows import Window, enter
from tests.cast import StateCast
from tests.conftest import NO_BROWSER

__all__ = ["found", "site", "tour", "visitors"]  # made once, whichever tests ask for them

# Playwright drives the page from a running event loop; the tests' own queries are still made one after another.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

NAMES = (
    "chromium-headless-shell",  # the same engine without windows of its own, and a quarter faster
    *("chromium", "chromium-browser", "google-chrome-stable", "google-chrome"),
)
ARGUMENTS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def chromium() -> str | None:
    return os.environ.get("CHROMIUM") or next((path for path in map(shutil.which, NAMES) if path), None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    mine = [item for item in items if "browser" in getattr(item, "fixturenames", ())]
    if not mine or chromium():
        return
    if os.environ.get("REQUIRE_BROWSER") == "1":
        raise pytest.UsageError(f"{NO_BROWSER}, and REQUIRE_BROWSER=1: install chromium or set CHROMIUM.")
    for item in mine:
        item.add_marker(pytest.mark.skip(reason=NO_BROWSER))


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_type_launch_args, "executable_path": chromium(), "args": list(ARGUMENTS)}


@pytest.fixture
def page(page: Page) -> Iterator[Page]:
    """A page that fails its test on a script error, a breach of the content policy or an answer of 500."""
    faults: list[str] = []

    def heard(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            faults.append(f"content policy: {message.text}")

    def answered(response: Response) -> None:
        if response.status >= 500:
            faults.append(f"{response.status} from {response.url}")

    page.on("pageerror", lambda error: faults.append(f"script error: {error}"))
    page.on("console", heard)
    page.on("response", answered)
    yield page
    assert faults == []


@pytest.fixture
def window(browser: Browser, live_server: LiveServer, cast: StateCast) -> Iterator[Window]:
    """A new browser for each person asked for, who starts at the state's first page."""
    faults: list[str] = []
    with ExitStack() as stack:

        def opened(persona: str) -> Page:
            context = stack.enter_context(browser.new_context(base_url=live_server.url))
            enter(context, live_server, cast, persona)
            tab = context.new_page()
            tab.on("pageerror", lambda error: faults.append(f"{persona}: {error}"))
            tab.goto("/meridian/")
            return tab

        yield opened
    assert faults == []
