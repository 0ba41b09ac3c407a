"""Opens every page a role is led to in a real browser, wide and narrow, and holds it to its promises.

Pages are found by tests/browser/crawl.py. By default each role gets its own page of each address pattern with the
cheap checks, and each look of a page gets the dear ones (axe, the Tab key) once. BROWSER_FULL=1 gives all of them to
every role.
Screenshots: .local/screenshots/<role>/<width>/<page>.png, there to be looked at.
"""

from playwright.sync_api import Browser
from playwright.sync_api import Page as Tab

from ips_portal.practice.visitor import Visitor
from tests.browser import checks
from tests.browser.tour import FULL, Map, opened, photograph, without_pictures


def assert_promises(role: str, browser: Browser, visitor: Visitor, found: Map) -> None:
    """Status, console, content policy, reflow, focus, targets, words; axe and the Tab key for each look of a page."""
    without_pictures(role)
    faults = []
    new = {page.address for page in found.new[role]}
    with opened(browser, visitor) as context:
        tab = context.new_page()
        ear = checks.Ear().listen(tab)
        for page in found.to_open(role):
            checks.resize(tab, checks.WIDE)
            answer = tab.goto(visitor.base + page.address)
            status = answer.status if answer else 0
            said = [f"answers {status}"] if status >= 400 else []
            for width in (checks.WIDE, checks.NARROW):
                checks.resize(tab, width)
                if page.address in new:
                    photograph(tab, role, width, page)
                said += [f"{width} px: {each}" for each in examined(tab, width, dear=page.address in new)]
            faults += [f"{page.pattern} {page.address}: {each}" for each in said + ear.take()]
    assert not faults, "\n" + "\n".join(faults)


def examined(tab: Tab, width: int, *, dear: bool) -> list[str]:
    faults = checks.look(tab)
    if dear:
        faults += checks.axe(tab)
        if width == checks.NARROW or FULL:
            faults += checks.walk(tab)
    return faults
