"""What forms.js promises where a field hides the form's own property: the report has a field named `method`."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Dialog, Page, expect

from tests import portal
from tests.browser import crawl
from tests.browser.test_pages import opened, person


@pytest.fixture
def editor(browser: Browser) -> Iterator[Page]:
    """The report editor, as the trainer who led the review that waits for its report."""
    with portal.running("forms") as site:
        visitor = site.enter(person(site, "ST2"))
        pages = crawl.crawl(visitor, [f"/{portal.STATE}/reviews/?status=draft_report"])
        address = next(page.address for page in pages if page.route == "fidelity:report-edit")
        with opened(browser, visitor) as context:
            tab = context.new_page()
            tab.goto(site.address + address)
            yield tab


def test_leaving_a_report_with_unsaved_words_asks_first(editor: Page) -> None:
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    editor.on("dialog", stay)
    editor.get_by_role("textbox", name="Strengths").press_sequentially("The team ")
    editor.get_by_role("link", name="Read it as it is saved").click(no_wait_after=True)
    editor.wait_for_timeout(500)
    assert asked == ["beforeunload"]
    assert editor.url.endswith("/report/")


def test_a_saved_report_may_be_left_without_a_question(editor: Page) -> None:
    asked: list[str] = []
    editor.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    editor.get_by_role("textbox", name="Strengths").press_sequentially("The team ")
    editor.get_by_role("button", name="Save", exact=True).click()
    expect(editor.locator("#messages")).to_contain_text("The report is saved.")
    editor.get_by_role("link", name="Read it as it is saved").click()
    expect(editor).to_have_url(re.compile("/report/preview/$"))
    assert asked == []
