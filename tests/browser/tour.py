"""Everybody's way through a portal of their own, made once for the tests of pages and of forms, in whichever process.

Before it, what practice states have no example of: the main job, a quarter begun and one published, an invitation, a
token, an agreement. Pages are found by tests/browser/crawl.py.
"""

import os
import re
import shutil
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext
from playwright.sync_api import Page as Tab

from ips_portal.bootstrap.places import LOCAL
from ips_portal.practice.check import MainJob, people_of
from ips_portal.practice.visitor import Account, Visitor
from ips_portal.practice.visitor import expect as expected
from tests import cluster, portal
from tests.browser import crawl
from tests.browser.crawl import Page
from tests.browser.shared import shared
from tests.portal import STATE, Portal

FULL = os.environ.get("BROWSER_FULL") == "1"
# Everybody in the state, and the second trainer, who has led the review that waits for its report.
ROLES = ("SA", "ST", "ST2", "VR", "MH", "DL", "MC", "AL", "SU", "ES", "RO", "XR", "OP")
LEADING = ("SA", "ST")
NOBODY = "nobody"
TELLS_EVERYBODY = "bayou"
DAY = timedelta(days=1)
INVITED = "invited@elsewhere.example"
PICTURES = FULL or not os.environ.get("CI")  # nobody looks at those of a machine that is thrown away
SCREENSHOTS = LOCAL / "screenshots"


@dataclass
class Map:
    """What the crawl found: pages of each role, and which of them get the dear checks."""

    pages: dict[str, list[Page]] = field(default_factory=dict)
    new: dict[str, list[Page]] = field(default_factory=dict)

    def to_open(self, role: str) -> list[Page]:
        chosen = {page.address: page for page in [*crawl.one_of_each(self.pages[role]), *self.new[role]]}
        return sorted(chosen.values(), key=lambda page: page.address)


@dataclass(frozen=True)
class Tour:
    site: Portal
    found: Map


@pytest.fixture(scope="session")
def tour() -> Iterator[Tour]:
    """Made by the first browser that needs it."""
    folder = Path(cluster.current().home) / "tour"
    with shared(folder, cluster.process_name(), toured) as made:
        yield made


@pytest.fixture(scope="session")
def site(tour: Tour) -> Portal:
    return tour.site


@pytest.fixture(scope="session")
def found(tour: Tour) -> Map:
    return tour.found


@pytest.fixture(scope="session")
def visitors(site: Portal) -> dict[str, Visitor]:
    """Everybody signed in once, by the real form."""
    return signed_in(site)


def signed_in(site: Portal) -> dict[str, Visitor]:
    return {NOBODY: Visitor(site.address, NOBODY)} | {role: site.enter(person(site, role)) for role in ROLES}


def person(portal: Portal, role: str) -> Account:
    return portal.account(role[:2], number=int(role[2:] or 1) - 1)


@contextmanager
def toured() -> Iterator[Tour]:
    """On a portal with a worker, so that there is mail to read and paper to take."""
    with portal.running("pages", worker=True) as site:
        visitors = signed_in(site)
        do_the_main_job(site, visitors)
        begin_the_quarter(visitors["SU"])
        upload_a_file(visitors["SU"])
        upload_past_reviews(visitors["SA"])
        record_an_agreement(visitors["SA"])
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
        yield Tour(site, result)


def do_the_main_job(site: Portal, visitors: dict[str, Visitor]) -> None:
    """As far as the plan's draft: papers to take, mail to read, a plan to put in use."""
    by_email = {visitor.email: visitor for visitor in visitors.values()}
    job = MainJob(site.address, people_of(list(site.accounts)), by_email)
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


def upload_past_reviews(admin: Visitor) -> None:
    """The template as it comes, without a rating: a file that is looked at, and no review."""
    blank = admin.get(f"{STATE}/reviews/import/template.csv").text
    answer = admin.upload(f"{STATE}/reviews/import/", "file", "past.csv", blank.encode())
    expected(answer, 200, "Check before importing")


def record_an_agreement(admin: Visitor) -> None:
    """On sharing in full; every agency is asked."""
    today = datetime.now(tz=UTC).date()
    days = {"signed_on": today - 7 * DAY, "starts_on": today - DAY, "ends_on": today + 300 * DAY}
    said = {"title": "Agreement of all programs"} | {name: f"{day:%m/%d/%Y}" for name, day in days.items()}
    address = f"{STATE}/outcomes/sharing/new/"
    answer = admin.upload(address, "paper", "agreement.pdf", b"%PDF-1.7 signed %%EOF", said)
    expected(answer, 200, "Agreement of all programs")


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


def without_pictures(role: str) -> None:
    """Those of an earlier run."""
    shutil.rmtree(SCREENSHOTS / role, ignore_errors=True)


def photograph(tab: Tab, role: str, width: int, page: Page) -> None:
    if not PICTURES:
        return
    folder = SCREENSHOTS / role / str(width)
    folder.mkdir(parents=True, exist_ok=True)
    name = re.sub(r"[^\w?&-]+", "-", page.pattern).strip("-")
    number = len(list(folder.glob(f"{name}*.png")))
    tab.screenshot(path=folder / f"{name}{f'.{number + 1}' if number else ''}.png", full_page=True)
