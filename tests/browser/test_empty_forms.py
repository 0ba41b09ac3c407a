"""Every form somebody is offered, sent empty in a real browser."""

from collections import defaultdict
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser
from playwright.sync_api import Page as Tab

from ips_portal.practice.visitor import Visitor
from tests import portal
from tests.browser import checks, crawl
from tests.browser.crawl import Page
from tests.browser.tour import (
    ROLES,
    Map,
    begin_the_quarter,
    opened,
    person,
    photograph,
    record_an_agreement,
    without_pictures,
)
from tests.portal import STATE, Portal

PICTURED = "empty-forms"
Offer = tuple[str, Page, crawl.Form]  # to whom, where, what


@pytest.fixture
def spare() -> Iterator[Portal]:
    """A portal of its own, for what changes it."""
    with portal.running("spare") as running:
        yield running


def test_every_form_says_what_is_missing(browser: Browser, spare: Portal, found: Map) -> None:
    """Each form, sent with every field empty: an answer that names the mistakes, on a page as good as the others."""
    without_pictures(PICTURED)
    faults = []
    people = {role: spare.enter(person(spare, role)) for role in ROLES}
    begin_the_quarter(people["SU"])
    record_an_agreement(people["SA"])
    spare.command("publish", "--state", STATE, "--once")  # what is published asks for a reason to change
    # Looked for before any is sent: figures sent empty leave other questions on the page that submits them.
    places = {name: offered_here(people, offers) for name, offers in forms_of(found).items()}
    for name, there in places.items():
        if there is None:
            faults.append(f"{name}: no page to try it on")
            continue
        role, page, form = there
        with opened(browser, people[role]) as context:
            said = sent_empty(context.new_page(), spare.address, page, form)
        faults += [f"{role} {page.pattern} {page.address}: {each}" for each in said]
    assert not faults, "\n" + "\n".join(faults)


def offered_here(people: dict[str, Visitor], offers: list[Offer]) -> Offer | None:
    """What the main job made is not in this copy of the practice states; the same form stands elsewhere, too."""
    for role, page, wanted in offers:
        answer = people[role].get(page.address)
        if answer.status == 200:
            here, _ = crawl.read(answer, answer.address, "")
            for form in here.forms:
                if form.kind == wanted.kind:
                    return role, page, form
    return None


def sent_empty(tab: Tab, base: str, page: Page, form: crawl.Form) -> list[str]:
    ear = checks.Ear().listen(tab)
    checks.resize(tab, checks.WIDE)
    tab.goto(base + page.address)
    if not tab.evaluate(HAS_FORM, form.order):
        return [f"its form for {form.action} is not there in a browser"]
    with tab.expect_navigation() as awaited:
        tab.evaluate(SEND_EMPTY, form.order)
    status = awaited.value.status
    said = [f"answers {status}"] if status >= 500 or status in (403, 404, 405) else []
    photograph(tab, PICTURED, checks.WIDE, page)
    said += [f"{checks.WIDE} px: {each}" for each in checks.look(tab) + checks.axe(tab)]
    if status == 422 and not tab.locator(".usa-error-message, .error-summary, .usa-alert--error").count():
        said.append("answers 422 and does not say why")
    checks.resize(tab, checks.NARROW)
    photograph(tab, PICTURED, checks.NARROW, page)
    return said + [f"{checks.NARROW} px: {each}" for each in checks.look(tab)] + ear.take()


HAS_FORM = (
    "order => [...document.forms].filter((one) => one.getAttribute('method') === 'post').length > order"
)
SEND_EMPTY = """order => {
  const form = [...document.forms].filter((one) => one.getAttribute("method") === "post")[order];
  for (const field of form.elements) {
    if (field.type === "checkbox" || field.type === "radio") field.checked = false;
    else if (field.type !== "hidden" && "value" in field && field.localName !== "button") field.value = "";
  }
  HTMLFormElement.prototype.submit.call(form);
}"""


def forms_of(found: Map) -> dict[str, list[Offer]]:
    """Each form with fields, and the pages that offer it to somebody."""
    offers = defaultdict[str, list[Offer]](list)
    for role in ROLES:
        for page in found.pages[role]:
            for form in page.forms:
                if form.fields:
                    offers[f"{page.route} {form.kind}"].append((role, page, form))
    return offers
