"""An agency answers a draft: its leader says what is wrong, the reviewer answers, a second person issues the report."""

import re
from urllib.parse import urlsplit

from playwright.sync_api import Page, expect

from ips_portal.practice.check import people_of
from tests.journeys.test_main_job import Windows, issue, site, windows
from tests.portal import Portal

__all__ = ["site", "windows"]

WRONG = "We have three specialists since May."
ANSWER = "The payroll shows three; the text says so now."


def test_an_agency_answers_a_draft(site: Portal, windows: Windows) -> None:
    people = people_of(list(site.accounts))
    leader = windows.sign_in(people.leader)
    answers = comment(leader)
    review = answers.removesuffix("answers/")
    lead = windows.sign_in(people.second)
    lead.get_by_role("link", name="Answer the comments on the draft").click()
    assert urlsplit(lead.url).path == answers
    answer(lead)
    leader.goto(answers)
    expect(leader.locator("main")).to_contain_text(ANSWER)
    issue(windows.sign_in(people.trainer), review)
    leader.goto(review)
    expect(leader.locator("#comments")).to_be_visible()
    expect(leader.locator("main")).to_contain_text(ANSWER)
    for stranger in (people.other_leader, people.other_trainer):
        answered = windows.sign_in(stranger).goto(answers)
        assert answered is not None
        assert answered.status == 404


def comment(tab: Page) -> str:
    """Beside what the supervisor has said already; the page is found from the first page."""
    tab.get_by_role("link", name="Check the draft of the report").click()
    silent = tab.locator("details.answer-item:not([open])").first.get_attribute("id")
    first = tab.locator(f"#{silent}")
    first.locator("summary").click()
    first.get_by_role("textbox", name=re.compile("^What is not right")).fill(WRONG)
    tab.get_by_role("button", name="Save and say we are done").click()
    expect(tab.locator(".error-summary")).to_contain_text("Say where it can be seen")
    seen = tab.locator("details.answer-item", has=tab.locator(".usa-form-group--error"))
    seen.get_by_role("textbox", name=re.compile("^Where it can be seen")).fill("Payroll of June.")
    path = urlsplit(tab.url).path
    tab.get_by_role("button", name="Save and say we are done").click()
    expect(tab.locator("#messages")).to_contain_text("The reviewers are told that you are done")
    return path


def answer(tab: Page) -> None:
    """Each comment by itself; what is not answered yet stays."""
    items = tab.locator("details.answer-item")
    expect(items).to_have_count(2)
    for number, outcome in enumerate(("Changed", "Not changed")):
        items.nth(number).get_by_text(outcome, exact=True).click()
        items.nth(number).get_by_role("textbox", name=re.compile("^Your answer")).fill(ANSWER)
        tab.get_by_role("button", name="Save", exact=True).click()
        expect(tab.locator("#messages")).to_contain_text("Saved")
    expect(tab.locator("main")).to_contain_text("Every comment is answered")
