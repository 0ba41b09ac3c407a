"""Each gate of the page tests, shown a page with the fault it is there for, and a sound page it lets pass."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, Route

from ips_portal.practice.visitor import Answer
from tests.browser import checks, crawl

PLANTED = "http://planted.example/page"
POLICY = "default-src 'none'; style-src 'self' 'unsafe-inline'; script-src 'self'"
SOUND = """
<h1>Teams</h1>
<p>Read about <a href="/a">the teams of the state</a> before the visit.</p>
<div style="overflow-x:auto" tabindex="0" role="region" aria-label="Teams">
<table style="width:900px"><caption>Teams</caption>
<tr><th scope="col">Team</th></tr><tr><td>One</td></tr></table></div>
<form><label for="name">Name</label> <input id="name" style="min-height:30px">
<button type="button" style="min-height:30px">Save</button></form>
"""

Plant = Callable[..., Page]


@pytest.fixture
def plant(browser: Browser) -> Iterator[Plant]:
    """Serves a page with the portal's kind of content policy to a real browser, and hears what it says."""
    context = browser.new_context(reduced_motion="reduce")

    def planted(
        body: str, *, width: int = checks.WIDE, head: str = "<title>Teams</title>", lang: str = "en"
    ) -> Page:
        html = (
            f"<!doctype html><html lang='{lang}'><head>{head}</head><body><main>{body}</main></body></html>"
        )

        def answer(route: Route) -> None:
            is_page = route.request.url == PLANTED
            route.fulfill(
                status=200 if is_page else 404,
                body=html if is_page else "",
                content_type="text/html",
                headers={"Content-Security-Policy": POLICY},
            )

        tab = context.new_page()
        tab.route("**/*", answer)
        checks.resize(tab, width)
        heard.listen(tab)
        tab.goto(PLANTED)
        return tab

    heard = checks.Ear()
    planted.heard = heard  # type: ignore[attr-defined]
    yield planted
    context.close()


def only(faults: list[str], words: str) -> None:
    """The planted fault is reported, and nothing else is."""
    assert faults, "the gate let it pass"
    assert all(words in fault for fault in faults), faults


@pytest.mark.parametrize("width", [checks.WIDE, checks.NARROW])
def test_a_sound_page_passes_every_gate(plant: Plant, width: int) -> None:
    tab = plant(SOUND, width=width)
    assert checks.look(tab) + checks.walk(tab) + checks.axe(tab) == []


def test_a_table_that_overflows_is_reported(plant: Plant) -> None:
    tab = plant("<h1>Teams</h1><table style='width:900px'><tr><td>One</td></tr></table>", width=checks.NARROW)
    only(checks.look(tab), "scrolls sideways, 9")


@pytest.mark.parametrize(
    "style", ["outline:none", "outline:0;border:1px solid", "outline:3px solid transparent;outline-width:0"]
)
def test_a_hidden_focus_is_reported(plant: Plant, style: str) -> None:
    tab = plant(f"<h1>Teams</h1><a href='/a' style='display:block;min-height:30px;{style}'>One</a>")
    only(checks.look(tab), "does not show the focus: a “One”")


def test_a_focus_on_the_label_of_a_hidden_radio_is_seen(plant: Plant) -> None:
    """The design system draws its radio buttons in the label."""
    tab = plant(
        "<h1>Teams</h1><style>input{position:absolute;left:-999em}input:focus+label::before{outline:4px solid blue}"
        "label{display:block;min-height:30px}label::before{content:'o'}</style>"
        "<input type='radio' id='a' name='a'><label for='a'>One</label>"
    )
    assert checks.look(tab) == []


def test_a_focus_under_a_sticky_bar_is_reported(plant: Plant) -> None:
    tab = plant(
        "<h1>Teams</h1><div style='position:fixed;inset:0;background:#fff'>Bar</div>"
        "<a href='/a' style='display:block;min-height:30px'>One</a>"
    )
    only(checks.look(tab), "has the focus and is covered: a “One”")


def test_tiny_targets_side_by_side_are_reported(plant: Plant) -> None:
    button = "<button type='button' aria-label='Sort' style='all:unset;width:10px;height:10px;outline:revert'></button>"
    tab = plant(
        f"<h1>Teams</h1><style>button:focus-visible{{border:1px solid}}</style><div>{button}{button}</div>"
    )
    assert sum("is 10 by 10 px and close to" in fault for fault in checks.look(tab)) == 2


def test_a_tiny_target_with_room_around_it_passes(plant: Plant) -> None:
    tab = plant(
        "<h1>Teams</h1><div style='padding:40px'><a href='/a' style='display:block;font-size:10px'>One</a></div>"
    )
    assert checks.look(tab) == []


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ("<h1>One</h1><h1>Two</h1>", "2 headings of the first level"),
        ("<h2>One</h2>", "0 headings of the first level"),
        ("<h1> </h1>", "the first heading is empty"),
        ("<h1>One</h1><a href='/a' style='display:block;height:30px'></a>", "has no words: a"),
        (
            "<h1>One</h1><button type='button' style='height:30px'><svg></svg></button>",
            "has no words: button",
        ),
    ],
)
def test_missing_words_are_reported(plant: Plant, body: str, fault: str) -> None:
    only(checks.look(plant(body)), fault)


def test_a_page_without_language_or_title_is_reported(plant: Plant) -> None:
    assert checks.look(plant("<h1>One</h1>", head="", lang="")) == [
        "the page does not say its language",
        "the page has no title",
    ]


def test_a_place_the_tab_key_never_reaches_is_reported(plant: Plant) -> None:
    tab = plant(
        "<h1>One</h1><a id='first' href='/a'>One</a> <a id='trap' href='/b'>Two</a> <a id='lost' href='/c'>Three</a>"
    )
    tab.evaluate("document.addEventListener('keydown', e => e.target.id === 'trap' && e.preventDefault())")
    only(checks.walk(tab), "Tab never reaches a#lost “Three”")


def test_low_contrast_is_reported(plant: Plant) -> None:
    only(
        checks.axe(plant("<h1>One</h1><p style='color:#999;background:#fff'>Pale words</p>")),
        "axe color-contrast",
    )


def test_a_field_without_a_label_is_reported(plant: Plant) -> None:
    only(checks.axe(plant("<h1>One</h1><input>")), "axe label")


@pytest.mark.parametrize(
    ("head", "words"),
    [
        ("<script>window.done = 1</script>", "Content Security Policy"),
        ("<script src='/gone.js'></script>", "404 from"),
    ],
)
def test_what_a_page_says_behind_its_back_is_reported(plant: Plant, head: str, words: str) -> None:
    plant("<h1>One</h1>", head=f"<title>One</title>{head}")
    faults = plant.heard.take()  # type: ignore[attr-defined]
    assert any(words in fault for fault in faults), faults


def test_a_script_error_is_reported(plant: Plant) -> None:
    tab = plant("<h1>One</h1>")
    with tab.expect_event("pageerror"):  # a busy browser takes its time to say so
        tab.evaluate("() => { setTimeout(() => { throw new Error('broken') }) }")
    only(plant.heard.take(), "script error: broken")  # type: ignore[attr-defined]


# --- the crawl ------------------------------------------------------------------------------------------------
PAGE = """<html lang="en"><head><title>Reviews</title></head><body><nav><a href="/help/">Help</a></nav><main>
<form method="get">
<select name="status"><option value="">All</option><option value="issued">Issued</option></select></form>
<table><tr><td><a href="/meridian/reviews/1/">One</a></td>
<td><span class="chip chip--ok">Issued, 12 days</span></td></tr>
<tr><td><a href="/meridian/reviews/2/">Two</a></td><td><span class="chip">Planned</span></td></tr></table>
<form method="post" action="/meridian/reviews/new/">
<input name="a"><input type="hidden" name="b"><textarea name="c"></textarea></form>
</main></body></html>"""


def test_the_crawl_sees_links_their_status_filters_and_forms() -> None:
    page, links = crawl.read(
        Answer(200, "http://portal.example/meridian/reviews/", PAGE.encode(), "text/html"), "", ""
    )
    base = "http://portal.example/meridian/reviews/"
    assert crawl.Link(f"{base}1/", "Issued days") in links
    assert crawl.Link(f"{base}2/", "Planned") in links
    assert crawl.Link("http://portal.example/help/") in links
    assert crawl.Link(f"{base}?status=issued") in links
    assert page.forms == (crawl.Form(f"{base}new/", 0, 2),)
    assert page.title == "Reviews"
    assert "span.chip.chip--ok" in page.looks


def test_a_page_with_a_new_look_is_worth_opening_once() -> None:
    def page(address: str, *looks: str) -> crawl.Page:
        return crawl.Page(address, "fidelity:review-page", 200, True, frozenset(looks))

    known: dict[str, set[str]] = {}
    first = [page("/1/", "div", "p"), page("/2/", "div"), page("/3/", "div", "table.scores")]
    assert [each.address for each in crawl.worth_opening(first, known)] == ["/1/", "/3/"]
    assert crawl.worth_opening([page("/4/", "p", "table.scores")], known) == []
