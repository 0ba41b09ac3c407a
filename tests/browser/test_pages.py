"""What every role is led to: pages in a real browser (tests/browser/promises.py), doors, titles, and no page lost.

Those who lead the state see most; their pages stand in test_pages_of_the_state.py, so that two browsers share the work.
"""

from collections import defaultdict
from collections.abc import Iterator

import pytest
from django.urls import URLPattern, URLResolver, get_resolver
from playwright.sync_api import Browser, expect

from ips_portal.practice.visitor import Visitor
from tests.browser import crawl
from tests.browser.promises import assert_promises
from tests.browser.tour import LEADING, NOBODY, ROLES, Map, opened
from tests.portal import STATE, Portal

# Not pages for reading, or reached by other ways than a link: each with its reason.
NOT_LINKED = {
    "account_logout": "a button in every header",
    "agencies:state-logo-remove": "offered where the state has a logo; the practice states have none",
    "offline": "shown by the service worker",
    "service-worker": "fetched by the browser",
    "health": "asked by monitors",
    "health-ready": "asked by monitors",
    "health-live": "asked by monitors",
    "agencies:theme": "a style sheet",
    "agencies:logo": "a picture",
    "outcomes:shared-full-file": "offered where a quarter was told in full: in another practice state than this one",
    **dict.fromkeys(
        ("account_email", "account_email_verification_sent", "account_confirm_email"),
        "closed: the address somebody signs in with comes with the invitation",
    ),
}


@pytest.mark.parametrize("role", [NOBODY, *(role for role in ROLES if role not in LEADING)])
def test_every_page_keeps_its_promises(
    role: str, browser: Browser, visitors: dict[str, Visitor], found: Map
) -> None:
    assert_promises(role, browser, visitors[role], found)


@pytest.mark.parametrize("role", [NOBODY, *ROLES])
def test_nobody_is_led_to_a_closed_door(role: str, found: Map) -> None:
    """What a page offers, it gives: a link to 403 or 404 is a broken promise."""
    closed = [page for page in found.pages[role] if page.status >= 400]
    assert not closed, "\n" + "\n".join(
        f"{page.status} {page.address}, offered by {page.offered_by}" for page in closed
    )


@pytest.mark.parametrize("role", [NOBODY, *ROLES])
def test_pages_of_different_kinds_have_different_titles(role: str, found: Map) -> None:
    """In the browser's tabs and history a page is known by its title (WCAG 2.2, 2.4.2)."""
    titles = defaultdict[str, set[str]](set)
    for page in found.pages[role]:
        if page.is_html and page.status < 400:
            titles[page.title].add(page.route)
    same = {title: routes for title, routes in titles.items() if len(routes) > 1 or not title}
    assert not same


def test_every_page_can_be_read_without_scripts(
    browser: Browser, visitors: dict[str, Visitor], found: Map
) -> None:
    faults = []
    for role, pages in found.new.items():
        with opened(browser, visitors[role], java_script_enabled=False) as context:
            tab = context.new_page()
            for page in crawl.one_of_each(pages):
                answer = tab.goto(visitors[role].base + page.address)
                if answer is None or answer.status >= 400 or not tab.locator("h1").first.is_visible():
                    faults.append(f"{role} {page.pattern} {page.address}")
    assert faults == []


def test_every_page_is_reached_by_links(found: Map) -> None:
    """A page nobody is led to is either lost or has its reason in NOT_LINKED."""
    reached = {page.route for pages in found.pages.values() for page in pages}
    lost = [name for name, is_page in _routes() if is_page and name not in reached and name not in NOT_LINKED]
    assert lost == []


def _routes() -> Iterator[tuple[str, bool]]:
    """Names of our own pages, and whether they answer GET. Those of the sign-in library come with it.

    Addresses for programs are no pages: the gates of the API and its schema walk them.
    """
    waiting: list[tuple[str, URLPattern | URLResolver]] = [
        ("", each) for each in get_resolver().url_patterns if not str(each.pattern).startswith("api/")
    ]
    while waiting:
        space, pattern = waiting.pop()
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            waiting += [(inner, each) for each in pattern.url_patterns]
        elif pattern.name and not pattern.callback.__module__.startswith("allauth"):
            door = getattr(pattern.callback, "door", None)
            yield f"{space}{pattern.name}", door is None or door.action("GET") is not None


def test_a_person_signs_in_at_the_real_form(browser: Browser, site: Portal) -> None:
    account = site.account("AL")
    with browser.new_context() as context:
        tab = context.new_page()
        tab.goto(f"{site.address}/{STATE}/")
        tab.get_by_label("E-mail").fill(account["email"])
        tab.get_by_label("Password", exact=True).fill(account["password"])
        tab.get_by_role("button", name="Sign in", exact=True).click()
        expect(tab.locator("h1")).to_be_visible()
        expect(tab.locator(".account-menu__name")).to_have_text(account["name"])
        assert tab.url == f"{site.address}/{STATE}/"
