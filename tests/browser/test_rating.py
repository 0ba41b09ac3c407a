"""Rating in a real browser: by mouse and by keys, in two windows, without a connection, signed out meanwhile."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Dialog, Page, expect
from pytest_django.live_server_helper import LiveServer

from agencies import tenancy
from fidelity.models import Rating, Review
from tests.browser import checks
from tests.browser.windows import SAVED, accept, choose, enter, prepare, says
from tests.cast import StateCast, make_cast
from tests.fidelity import reviews

Stored = Callable[[str], Rating]


@pytest.fixture
def cast(transactional_db: None) -> StateCast:
    return make_cast().meridian


@pytest.fixture
def review(cast: StateCast) -> Review:
    reviews.issued(cast)
    return reviews.scheduled(cast)


@pytest.fixture
def sheet(page: Page, live_server: LiveServer, cast: StateCast, review: Review) -> Page:
    """The trainer's rating page, open."""
    enter(page.context, live_server, cast, "trainer")
    page.goto(f"{live_server.url}/meridian/reviews/{review.public_id}/rate/")
    expect(page.locator("#device")).to_be_visible()
    return page


@pytest.fixture
def stored(cast: StateCast) -> Stored:
    def read(code: str) -> Rating:
        actor = cast.actor("trainer")
        with tenancy.entered(actor):
            rating: Rating = (
                Rating.objects.visible_to(actor).filter(item_code=code, reviewer__finished_at=None).get()
            )
            return rating

    return read


def test_a_rating_and_its_evidence_are_saved_as_they_are_entered(sheet: Page, stored: Stored) -> None:
    choose(sheet, "ST1", 4)
    sheet.locator("#note-ST1").fill("“Roster” of 3 November:\n\t44 people, two specialists.")
    sheet.get_by_label("Interviews").first.check(force=True)
    sheet.locator("label[for=flag-ST1]").click()
    says(sheet, SAVED)

    row = stored("ST1")
    assert (row.score, row.sources, row.is_flagged) == (4, ["INT"], True)
    assert row.note == "“Roster” of 3 November:\n\t44 people, two specialists."
    expect(sheet.locator("[data-words]")).to_have_text("1 of 25 rated, running total 4 of 125 so far")
    expect(sheet.locator('.item-list [data-for="ST1"]')).to_contain_text("4")


def test_a_whole_sheet_can_be_rated_and_finished_with_the_keyboard_alone(
    sheet: Page, cast: StateCast, review: Review
) -> None:
    for number in range(25):
        skip = sheet.get_by_role("link", name="Skip to the next item that is not rated")
        skip.focus()
        sheet.keyboard.press("Enter")
        sheet.keyboard.press(str(number % 5 + 1))
    says(sheet, SAVED)
    expect(sheet.locator("[data-words]")).to_have_text("All 25 rated, total 75 of 125, Fair")

    sheet.get_by_role("button", name="Check and finish").focus()
    sheet.keyboard.press("Enter")
    sheet.get_by_role("button", name="Finish rating").focus()
    sheet.keyboard.press("Enter")

    sheet.wait_for_url(f"**/reviews/{review.public_id}/")
    with tenancy.entered(cast.actor("trainer")):
        assert Review.objects.get(pk=review.pk).status == Review.Status.DRAFT_REPORT


def test_digits_type_digits_in_a_note_and_rate_only_among_the_ratings(sheet: Page, stored: Stored) -> None:
    sheet.locator("#note-ST1").focus()
    sheet.keyboard.type("5 of 5 charts")
    sheet.locator("#score-ST2-none").focus()
    sheet.keyboard.press("ArrowRight")
    sheet.keyboard.press("ArrowRight")
    says(sheet, SAVED)

    assert (stored("ST1").score, stored("ST1").note) == (None, "5 of 5 charts")
    assert stored("ST2").score == 2
    sheet.keyboard.press("Delete")
    expect(sheet.locator("#score-ST2-none")).to_be_checked()
    expect(sheet.locator("[data-words]")).to_contain_text("0 of 25 rated")


def test_what_was_rated_without_a_connection_survives_a_reload_and_reaches_the_server(
    sheet: Page, stored: Stored
) -> None:
    prepare(sheet)
    choose(sheet, "ST1", 3)  # saved after the page was stored
    says(sheet, SAVED)
    sheet.on("dialog", accept)
    sheet.context.set_offline(True)
    for code, score in (("ST2", 5), ("SV9", 2), ("SV14", 1)):
        choose(sheet, code, score)
    sheet.locator("#note-SV9").fill("Typed in the basement.")
    says(sheet, "No connection. 3 items are kept on this device and will be sent when you are back online.")

    sheet.reload()

    expect(sheet.locator("#score-ST1-3")).to_be_checked()
    expect(sheet.locator("#score-ST2-5")).to_be_checked()
    expect(sheet.locator("#note-SV9")).to_have_value("Typed in the basement.")
    expect(sheet.locator("[data-words]")).to_have_text("4 of 25 rated, running total 11 of 125 so far")
    sheet.context.set_offline(False)
    says(sheet, SAVED)
    assert [stored(code).score for code in ("ST1", "ST2", "SV9", "SV14")] == [3, 5, 2, 1]
    assert stored("SV9").note == "Typed in the basement."


def test_two_windows_meet_and_nothing_is_lost(sheet: Page, stored: Stored) -> None:
    other = sheet.context.new_page()
    other.goto(sheet.url)
    expect(other.locator("#device")).to_be_visible()
    choose(sheet, "OR4", 2)
    says(sheet, SAVED)

    choose(other, "OR4", 5)

    says(other, "1 item was changed in another window. Choose which to keep.")
    panel = other.locator("#clash-OR4")
    expect(panel.locator('[data-side="mine"]')).to_contain_text("Rated 5")
    expect(panel.locator('[data-side="theirs"]')).to_contain_text("Rated 2")
    assert checks.axe(other) == []
    choose(other, "OR4", 4)
    expect(panel.locator('[data-side="mine"]')).to_contain_text("Rated 4")
    choose(other, "OR4", 5)
    panel.get_by_role("button", name="Keep mine").click()
    says(other, SAVED)
    assert stored("OR4").score == 5

    choose(sheet, "OR4", 1)
    sheet.locator("#clash-OR4").get_by_role("button", name="Take the saved one").click()
    says(sheet, SAVED)
    expect(sheet.locator("#score-OR4-5")).to_be_checked()
    assert stored("OR4").score == 5


def test_signed_out_meanwhile_keeps_the_rows_and_sends_them_after_a_new_sign_in(
    sheet: Page, live_server: LiveServer, cast: StateCast, stored: Stored
) -> None:
    sheet.context.clear_cookies()
    choose(sheet, "ST1", 4)
    expect(sheet.locator("#save-state")).to_contain_text("You are signed out. 1 item is kept on this device")
    expect(sheet.get_by_role("link", name="Sign in in a new tab")).to_be_visible()

    enter(sheet.context, live_server, cast, "trainer")
    choose(sheet, "ST2", 2)

    says(sheet, SAVED)  # with a fresh token, since the old one went with the old session
    assert (stored("ST1").score, stored("ST2").score) == (4, 2)


def test_somebody_else_signing_in_never_sends_these_rows(
    sheet: Page, live_server: LiveServer, cast: StateCast
) -> None:
    sheet.context.clear_cookies()
    enter(sheet.context, live_server, cast, "second_trainer")

    choose(sheet, "ST1", 4)

    expect(sheet.locator("#save-state")).to_have_attribute("data-kind", "trouble")
    with tenancy.entered(cast.actor("second_trainer")) as actor:
        assert not Rating.objects.visible_to(actor).filter(reviewer__finished_at=None).exists()


def test_a_note_that_is_too_long_says_so_at_its_item_and_stays(sheet: Page, stored: Stored) -> None:
    sheet.locator("#note-ST1").fill("x" * 10_002)
    expect(sheet.locator("#problem-ST1")).to_contain_text(
        "The note has 10,002 characters; the limit is 10,000."
    )
    says(sheet, "1 item could not be saved. See the message at the item.")

    sheet.locator("#note-ST1").fill("x" * 10_000)

    says(sheet, SAVED)
    expect(sheet.locator("#problem-ST1")).to_have_text("")
    assert len(stored("ST1").note) == 10_000


def test_a_sheet_finished_elsewhere_says_so_and_shows_what_was_not_sent(
    sheet: Page, cast: StateCast, review: Review
) -> None:
    reviews.finished(cast, reviews.rate(cast, review, 3))

    choose(sheet, "ST1", 5)

    expect(sheet.locator("#save-state")).to_contain_text("ratings are locked")
    expect(sheet.locator("#save-state")).to_contain_text("Not sent: 1. Caseload size.")
    sheet.on("dialog", accept)
    sheet.get_by_role("button", name="Discard what was not sent").click()
    expect(sheet.locator("main")).to_contain_text("The ratings are locked")
    expect(sheet.locator("#score-ST1-3")).to_be_checked()


def test_a_shared_computer_keeps_nothing(sheet: Page) -> None:
    sheet.get_by_text("This is a shared computer").click()
    sheet.context.set_offline(True)
    choose(sheet, "ST1", 4)

    says(sheet, "No connection. 1 item is not saved yet. Keep this page open until you are back online.")
    rows = sheet.evaluate(
        """() => new Promise((done) => {
          const opening = indexedDB.open("ips-ratings");
          opening.onsuccess = () => {
            const reading = opening.result.transaction("unsent").objectStore("unsent").getAll();
            reading.onsuccess = () => done(reading.result.length);
          };
        })"""
    )
    assert rows == 0
    sheet.context.set_offline(False)
    says(sheet, SAVED)


def test_leaving_with_unsent_rows_asks_first_and_so_does_signing_out(
    sheet: Page, live_server: LiveServer
) -> None:
    sheet.context.set_offline(True)
    choose(sheet, "ST1", 4)
    says(sheet, re.compile("No connection"))
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.message or dialog.type)
        dialog.dismiss()

    sheet.on("dialog", stay)
    sheet.locator("details.account-menu summary").click()
    sheet.get_by_role("button", name="Sign out").click()
    sheet.wait_for_timeout(300)

    assert "only on this device and will be erased: 1. Caseload size" in asked[0]
    assert "/rate/" in sheet.url


def test_signing_out_leaves_nothing_on_the_device(sheet: Page, live_server: LiveServer) -> None:
    prepare(sheet)
    choose(sheet, "ST1", 4)
    says(sheet, SAVED)
    sheet.on("dialog", accept)
    sheet.locator("details.account-menu summary").click()
    with sheet.expect_response(lambda answer: "logout" in answer.url) as left:
        sheet.get_by_role("button", name="Sign out").click()
    assert left.value.header_value("clear-site-data") == '"cache", "storage"'
    sheet.wait_for_url(f"{live_server.url}/")

    assert sheet.evaluate("caches.keys()") == []
    assert sheet.evaluate("indexedDB.databases()") == []


def test_without_scripts_one_button_saves_everything(
    browser: Browser, live_server: LiveServer, cast: StateCast, review: Review, stored: Stored
) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        enter(context, live_server, cast, "trainer")
        page = context.new_page()
        page.goto(f"{live_server.url}/meridian/reviews/{review.public_id}/rate/")
        choose(page, "ST1", 4)
        choose(page, "SV14", 2)
        page.locator("#note-SV14").fill("By the form alone.")
        page.get_by_role("button", name="Save all 25 items").click()
        expect(page.locator("main")).to_contain_text("Saved 2 items.")

    assert (stored("ST1").score, stored("SV14").note) == (4, "By the form alone.")


@pytest.mark.parametrize("width", [checks.WIDE, checks.NARROW])
@pytest.mark.parametrize("place", ["rate/", "check/"])
def test_the_pages_keep_their_promises_half_way(
    sheet: Page, cast: StateCast, review: Review, width: int, place: str
) -> None:
    reviews.rate(cast, review, {"ST1": 1, "OR1": 2, "OR2": 3, "SV1": 4, "SV2": 5})
    sheet.emulate_media(reduced_motion="reduce")
    checks.resize(sheet, width)
    sheet.goto(sheet.url.replace("rate/", place))
    sheet.locator("details.item__help").evaluate_all("all => all.forEach((each) => { each.open = true })")

    assert checks.look(sheet) == []
    assert checks.axe(sheet) == []
