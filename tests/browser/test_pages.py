"""Opens every page every role is led to in a real browser, wide and narrow, and holds it to its promises.

Pages are found by tests/browser/crawl.py. By default each role gets its own page of each address pattern with the
cheap checks, and each look of a page gets the dear ones (axe, the Tab key) once. BROWSER_FULL=1 gives all of them to
every role.
Screenshots: .local/screenshots/<role>/<width>/<page>.png, there to be looked at.
"""

import os
import re
import shutil
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import pytest
from django.urls import URLPattern, URLResolver, get_resolver
from playwright.sync_api import Browser, BrowserContext, expect
from playwright.sync_api import Page as Tab

from ips_portal.bootstrap.places import LOCAL
from ips_portal.practice.check import MainJob, people_of
from ips_portal.practice.visitor import Account, Visitor
from ips_portal.practice.visitor import expect as expected
from tests import portal
from tests.browser import checks, crawl
from tests.browser.crawl import Page
from tests.portal import STATE, Portal

FULL = os.environ.get("BROWSER_FULL") == "1"
# Everybody in the state, and the second trainer, who has led the review that waits for its report.
ROLES = ("SA", "ST", "ST2", "VR", "MH", "DL", "MC", "AL", "SU", "ES", "RO", "XR", "OP")
NOBODY = "nobody"
TELLS_EVERYBODY = "bayou"
INVITED = "invited@elsewhere.example"
PICTURES = FULL or not os.environ.get("CI")  # nobody looks at those of a machine that is thrown away
SCREENSHOTS = LOCAL / "screenshots"
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
    **dict.fromkeys(
        ("account_email", "account_email_verification_sent", "account_confirm_email"),
        "closed: the address somebody signs in with comes with the invitation",
    ),
}


Offer = tuple[str, Page, crawl.Form]  # to whom, where, what


@dataclass
class Map:
    """What the crawl found: pages of each role, and which of them get the dear checks."""

    pages: dict[str, list[Page]] = field(default_factory=dict)
    new: dict[str, list[Page]] = field(default_factory=dict)

    def to_open(self, role: str) -> list[Page]:
        chosen = {page.address: page for page in [*crawl.one_of_each(self.pages[role]), *self.new[role]]}
        return sorted(chosen.values(), key=lambda page: page.address)


@pytest.fixture(scope="session")
def site() -> Iterator[Portal]:
    """With a worker, so that there is mail to read and paper to take."""
    with portal.running("pages", worker=True) as running:
        yield running


@pytest.fixture(scope="session")
def visitors(site: Portal) -> dict[str, Visitor]:
    """Everybody signed in once, by the real form."""
    return {NOBODY: Visitor(site.address, NOBODY)} | {role: site.enter(person(site, role)) for role in ROLES}


def person(portal: Portal, role: str) -> Account:
    return portal.account(role[:2], number=int(role[2:] or 1) - 1)


@pytest.fixture(scope="session")
def found(site: Portal, visitors: dict[str, Visitor]) -> Map:
    """After the main job, a quarter begun and one published, an invitation, a token: more than practice states show."""
    shutil.rmtree(SCREENSHOTS, ignore_errors=True)
    do_the_main_job(site, visitors)
    begin_the_quarter(visitors["SU"])
    upload_a_file(visitors["SU"])
    for state in (STATE, TELLS_EVERYBODY):
        site.command("publish", "--state", state, "--once")
    expected(visitors["SA"].fill(f"{STATE}/tokens/new/", {"name": "Yearly report"}), 201)
    starts = {NOBODY: ["/", "/accounts/login/", "/mail/", invite(visitors["SA"])]}
    result, known = Map(), defaultdict[str, set[str]](set)
    with ThreadPoolExecutor(2) as both:  # the web server has two workers
        crawled = both.map(
            lambda role: crawl.crawl(visitors[role], starts.get(role, [f"/{STATE}/"])), visitors
        )
        result.pages = dict(zip(visitors, crawled, strict=True))
    for role, pages in result.pages.items():
        result.new[role] = crawl.worth_opening(pages, {} if FULL else known)
    return result


def do_the_main_job(site: Portal, visitors: dict[str, Visitor]) -> None:
    """As far as the plan's draft: papers to take, mail to read, a plan to put in use."""
    signed_in = {visitor.email: visitor for visitor in visitors.values()}
    job = MainJob(site.address, people_of(list(site.accounts)), signed_in)
    for step in (job.schedules, job.rates, job.finishes, job.writes, job.issues, job.prints):
        step()


def begin_the_quarter(supervisor: Visitor) -> None:
    """Its first figure, saved as a draft."""
    due = supervisor.get(f"{STATE}/outcomes/").links(r"/[^\"]+/edit/")[0]
    expected(supervisor.fill(due, {"value-served": "31", "then": "stay"}), 200)


def upload_a_file(supervisor: Visitor) -> None:
    """The template as it comes, with a team nobody knows: an import that is not finished."""
    blank = supervisor.get(f"{STATE}/outcomes/import/template.csv").text
    row = blank.splitlines()[1].split(",")
    text = "\r\n".join([*blank.splitlines()[:2], ",".join(["", "Nobody's team", *row[2:]])])
    answer = supervisor.upload(f"{STATE}/outcomes/import/", "file", "quarters.csv", text.encode())
    expected(answer, 200, "Check before importing")


def invite(admin: Visitor) -> str:
    """The address in the invitation's mail."""
    asked = {"email": INVITED, "name": "Noor Haddad", "role": "VR"}
    expected(admin.fill(f"{STATE}/people/invite/", asked), 200, INVITED)
    mailbox = Visitor(admin.base, "the invited")

    def addresses() -> list[str]:
        messages = [mailbox.get(address) for address in mailbox.get("mail/").links(r"/mail/[^\"/]+/")]
        return [found for each in messages for found in re.findall(r"/invitation/[\w.:=-]+/", each.text)]

    wait_for(lambda: bool(addresses()), "no invitation came into the mailbox")
    return addresses()[0]


def wait_for(ready: Callable[[], bool], problem: str, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not ready():
        assert time.monotonic() < end, problem
        time.sleep(0.3)


def opened(browser: Browser, visitor: Visitor, **options: object) -> BrowserContext:
    """A browser window of somebody who has signed in."""
    context = browser.new_context(reduced_motion="reduce", service_workers="block", **options)  # type: ignore[arg-type]
    context.add_cookies(
        [{"name": one.name, "value": one.value or "", "url": visitor.base} for one in visitor.cookies]
    )
    return context


def photograph(tab: Tab, role: str, width: int, page: Page) -> None:
    if not PICTURES:
        return
    folder = SCREENSHOTS / role / str(width)
    folder.mkdir(parents=True, exist_ok=True)
    name = re.sub(r"[^\w?&-]+", "-", page.pattern).strip("-")
    number = len(list(folder.glob(f"{name}*.png")))
    tab.screenshot(path=folder / f"{name}{f'.{number + 1}' if number else ''}.png", full_page=True)


@pytest.mark.parametrize("role", [NOBODY, *ROLES])
def test_every_page_keeps_its_promises(
    role: str, browser: Browser, visitors: dict[str, Visitor], found: Map
) -> None:
    """Status, console, content policy, reflow, focus, targets, words; axe and the Tab key for each look of a page."""
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


@pytest.fixture
def spare() -> Iterator[Portal]:
    """A portal of its own, for what changes it."""
    with portal.running("spare") as running:
        yield running


def test_every_form_says_what_is_missing(browser: Browser, spare: Portal, found: Map) -> None:
    """Each form, sent with every field empty: an answer that names the mistakes, on a page as good as the others."""
    faults = []
    people = {role: spare.enter(person(spare, role)) for role in ROLES}
    begin_the_quarter(people["SU"])
    spare.command("publish", "--state", STATE, "--once")  # what is published asks for a reason to change
    # Looked for before any is sent: figures sent empty leave other questions on the page that submits them.
    places = {name: offered_here(people, offers) for name, offers in forms_of(found).items()}
    for name, there in places.items():
        if there is None:
            faults.append(f"{name}: no page to try it on")
            continue
        role, page, form = there
        with opened(browser, people[role]) as context:
            said = sent_empty(context.new_page(), spare.address, page, form)
        faults += [f"{role} {page.pattern} {page.address}: {each}" for each in said]
    assert not faults, "\n" + "\n".join(faults)


def offered_here(people: dict[str, Visitor], offers: list[Offer]) -> Offer | None:
    """What the main job made is not in this copy of the practice states; the same form stands elsewhere, too."""
    for role, page, wanted in offers:
        answer = people[role].get(page.address)
        if answer.status == 200:
            here, _ = crawl.read(answer, answer.address, "")
            for form in here.forms:
                if form.kind == wanted.kind:
                    return role, page, form
    return None


def sent_empty(tab: Tab, base: str, page: Page, form: crawl.Form) -> list[str]:
    ear = checks.Ear().listen(tab)
    checks.resize(tab, checks.WIDE)
    tab.goto(base + page.address)
    if not tab.evaluate(HAS_FORM, form.order):
        return [f"its form for {form.action} is not there in a browser"]
    with tab.expect_navigation() as awaited:
        tab.evaluate(SEND_EMPTY, form.order)
    status = awaited.value.status
    said = [f"answers {status}"] if status >= 500 or status in (403, 404, 405) else []
    photograph(tab, "empty-forms", checks.WIDE, page)
    said += [f"{checks.WIDE} px: {each}" for each in checks.look(tab) + checks.axe(tab)]
    if status == 422 and not tab.locator(".usa-error-message, .error-summary, .usa-alert--error").count():
        said.append("answers 422 and does not say why")
    checks.resize(tab, checks.NARROW)
    photograph(tab, "empty-forms", checks.NARROW, page)
    return said + [f"{checks.NARROW} px: {each}" for each in checks.look(tab)] + ear.take()


HAS_FORM = (
    "order => [...document.forms].filter((one) => one.getAttribute('method') === 'post').length > order"
)
SEND_EMPTY = """order => {
  const form = [...document.forms].filter((one) => one.getAttribute("method") === "post")[order];
  for (const field of form.elements) {
    if (field.type === "checkbox" || field.type === "radio") field.checked = false;
    else if (field.type !== "hidden" && "value" in field && field.localName !== "button") field.value = "";
  }
  HTMLFormElement.prototype.submit.call(form);
}"""


def forms_of(found: Map) -> dict[str, list[Offer]]:
    """Each form with fields, and the pages that offer it to somebody."""
    offers = defaultdict[str, list[Offer]](list)
    for role in ROLES:
        for page in found.pages[role]:
            for form in page.forms:
                if form.fields:
                    offers[f"{page.route} {form.kind}"].append((role, page, form))
    return offers


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
