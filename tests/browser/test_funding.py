"""Three liaisons fill in a funding plan in three windows at once, find its gaps, run a scenario and sign it."""

import re

import pytest
from playwright.sync_api import Page, expect

from agencies import tenancy
from funding.models import FundingPlan
from tests.browser.windows import Window
from tests.cast import StateCast, make_cast
from tests.funding.plans import begin, column, element

SERVICE = "Meeting employers without the person"
SECOND = "The same for second and later jobs"
OWN = {
    "vr_liaison": "Milestone payments",
    "mh_liaison": "State general funds",
    "department_liaison": "State Plan 1905(a)",
}


@pytest.fixture
def cast(transactional_db: None) -> StateCast:
    return make_cast().meridian


@pytest.fixture
def plan(cast: StateCast) -> FundingPlan:
    return begin(cast)


def test_three_liaisons_fill_in_find_gaps_suppose_and_sign(
    cast: StateCast, plan: FundingPlan, window: Window
) -> None:
    here = f"/{cast.state.slug}/funding/{plan.public_id}/"
    windows = {persona: window(persona) for persona in OWN}
    for persona, page in windows.items():  # all three have their form open before the first saves
        page.goto(here)
        page.get_by_role("link", name=OWN[persona]).first.click()
    fill(windows["vr_liaison"], plan, SECOND, "Pays", "Milestone")
    fill(windows["mh_liaison"], plan, SERVICE, "Planned")
    fill(windows["department_liaison"], plan, SERVICE, "Does not pay")
    for page in windows.values():
        page.get_by_role("button", name="Save the column").click()
        expect(page.get_by_text(re.compile("Saved: 1 cell"))).to_be_visible()

    vr = windows["vr_liaison"]
    vr.goto(f"{here}gaps/")
    expect(vr.get_by_role("heading", name="Planned money without a date or a bridge")).to_be_visible()
    expect(vr.get_by_text(f"“{SERVICE}”").first).to_be_attached()

    mh = windows["mh_liaison"]
    mh.goto(f"{here}what-if/")
    mh.get_by_label("State general funds").select_option(label="Its planned money comes")
    mh.get_by_role("button", name="Compare with today").click()
    closed = mh.get_by_role("region", name="Closed")
    expect(closed.get_by_role("heading", name="Planned money without a date or a bridge")).to_be_visible()
    expect(mh).to_have_url(re.compile(r"source-\d+=comes"))

    admin = window("admin")
    admin.goto(f"{here}versions/")
    admin.get_by_role("button", name="Put it forward").click()
    expect(admin.get_by_text(re.compile("Version 1 is put forward"))).to_be_visible()
    for persona, page in windows.items():
        page.goto(f"{here}versions/1/")
        page.get_by_role("button", name="Sign for your department").click()
        last = persona == "department_liaison"
        told = "Signed. The plan is agreed." if last else "Still to sign"
        expect(page.get_by_text(re.compile(re.escape(told)))).to_be_visible()
    with tenancy.as_system(cast.state.pk):
        assert plan.signatures.count() == len(OWN)


def test_two_windows_on_one_cell_lose_nothing(cast: StateCast, plan: FundingPlan, window: Window) -> None:
    payer, row = column(plan, "Milestone payments"), element(plan, SERVICE)
    cell = f"/{cast.state.slug}/funding/{plan.public_id}/{row.pk}/{payer.pk}/"
    liaison, admin = window("vr_liaison"), window("admin")
    for page, status in ((liaison, "Pays"), (admin, "Does not pay")):
        page.goto(cell)
        page.get_by_label("Does it pay?").select_option(label=status)
    liaison.get_by_role("button", name="Save", exact=True).click()
    expect(liaison.get_by_text("Saved.", exact=True)).to_be_visible()
    admin.get_by_role("button", name="Save", exact=True).click()
    expect(admin.get_by_role("alert").first).to_contain_text("Somebody saved this cell")
    expect(admin.get_by_label("Does it pay?")).to_have_value("no")
    expect(admin.locator(".facts").first).to_contain_text("Pays")
    admin.get_by_role("button", name="Save", exact=True).click()
    expect(admin.get_by_text("Saved.", exact=True)).to_be_visible()


def fill(page: Page, plan: FundingPlan, service: str, status: str, how: str = "") -> None:
    page.get_by_label(f"Does it pay: {service}").select_option(label=status)
    if how:
        page.get_by_label(f"How it pays: {service}").select_option(label=how)
