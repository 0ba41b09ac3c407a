"""What every page promises, as functions from an open page to its faults. Each is proved red in test_gates.py."""

from dataclasses import dataclass, field
from pathlib import Path

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import ConsoleMessage, Page, Response

LOOK = (Path(__file__).parent / "checks.js").read_text(encoding="utf-8")
WIDE, NARROW = 1280, 320  # 320 px: the width at which WCAG 2.2, 1.4.10 asks for reflow
HEIGHTS = {WIDE: 900, NARROW: 640}
# axe's own default rules, and the one of WCAG 2.2 that it leaves off. None is switched off.
AXE_OPTIONS = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}

LISTEN = """() => {
  window.tabStops = [];
  document.addEventListener("focusin", (event) => window.tabStops.push(event.target));
}"""
# Of a group of radio buttons Tab reaches one.
MISSED = """() => {
  const reached = new Set(window.tabStops);
  const groups = new Set([...reached].filter((one) => one.type === "radio").map((one) => one.name));
  const kinds = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']";
  return [...document.querySelectorAll(kinds)]
    .filter((one) => one.checkVisibility({ visibilityProperty: true }) && one.getClientRects().length)
    .filter((one) => !one.disabled && one.tabIndex >= 0)
    .filter((one) => !reached.has(one) && !(one.type === "radio" && groups.has(one.name)))
    .map((one) => `Tab never reaches ${one.localName}#${one.id} “${one.textContent.trim().slice(0, 40)}”`);
}"""
# Chromium stops at each part of a time: hour, minute, half of the day, and the picker.
COUNT = """() => document.querySelectorAll(
  "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']").length
  + 3 * document.querySelectorAll("input[type=time]").length"""


@dataclass
class Ear:
    """Hears what a page says behind its back: script errors, console errors, breaches of the content policy, 5xx."""

    faults: list[str] = field(default_factory=list)

    def listen(self, page: Page) -> "Ear":
        page.on("pageerror", lambda error: self.faults.append(f"script error: {error}"))
        page.on("console", self._heard)
        page.on("response", self._answered)
        return self

    def take(self) -> list[str]:
        heard, self.faults = self.faults, []
        return heard

    def _heard(self, message: ConsoleMessage) -> None:
        # The browser also writes a line for the status of the page itself, which is judged where it is asked for.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.faults.append(f"console: {message.text}")

    def _answered(self, response: Response) -> None:
        is_page = response.request.is_navigation_request()
        if response.status >= 500 or (response.status >= 400 and not is_page):
            self.faults.append(f"{response.status} from {response.url}")


def resize(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": HEIGHTS[width]})


def look(page: Page) -> list[str]:
    """Heading, language, title, words, reflow, focus and targets, at the width the page has now."""
    page.keyboard.press("Tab")  # from here on the browser shows the focus as it does for the keyboard
    faults: list[str] = page.evaluate(LOOK)
    return faults


def walk(page: Page) -> list[str]:
    """With the real Tab key from top to bottom: nothing is left out, nothing holds the focus (2.1.1, 2.1.2)."""
    page.evaluate("() => { document.activeElement?.blur(); scrollTo(0, 0); }")
    page.evaluate(LISTEN)
    for _ in range(page.evaluate(COUNT) + 3):
        page.keyboard.press("Tab")
    missed: list[str] = page.evaluate(MISSED)
    return missed


def axe(page: Page) -> list[str]:
    if page.evaluate("() => !window.axe"):
        page.evaluate(AXE_SCRIPT)
    found = page.evaluate("options => axe.run(options)", AXE_OPTIONS)
    return [
        f"axe {each['id']}: {each['help']}: {node['target'][0]} {node['html'][:120]}"
        for each in found["violations"]
        for node in each["nodes"][:3]
    ]
