"""What the scripts of forms promise: words are not lost, and a form asks for what its choices need, no more."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Dialog, Page, expect

from tests import portal
from tests.browser import crawl
from tests.browser.tour import opened, person
from tests.portal import Portal


@pytest.fixture(scope="module")
def site() -> Iterator[Portal]:
    with portal.running("forms") as running:
        yield running


@pytest.fixture
def editor(browser: Browser, site: Portal) -> Iterator[Page]:
    """The report editor, as the trainer who led the review that waits for its report. It has a field named `method`,
    which hides the form's own property of that name."""
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


def test_a_text_of_the_state_is_put_at_the_end_of_its_field(editor: Page) -> None:
    """By keyboard; leaving the page then asks, as after typing."""
    field = editor.get_by_role("textbox", name="Strengths")
    before = field.input_value().rstrip()
    offered = editor.locator("details.bank", has=editor.locator("summary", has_text=": Strengths"))
    offered.locator("summary").press("Enter")
    text = offered.locator(".bank__text").nth(1).inner_text()
    offered.get_by_role("button", name="Insert text 2: Strengths").press("Enter")
    expect(field).to_have_value(f"{before}\n\n{text}")
    expect(offered.get_by_role("status")).to_contain_text("Inserted at the end of the field.")
    asked: list[str] = []
    editor.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    editor.get_by_role("link", name="Read it as it is saved").click(no_wait_after=True)
    editor.wait_for_timeout(500)
    assert asked == ["beforeunload"]


@pytest.fixture
def invitation(browser: Browser, site: Portal) -> Iterator[Page]:
    visitor = site.enter(person(site, "SA"))
    with opened(browser, visitor) as context:
        tab = context.new_page()
        tab.goto(f"{site.address}/{portal.STATE}/people/invite/")
        yield tab


def choose(tab: Page, role: str) -> None:
    tab.locator("label", has_text=re.compile(f"^{role}")).click()


def test_a_form_asks_for_the_place_of_the_chosen_role_alone(invitation: Page) -> None:
    agency, teams, department = (
        invitation.locator(f"[name={name}]") for name in ("agency", "teams", "department")
    )
    expect(agency).to_be_hidden()

    choose(invitation, "IPS supervisor")
    expect(agency).to_be_visible()
    expect(department).to_be_hidden()
    everywhere = teams.and_(invitation.locator(":enabled")).count()
    agency.select_option(label="Cedar Reach Counseling Center")
    names = invitation.locator(
        ".usa-checkbox:not([hidden]) .usa-checkbox__label-description"
    ).all_inner_texts()
    assert set(names) == {"Cedar Reach Counseling Center"}
    assert len(names) < everywhere

    choose(invitation, "Mental health liaison")
    expect(agency).to_be_hidden()
    expect(department).to_be_visible()


def test_what_a_form_no_longer_asks_is_not_sent(invitation: Page) -> None:
    choose(invitation, "Agency leader")
    invitation.locator("[name=agency]").select_option(label="Cedar Reach Counseling Center")
    choose(invitation, "Mental health liaison")
    invitation.get_by_label("Name", exact=True).fill("Noor Haddad")
    invitation.get_by_label("E-mail").fill("noor@elsewhere.example")
    invitation.get_by_role("button", name="Send the invitation").click()
    expect(invitation.locator("#messages")).to_contain_text("Noor Haddad is invited.")
