"""The main job as people do it: a real browser, a real worker, the practice states, and nothing but what pages show.

A trainer schedules and rates a review and writes its report, a second trainer issues it, the worker prints, the leader
of the agency downloads, the supervisor plans, and neither another agency nor another state can see that it exists.
"""

import re
import subprocess
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Response, expect

from ips_portal.practice.check import DAYS_AGO, People, people_of
from ips_portal.practice.visitor import Account
from tests import portal
from tests.browser import checks
from tests.portal import Portal

SLOW = 90_000  # milliseconds for two papers on a busy machine
BY_KEYS = 10  # items rated with the keyboard; the others with the mouse
RATINGS = [4, 3, 5, 2, 4] * 5
TOTAL = sum(RATINGS)
NOTE = "Seen in six records and said by two specialists."


@pytest.fixture
def site() -> Iterator[Portal]:
    with portal.running("journey", worker=True) as running:
        yield running


@pytest.fixture
def windows(browser: Browser, site: Portal) -> Iterator["Windows"]:
    opened = Windows(browser, site.address)
    yield opened
    opened.close()
    assert opened.ear.take() == []


def today() -> date:
    return datetime.now(tz=UTC).date()


class Windows:
    """One browser window for each person; what goes wrong behind a page's back fails the test."""

    def __init__(self, browser: Browser, address: str) -> None:
        self.browser = browser
        self.address = address
        self.ear = checks.Ear()
        self.contexts: list[BrowserContext] = []

    def guest(self) -> Page:
        context = self.browser.new_context(
            base_url=self.address, reduced_motion="reduce", accept_downloads=True
        )
        self.contexts.append(context)
        tab = context.new_page()
        self.ear.listen(tab)
        return tab

    def sign_in(self, account: Account) -> Page:
        tab = self.guest()
        tab.goto(f"/{account['state']}/")
        tab.get_by_label("E-mail").fill(account["email"])
        tab.get_by_label("Password", exact=True).fill(account["password"])
        tab.get_by_role("button", name="Sign in", exact=True).click()
        expect(tab.locator(".account-menu__name")).to_have_text(account["name"])
        return tab

    def close(self) -> None:
        for context in self.contexts:
            context.close()


def test_a_review_is_logged_and_its_papers_reach_the_agency_alone(site: Portal, windows: Windows) -> None:
    people = people_of(list(site.accounts))
    trainer = windows.sign_in(people.trainer)
    review = schedule(trainer, people)
    rate(trainer)
    write_report(trainer)
    assert windows.guest().goto(review).url.startswith(f"{site.address}/accounts/login/")  # type: ignore[union-attr]
    issue(windows.sign_in(people.second), review)
    leader = windows.sign_in(people.leader)
    files = download(leader, review, people)
    plan(windows.sign_in(people.supervisor), review)
    for account in (people.other_leader, people.other_trainer):
        stranger_sees_nothing(windows.sign_in(account), review, files, account)


def schedule(tab: Page, people: People, other: str = "") -> str:
    """From the home page to the booked review; returns its path."""
    tab.get_by_role("navigation", name="Main").get_by_role("link", name="Reviews").click()
    tab.get_by_role("link", name=re.compile("^Schedule")).first.click()
    team = tab.get_by_label("Team", exact=True)
    expect(team).to_be_visible()  # what follows does not wait by itself
    words = next(
        text for text in team.locator("option").all_inner_texts() if text.startswith(f"{people.team} (")
    )
    team.select_option(label=words)
    tab.locator("label", has_text="External").first.click()
    tab.get_by_role("button", name="Go on").click()
    first = today() - DAYS_AGO
    tab.get_by_label("First day").fill(f"{first:%m/%d/%Y}")
    if other:
        tab.locator("label", has_text=other).first.click()
    tab.get_by_role("button", name="Schedule the review").click()
    expect(tab.locator("#messages")).to_contain_text("You rate the items next")
    return urlsplit(tab.url).path


def rate(tab: Page) -> None:
    """Ten items by keys, the others by mouse; nothing is sent by hand, and a new load shows it all again."""
    tab.get_by_role("link", name="Rate the items").click()
    items = tab.locator("fieldset.item")
    expect(items).to_have_count(len(RATINGS))
    tab.wait_for_load_state()  # the keys are the script's
    items.nth(0).get_by_role("radio").first.focus()
    for number, rating in enumerate(RATINGS):
        item = items.nth(number)
        if number < BY_KEYS:
            item.get_by_role("radio", checked=True).or_(item.get_by_role("radio").first).first.focus()
            tab.keyboard.press(str(rating))
        else:
            item.locator(".anchor label").nth(rating - 1).click()
        with tab.expect_response(lambda answer: saves(answer, NOTE), timeout=20_000):
            item.get_by_role("textbox", name=re.compile("^Evidence")).fill(NOTE)
            tab.keyboard.press("Tab")  # leaving the field saves at once
    saying = tab.locator("#save-state")
    expect(saying).to_contain_text("All changes saved", timeout=20_000)
    tab.reload()
    expect(tab.locator("#rating-progress")).to_contain_text(f"All 25 rated, total {TOTAL} of 125")
    assert tab.locator(".anchor input:checked").count() == len(RATINGS)
    assert items.nth(24).get_by_role("textbox", name=re.compile("^Evidence")).input_value() == NOTE
    tab.get_by_role("link", name="Check and finish").first.click()
    expect(tab.locator(".numbers")).to_contain_text(str(TOTAL))
    tab.get_by_role("button", name="Finish rating").click()
    expect(tab.locator("#messages")).to_contain_text("Rating is finished")


def saves(answer: Response, note: str) -> bool:
    return answer.request.method == "PUT" and answer.ok and note in (answer.request.post_data or "")


def write_report(tab: Page) -> None:
    tab.get_by_role("link", name="Write the report").click()
    tab.get_by_role("textbox", name="Strengths").fill(
        "The team knows its employers and follows along for years."
    )
    advice = tab.get_by_role("textbox", name=re.compile("^Recommendation, item"))
    for number in range(advice.count()):
        drafted = advice.nth(number).input_value()
        if drafted.strip():
            advice.nth(number).fill(f"{drafted} Agreed with the team.")
    tab.get_by_role("button", name="Save and hand over").click()
    expect(tab.locator("#messages")).to_contain_text("handed over")


def issue(tab: Page, review: str) -> None:
    tab.goto(review)
    tab.get_by_role("link", name="Check and issue").first.click()
    tab.get_by_role("button", name="Issue the report").click()
    expect(tab.locator("#messages")).to_contain_text("The report is issued")


def download(tab: Page, review: str, people: People) -> list[str]:
    """Both papers, with the team, the total and every item's name in them; returns their paths."""
    tab.goto(review)
    buttons = tab.locator(".papers").get_by_role("link", name=re.compile("^Download"))
    for _ in range(SLOW // 1000):
        if buttons.count() == 2:
            break
        tab.wait_for_timeout(1000)
        tab.reload()
    expect(buttons).to_have_count(2)
    texts, paths = [], []
    for number in range(2):
        with tab.expect_download() as awaited:
            buttons.nth(number).click()
        texts.append(text_of(awaited.value.path().read_bytes()))
        paths.append(str(buttons.nth(number).get_attribute("href")))
    report, plan = texts
    assert people.team in report
    assert people.team in plan
    assert str(TOTAL) in report
    assert "Agreed with the team." in report
    assert "action plan" in plan.lower()
    assert NOTE in report  # what was found is drafted from the evidence
    return paths


def text_of(content: bytes) -> str:
    done = subprocess.run(["pdftotext", "-", "-"], input=content, capture_output=True, check=True)
    return " ".join(done.stdout.decode().split())


def plan(tab: Page, review: str) -> None:
    """The supervisor answers each row and puts the plan in use."""
    tab.goto(review)
    tab.get_by_role("link", name="Action plan", exact=True).first.click()
    rows = tab.locator("article.plan-row")
    expect(rows.first).to_be_visible()
    day = today() + timedelta(days=90)
    for number in range(rows.count()):
        row = rows.nth(number)
        row.get_by_text(re.compile("^Edit item")).click()
        row.get_by_label("Steps").fill("Agree on it.\nDo it weekly.")
        row.get_by_label("Responsible").fill("Team leader")
        row.get_by_label("Target date").fill(f"{day:%m/%d/%Y}")
        row.get_by_role("button", name=re.compile("^Save item")).click()
        expect(tab.locator("#messages")).to_contain_text("Saved: ")
    tab.get_by_role("link", name="Put in use").click()
    tab.get_by_role("button", name="Put the plan in use").click()
    expect(tab.locator("#messages")).to_contain_text("The plan is in use")


def stranger_sees_nothing(tab: Page, review: str, files: list[str], account: Account) -> None:
    for address in [review, f"{review}plan/", f"{review}report/read/", *files]:
        answer = tab.goto(address)
        assert answer is not None
        assert answer.status == 404, (account["role"], address)
    tab.goto(f"/{account['state']}/reviews/")
    assert review.split("/")[-2] not in tab.content()
