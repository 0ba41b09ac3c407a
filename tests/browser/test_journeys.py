"""A review's whole way in a real browser, each person in a window of their own, and what it does to a team."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from fidelity.scales import load
from tests.browser.windows import SAVED, Window, accept, choose, prepare, says
from tests.cast import StateCast, make_cast
from tests.fidelity import answers, reviews, signing

REVIEWED = "/meridian/reviews/"
STANDING = "/meridian/reviews/teams/north-one/standing/"


@pytest.fixture
def cast(transactional_db: None) -> StateCast:
    return make_cast().meridian


def press(tab: Page, name: str) -> None:
    tab.locator("main").get_by_role("button", name=name, exact=True).click()


def follow(tab: Page, name: str) -> None:
    tab.locator("main").get_by_role("link", name=name, exact=True).first.click()


def told(tab: Page, words: str) -> None:
    expect(tab.locator("#messages")).to_contain_text(words)


def rate_all(sheet: Page, score: int, **others: int) -> None:
    """By keys, item after item, as somebody at a desk would."""
    for _ in range(25):
        skip = sheet.get_by_role("link", name="Skip to the next item that is not rated")
        skip.focus()
        sheet.keyboard.press("Enter")
        sheet.keyboard.press(str(score))
    for code, other in others.items():
        choose(sheet, code, other)
    says(sheet, SAVED)


def finish(sheet: Page) -> None:
    press(sheet, "Check and finish")
    press(sheet, "Finish rating")
    expect(sheet.locator("#messages")).to_contain_text("ratings are locked")


def schedule(lead: Page, cast: StateCast) -> str:
    """The address of the review."""
    lead.goto(f"{REVIEWED}new/")
    lead.get_by_label("Team", exact=True).select_option("north-one")
    press(lead, "Go on")
    lead.get_by_label("First day").fill(f"{cast.state.today():%m/%d/%Y}")
    lead.get_by_label("Lead reviewer").select_option(str(cast.memberships["trainer"].pk))
    lead.locator("label", has_text=cast.people["second_trainer"].name).click()
    press(lead, "Schedule the review")
    told(lead, "You rate the items next")
    return lead.url.split("?")[0]


def test_two_reviewers_from_the_schedule_to_the_issued_report(cast: StateCast, window: Window) -> None:
    answers.asking(cast)
    lead, second, leader, admin = (window(each) for each in ("trainer", "second_trainer", "leader", "admin"))
    review = schedule(lead, cast)

    lead.goto(f"{review}rate/")
    prepare(lead)
    lead.on("dialog", accept)
    lead.context.set_offline(True)
    choose(lead, "ST1", 5)
    lead.locator("#note-ST1").fill("Rosters, seen in the basement.")
    says(lead, "No connection. 1 item is kept on this device and will be sent when you are back online.")
    lead.reload()
    second.goto(f"{review}rate/")
    rate_all(second, 4, ST1=3)
    lead.context.set_offline(False)
    says(lead, SAVED)
    rate_all(lead, 4)
    finish(lead)
    for page, status in (("", 200), ("rate/", 200), ("consensus/", 409)):  # before both have finished
        answer = second.goto(review + page)
        assert getattr(answer, "status", None) == status
        expect(second.locator("body")).not_to_contain_text("basement")
    second.goto(f"{review}rate/")
    finish(second)

    lead.goto(f"{review}consensus/")
    expect(lead.locator("#item-ST1")).to_contain_text("Rosters, seen in the basement.")
    expect(lead.locator(".consensus__item").first).to_have_attribute("id", "item-ST1")  # widest gap first
    lead.locator("#item-ST1 .anchor label").nth(3).click()
    press(lead, "Save and close the consensus")
    expect(lead.get_by_role("alert")).to_contain_text("The ratings are two points or more apart")
    lead.locator("#item-ST1 textarea").fill("The roster of the day counts.")
    press(lead, "Save and close the consensus")
    press(lead, "Close the consensus")

    lead.goto(f"{review}report/")
    lead.get_by_role("textbox", name="Strengths").fill("The team is known in every shop.")
    lead.get_by_label("How the review was done").fill("Two days, rosters and eight interviews.")
    press(lead, "Save and hand over")
    told(lead, "2 people are told")

    leader.goto(f"{review}answers/")
    leader.locator("#item-ST1 summary").click()
    leader.locator("#id_ST1-wrong").fill("There are three specialists.")
    leader.locator("#id_ST1-seen").fill("The payroll of March.")
    press(leader, "Save and say we are done")
    told(leader, "The reviewers are told")

    lead.goto(f"{review}answers/")
    expect(lead.locator("#item-ST1")).to_contain_text("There are three specialists.")
    lead.locator("#item-ST1 label", has_text="Not changed").click()
    lead.locator("#id_ST1-answer").fill("The third began after the visit.")
    press(lead, "Save")
    told(lead, "Saved.")

    admin.goto(f"{review}issue/")
    press(admin, "Issue the report")
    told(admin, "The report is issued.")
    leader.goto(f"{review}report/read/")
    expect(leader.locator("main")).to_contain_text("scored 100 of 125 points")
    follow(leader, "Comments")
    expect(leader.locator("main")).to_contain_text("The third began after the visit.")


def test_a_plan_is_filled_in_signed_and_approved(cast: StateCast, window: Window) -> None:
    scores = dict.fromkeys(load("ips25-2008").codes, 4) | {"ST1": 2, "OR6": 3}
    reviews.issued(reviews.under(cast, "louisiana"), days_ago=20, score=scores)
    plan = f"{REVIEWED}{signing.newest(cast).review.public_id}/plan/"
    supervisor, leader, payer = (window(each) for each in ("supervisor", "leader", "payer"))

    supervisor.goto(plan)
    for number in (1, 9):
        row = supervisor.locator("article", has_text=f"Edit item {number}")
        row.get_by_text(f"Edit item {number}").click()
        row.get_by_label("Steps").fill("Meet weekly.")
        row.get_by_label("Responsible").fill("The supervisor")
        press(supervisor, f"Save item {number}")
        told(supervisor, f"Saved: {number}.")
    expect(supervisor.locator("main")).to_contain_text("Every row is complete.")
    follow(supervisor, "Put in use")
    press(supervisor, "Put the plan in use")
    told(supervisor, "The plan is in use")
    leader.goto(plan)
    follow(leader, "Sign off")
    press(leader, "Sign off")
    told(leader, "The plan is signed off.")
    payer.goto(plan)
    follow(payer, "Approve or return")
    payer.locator("label", has_text="Approve").click()
    press(payer, "Send your answer")
    told(payer, "approved")


def test_a_restricted_team_regains_intake_by_a_good_review(cast: StateCast, window: Window) -> None:
    reviews.under(cast, "louisiana", preservice={"required": False})
    payer, admin, leader = (window(each) for each in ("payer", "admin", "leader"))
    today = cast.state.today()

    payer.goto(STANDING)
    follow(payer, "Record a decision")
    payer.get_by_text("New referrals are paused", exact=True).click()
    payer.get_by_label("Decided on").fill(f"{today - timedelta(days=30):%m/%d/%Y}")
    payer.get_by_label("Why").fill("No supervisor since May.")
    press(payer, "Record")
    told(payer, "The decision is recorded.")
    leader.goto(STANDING)
    expect(leader.locator("main")).to_contain_text("New referrals are paused since")

    review = answers.write(cast, reviews.drafted(cast, score=4, starts_on=today - timedelta(days=1)))
    admin.goto(f"{REVIEWED}{review.public_id}/issue/")
    press(admin, "Issue the report")
    told(admin, "The report is issued.")
    leader.goto(STANDING)
    expect(leader.locator("main")).to_contain_text("New referrals stay open.")
