"""The pages of who leads the state, held to their promises."""

import pytest
from playwright.sync_api import Browser

from ips_portal.practice.visitor import Visitor
from tests.browser.promises import assert_promises
from tests.browser.tour import LEADING, Map


@pytest.mark.parametrize("role", LEADING)
def test_every_page_keeps_its_promises(
    role: str, browser: Browser, visitors: dict[str, Visitor], found: Map
) -> None:
    assert_promises(role, browser, visitors[role], found)
