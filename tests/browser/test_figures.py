"""Entering a quarter in a real browser: saved as each field is left, pasted as a column, without a connection."""

import time

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from agencies import tenancy
from outcomes.actions import entering
from outcomes.models import QuarterlyReport
from tests.browser.windows import enter
from tests.cast import StateCast, make_cast
from tests.outcomes import quarters

TYPING = 120  # milliseconds a key, as somebody who looks each number up
FIRST_QUARTER, SECOND_QUARTER = 5 * 60, 3 * 60  # seconds


@pytest.fixture
def cast(transactional_db: None) -> StateCast:
    return make_cast().meridian


@pytest.fixture
def report(cast: StateCast) -> QuarterlyReport:
    return quarters.expected(cast)


@pytest.fixture
def supervisor(page: Page, live_server: LiveServer, cast: StateCast) -> Page:
    """The supervisor's browser, signed in."""
    enter(page.context, live_server, cast, "supervisor")
    page.goto(f"{live_server.url}/meridian/outcomes/")
    return page


@pytest.fixture
def entry(supervisor: Page, live_server: LiveServer, report: QuarterlyReport) -> Page:
    supervisor.goto(f"{live_server.url}/meridian/outcomes/north-one/{report.quarter.slug}/edit/")
    expect(supervisor.locator("#value-served")).to_be_visible()
    return supervisor


def fill(page: Page, key: str, value: str) -> None:
    page.locator(f"#value-{key}").press_sequentially(value, delay=TYPING)
    page.locator(f"#value-{key}").press("Tab")


def stored(cast: StateCast, report: QuarterlyReport, key: str) -> int | None:
    with cast.entered("supervisor"):
        return entering.draft_of(report).figures.count(key)


def saved(page: Page) -> None:
    expect(page.locator("#save-state")).to_contain_text("Saved at")


def test_a_first_quarter_takes_less_than_five_minutes_and_a_second_less_than_three(
    supervisor: Page, live_server: LiveServer, cast: StateCast
) -> None:
    """Signed in, from the list of quarters to "submitted", every figure typed."""
    for quarter, limit in (
        (quarters.last_quarter(cast) - 1, FIRST_QUARTER),
        (quarters.last_quarter(cast), SECOND_QUARTER),
    ):
        report = quarters.expected(cast, quarter=quarter)
        began = time.monotonic()
        supervisor.goto(f"{live_server.url}/meridian/")
        supervisor.get_by_role("link", name="Outcomes", exact=True).click()
        supervisor.get_by_role("link", name=quarter.months).first.click()
        for key, value in (quarters.ORDINARY | {"served": 40 if limit == FIRST_QUARTER else 41}).items():
            fill(supervisor, key, str(value))
        saved(supervisor)
        supervisor.get_by_role("link", name="Check and submit").click()
        for box in supervisor.locator("textarea[name^=explain-]").all():
            box.press_sequentially("Counted twice; both records agree.", delay=TYPING)
        supervisor.get_by_role("button", name="Submit to the state").click()
        expect(supervisor.get_by_text("The state reads the figures")).to_be_visible()
        assert time.monotonic() - began < limit
        with tenancy.as_system(cast.state.pk):
            report.refresh_from_db()
        assert report.status == QuarterlyReport.Status.SUBMITTED


def test_a_figure_is_saved_and_checked_as_its_field_is_left(
    entry: Page, cast: StateCast, report: QuarterlyReport
) -> None:
    fill(entry, "served", "40")
    fill(entry, "employed", "41")
    expect(entry.locator("#told-employed")).to_contain_text("41 people working, but only 40 people served")
    expect(entry.locator("#value-employed")).to_have_attribute("aria-invalid", "true")
    entry.locator("#value-employed").fill("")
    fill(entry, "employed", "18")
    expect(entry.locator("#told-employed")).not_to_contain_text("working")
    expect(entry.locator("#rates")).to_contain_text("18 people working of 40 people served")
    assert stored(cast, report, "employed") == 18


def test_without_a_connection_figures_wait_on_the_page_and_go_by_themselves(
    entry: Page, cast: StateCast, report: QuarterlyReport
) -> None:
    entry.context.set_offline(True)
    fill(entry, "served", "40")
    expect(entry.locator("#save-state")).to_contain_text("kept on this page")
    fill(entry, "employed", "18")
    entry.context.set_offline(False)
    saved(entry)
    expect(entry.locator("#entry-bar")).to_contain_text("18%")
    assert (stored(cast, report, "served"), stored(cast, report, "employed")) == (40, 18)


def test_a_column_of_a_spreadsheet_goes_into_the_fields_below(
    entry: Page, cast: StateCast, report: QuarterlyReport
) -> None:
    entry.context.grant_permissions(["clipboard-read", "clipboard-write"])
    entry.evaluate("navigator.clipboard.writeText('40\\r\\n6\\r\\n18\\r\\n9\\r\\n')")
    entry.locator("#value-served").focus()
    entry.keyboard.press("Control+V")
    expect(entry.locator("#value-job_starts")).to_have_value("9")
    saved(entry)
    expect(entry.locator("#entry-bar")).to_contain_text("36%")
    assert stored(cast, report, "job_starts") == 9


def test_not_collected_asks_why_before_it_is_saved(
    entry: Page, cast: StateCast, report: QuarterlyReport
) -> None:
    expect(entry.locator("#why-in_school")).to_be_hidden()
    entry.locator("label[for=absent-in_school]").click()
    expect(entry.locator("#why-in_school")).to_be_focused()
    entry.keyboard.type("No school record is kept.")
    entry.keyboard.press("Tab")
    saved(entry)
    with cast.entered("supervisor"):
        assert entering.draft_of(report).figures["in_school"].why == "No school record is kept."


def test_two_windows_get_told_and_nothing_is_overwritten(
    entry: Page, live_server: LiveServer, cast: StateCast, report: QuarterlyReport
) -> None:
    other = entry.context.new_page()
    other.goto(entry.url)
    fill(entry, "served", "40")
    saved(entry)
    fill(other, "served", "41")
    expect(other.locator("#save-state")).to_contain_text("Nothing was overwritten")
    assert stored(cast, report, "served") == 40
