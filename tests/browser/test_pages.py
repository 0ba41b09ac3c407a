"""Opens every page every role is led to in a real browser, wide and narrow, and holds it to its promises.

Pages are found by tests/browser/crawl.py. By default each role gets its own page of each address pattern with the
cheap checks, and each look of a page gets the dear ones (axe, the Tab key) once. BROWSER_FULL=1 gives all of them to
every role.
Screenshots: .local/screenshots/<role>/<width>/<page>.png, there to be looked at.
"""

from collections import defaultdict
from collections.abc import Iterator

import pytest
from django.urls import URLPattern, URLResolver, get_resolver
from playwright.sync_api import Browser, expect
from playwright.sync_api import Page as Tab

from ips_portal.practice.visitor import Visitor
from tests.browser import checks, crawl
from tests.browser.tour import FULL, NOBODY, ROLES, Map, opened, photograph, without_pictures
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


@pytest.mark.parametrize("role", [NOBODY, *ROLES])
def test_every_page_keeps_its_promises(
    role: str, browser: Browser, visitors: dict[str, Visitor], found: Map
) -> None:
    """Status, console, content policy, reflow, focus, targets, words; axe and the Tab key for each look of a page."""
    without_pictures(role)
    faults = []
    new = {page.address for page in found.new[role]}
    with opened(browser, visitors[role]) as context:
        tab = context.new_page()
        ear = checks.Ear().listen(tab)
        for page in found.to_open(role):
            checks.resize(tab, checks.WIDE)
            answer = tab.goto(visitors[role].base + page.address)
            status = answer.status if answer else 0
            said = [f"answers {status}"] if status >= 400 else []
            for width in (checks.WIDE, checks.NARROW):
                checks.resize(tab, width)
                if page.address in new:
                    photograph(tab, role, width, page)
                said += [f"{width} px: {each}" for each in examined(tab, width, dear=page.address in new)]
            faults += [f"{page.pattern} {page.address}: {each}" for each in said + ear.take()]
    assert not faults, "\n" + "\n".join(faults)


def examined(tab: Tab, width: int, *, dear: bool) -> list[str]:
    faults = checks.look(tab)
    if dear:
        faults += checks.axe(tab)
        if width == checks.NARROW or FULL:
            faults += checks.walk(tab)
    return faults


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
