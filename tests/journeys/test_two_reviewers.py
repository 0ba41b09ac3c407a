"""Two reviewers in two windows: they rate apart, one loses the connection half-way, they agree, and report together."""

import re
from collections.abc import Sequence

from playwright.sync_api import Page, expect

from ips_portal.practice.check import people_of
from tests.journeys.test_main_job import RATINGS, Windows, issue, schedule, site, windows, write_report
from tests.portal import Portal

__all__ = ["site", "windows"]

OTHERS = [3, *RATINGS[1:3], 4, *RATINGS[4:]]  # one point below at the first item, two above at the fourth
TOTAL = sum(RATINGS) - 1 + 2
SECRET = "Only I have seen this roster."  # a note, not a password
TUNNEL = slice(10, 13)  # items rated without a connection


def test_two_reviewers_rate_apart_agree_and_report(site: Portal, windows: Windows) -> None:
    people = people_of(list(site.accounts))
    lead, second = windows.sign_in(people.trainer), windows.sign_in(people.second)
    review = schedule(lead, people, other=people.second["name"])
    second.goto(review)
    rate(second, OTHERS, note=SECRET)
    finish(second)
    expect(second.locator("#messages")).to_contain_text("Until then nobody sees what you rated")
    nothing_is_seen(lead, review)
    lead.goto(review)
    rate(lead, RATINGS, through_a_tunnel=True)
    finish(lead)
    expect(lead.locator("h1")).to_contain_text("Consensus")
    agree(lead)
    write_report(lead)
    issue(second, review)
    expect(second.locator(".numbers").first).to_contain_text(str(TOTAL))


def rate(tab: Page, ratings: Sequence[int], *, note: str = "", through_a_tunnel: bool = False) -> None:
    """By keys alone. What is rated without a connection is kept on the device and sent afterwards."""
    tab.get_by_role("link", name="Rate the items").or_(
        tab.get_by_role("link", name="Go on rating")
    ).first.click()
    items, saying = tab.locator("fieldset.item"), tab.locator("#save-state")
    expect(items).to_have_count(len(ratings))
    tab.wait_for_load_state()  # the keys are the script's
    for number, rating in enumerate(ratings):
        if through_a_tunnel and number == TUNNEL.start:
            expect(saying).to_contain_text("All changes saved", timeout=20_000)
            tab.context.set_offline(True)
        if through_a_tunnel and number == TUNNEL.stop:
            expect(saying).to_contain_text("kept on this device", timeout=20_000)
            tab.context.set_offline(False)
        item = items.nth(number)
        item.get_by_role("radio", checked=True).or_(item.get_by_role("radio").first).first.focus()
        tab.keyboard.press(str(rating))
        expect(item.locator(".anchor input:checked")).to_have_value(str(rating))
    if note:
        items.nth(0).get_by_role("textbox", name=re.compile("^Evidence")).fill(note)
        tab.keyboard.press("Tab")
    expect(saying).to_contain_text("All changes saved", timeout=30_000)
    expect(tab.locator("#rating-progress")).to_contain_text(f"All {len(ratings)} rated")


def finish(tab: Page) -> None:
    tab.get_by_role("link", name="Check and finish").first.click()
    tab.get_by_role("button", name="Finish rating").click()


def nothing_is_seen(tab: Page, review: str) -> None:
    """The lead's own sheet is not locked yet."""
    for page in ("", "consensus/", "history/"):
        tab.goto(f"{review}{page}")
        assert SECRET not in tab.content()
    tab.goto(f"{review}consensus/")
    expect(tab.locator("main")).to_contain_text("The consensus opens when every reviewer has finished rating")


def agree(tab: Page) -> None:
    expect(tab.locator("main")).to_contain_text(SECRET)
    differing = tab.locator("section:has(#differ) .consensus__item")
    expect(differing).to_have_count(2)
    expect(differing.nth(0)).to_contain_text("2 points apart")
    tab.get_by_role("button", name="Save and close the consensus").click()
    expect(tab.locator("main")).to_contain_text("still to settle")
    differing.nth(0).locator(".anchor label").nth(3).click()
    differing.nth(1).locator(".anchor label").nth(2).click()
    tab.get_by_role("button", name="Save and close the consensus").click()
    expect(tab.locator(".error-summary")).to_contain_text("two points or more apart")
    differing.nth(0).get_by_role("textbox").fill("The log of the last month settles it.")
    tab.get_by_role("button", name="Save and close the consensus").click()
    expect(tab.locator("main")).to_contain_text(f"{TOTAL} of 125")
    tab.get_by_role("button", name="Close the consensus").click()
    expect(tab.locator("#messages")).to_contain_text("The consensus is closed")
