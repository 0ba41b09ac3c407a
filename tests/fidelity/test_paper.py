"""The report and the plan say what the snapshot says, in the state's words, and survive what people type."""

import io
import subprocess
import time
from collections.abc import Callable
from functools import cache
from typing import Any

import pikepdf
import pytest

from fidelity import printing
from fidelity.paper import plan_paper, report_paper
from fidelity.paper.charting import ItemsChart, TotalsChart
from fidelity.paper.wording import Block, blocks, change, days
from tests.fidelity import snapshots
from tests.pdfua import verify

PAPERS: dict[str, Callable[[], bytes]] = {
    "report": lambda: printing.report_pdf(snapshots.normal()),
    "first report": lambda: printing.report_pdf(snapshots.first_review()),
    "self review": lambda: printing.report_pdf(snapshots.self_review()),
    "unrated draft": lambda: printing.report_pdf(snapshots.unrated()),
    "huge report": lambda: printing.report_pdf(snapshots.huge()),
    "plan": lambda: printing.plan_pdf(snapshots.plan(snapshots.normal())),
    "empty plan": lambda: printing.plan_pdf(snapshots.plan(snapshots.normal(), rows=[], status="draft")),
    "full plan": lambda: printing.plan_pdf(snapshots.full_plan()),
}


@cache
def made(name: str) -> bytes:
    return PAPERS[name]()


@cache
def pages(name: str) -> list[str]:
    """The text of each page, as a person copying it would get it, its spaces evened out."""
    out = subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=made(name), capture_output=True, check=True
    )
    return [" ".join(page.split()) for page in out.stdout.decode().split("\f")[:-1]]


def text(name: str) -> str:
    return " ".join(pages(name))


# --- Words ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("start", "end", "written"),
    [
        ("2026-10-14", "2026-10-14", "October 14, 2026"),
        ("2026-10-14", None, "October 14, 2026"),
        ("2026-10-14", "2026-10-15", "October 14 to 15, 2026"),
        ("2026-10-30", "2026-11-02", "October 30 to November 2, 2026"),
        ("2026-12-31", "2027-01-01", "December 31, 2026 to January 1, 2027"),
    ],
)
def test_dates_say_month_and_year_once(start: str, end: str | None, written: str) -> None:
    assert days(start, end) == written


@pytest.mark.parametrize(
    ("now", "before", "written"),
    [
        (4, 3, "up 1"),
        (2, 4, "down 2"),
        (3, 3, "same"),
        (3, None, "no comparison"),
        (None, 3, "no comparison"),
    ],
)
def test_a_change_is_said_in_words(now: int | None, before: int | None, written: str) -> None:
    assert change(now, before) == written


def test_pasted_text_keeps_its_paragraphs_lines_and_lists() -> None:
    typed = "First.\r\n\r\nSecond,\r\ngoes on.\n•\tone\n• two\n\n- three\n\n1. four"
    assert blocks(typed) == (
        Block(("First.",)),
        Block(("Second,", "goes on.")),
        Block(("one", "two", "three", "four"), points=True),
    )
    assert blocks(None) == blocks(" \n \n") == ()


# --- The report ---------------------------------------------------------------------------------------------------
def test_the_result_names_total_band_next_band_and_what_changed() -> None:
    said = " ".join(report_paper(snapshots.normal()).result)
    assert "100 of 125 points, which is in the Good band" in said
    assert "15 more points reach the Exemplary band" in said
    assert "the total rose by 5 points: 6 items went up, 1 went down and 18 stayed the same" in said


def test_one_missing_point_is_singular_and_the_highest_band_has_no_next() -> None:
    snapshot = snapshots.normal() | {"to_next_band": {"label": "Exemplary", "points": 1}}
    assert "1 more point reaches the Exemplary band." in report_paper(snapshot).result
    assert "This is the highest band." in report_paper(snapshot | {"to_next_band": None}).result


def test_a_comparison_with_a_self_review_warns_the_reader() -> None:
    snapshot = snapshots.normal()
    snapshot["previous"]["kind"] = "self"
    assert "compare with care" in " ".join(report_paper(snapshot).result)
    assert "compare with care" not in " ".join(report_paper(snapshots.normal()).result)


def test_totals_of_scales_that_end_elsewhere_are_not_compared() -> None:
    snapshot = snapshots.normal()
    snapshot["previous"] |= {"possible": 150}
    paper = report_paper(snapshot)
    said = " ".join(paper.result)
    assert "95 of 150 points" in said
    assert "only items that are on both are compared: 6 items went up, 1 went down" in said
    assert "the total" not in said
    assert paper.total_change == "of 150 points, by another scale"


def test_a_first_review_shows_its_items_instead_of_a_trend() -> None:
    first, later = report_paper(snapshots.first_review()), report_paper(snapshots.normal())
    assert isinstance(first.chart, ItemsChart)
    assert isinstance(later.chart, TotalsChart)
    assert later.chart.finding == "The total rose from 79 to 100 between Oct 2023 and Oct 2026, out of 125."
    assert "Apr 2025 99 (self-review)" in later.chart.numbers
    assert report_paper(snapshots.unrated()).chart is None


def test_a_colour_that_is_not_one_never_reaches_the_style_sheet() -> None:
    snapshot = snapshots.normal()
    snapshot["state"]["brand"] = "red; } @import url(http://127.0.0.1:9/x); {"
    assert report_paper(snapshot).head.brand == "#1a4480"


def test_every_rating_recommendation_and_text_is_on_the_paper() -> None:
    snapshot, said = snapshots.normal(), text("report")
    for item in snapshots.items(snapshot):
        assert f"{item['seq']}. {item['name']}" in said
        assert item["anchor"].split(",")[0] in said
    assert said.count("Recommendation") == sum(
        bool(item["recommendation"]) for item in snapshots.items(snapshot)
    )
    assert (
        said.count("Priority") == len(snapshots.PRIORITIES) + 1
    )  # one for the sentence that explains the mark
    assert "Ana Ruiz (lead), Marcus Bell" in said
    assert "The team and the trainer write an action plan by December 4, 2026." in said


def test_strengths_come_before_the_result_and_both_before_any_recommendation() -> None:
    said = text("report")
    assert (
        said.index("Strengths")
        < said.index("Result")
        < said.index("Where to start")
        < said.index("Recommendation")
    )


@pytest.mark.parametrize("name", PAPERS)
def test_every_page_says_whose_it_is_how_final_it_is_and_where_one_is(name: str) -> None:
    said = pages(name)
    status = "DRAFT" if name in {"self review", "unrated draft", "empty plan"} else "FINAL"
    cover = 0 if "plan" in name else 1
    for number, page in enumerate(said[cover:], cover + 1):
        assert f"Page {number} of {len(said)}" in page
        assert status in page
        assert ("Version 3" if "plan" in name else "Edition") in page
        assert ("Prairie Works" if name == "self review" else "Meridian") in page
    assert status in said[0]


def test_a_self_review_says_so_on_every_page() -> None:
    for page in pages("self review"):
        assert "Self-review" in page
    assert "The provider rated itself. No outside reviewer took part." in pages("self review")[0]
    assert "Self-review" not in text("report")


def test_the_words_of_the_state_replace_ours() -> None:
    said = text("self review")
    assert "IPS self-assessment report" in said
    assert "fidelity review" not in said.lower().replace("fidelity review manual", "")
    assert "Provider and team" in said


def test_without_bands_or_an_earlier_review_nothing_pretends_otherwise() -> None:
    said = text("first report")
    assert "band" not in said
    assert "Change" not in said
    assert "There is no earlier fidelity review to compare with." in said


def test_an_unrated_draft_shows_no_total_and_no_zero() -> None:
    said = text("unrated draft")
    assert "No total yet" in said
    assert "0 of 25 items are rated so far" in said
    assert "0 of 125" not in said
    assert said.count("Not rated") == 25


def test_markup_in_texts_is_printed_and_not_obeyed() -> None:
    said = text("huge report")
    assert '<script>alert("x")</script> & <b>bold</b> {{ 7*7 }} {% now %}' in said
    assert "[grinning face]" in said
    assert "Ελλάδα" in said


# --- The action plan ----------------------------------------------------------------------------------------------
def test_the_plan_prints_every_row_with_its_steps_date_and_status() -> None:
    payload, said = snapshots.plan(snapshots.normal()), text("plan")
    for row in payload["plan"]["rows"]:
        assert f"{row['seq']}. {row['name']}" in said
        assert row["status_label"] in said
    assert said.count("Bring the numbers to the steering committee in March.") == len(payload["plan"]["rows"])
    assert "By when: February 15, 2027" in said
    assert "on February 20, 2027" in said
    assert "Two specialists plan with the log each week." in said
    assert said.count("Signature") == 3


def test_rows_are_sections_in_the_order_of_their_positions() -> None:
    payload = snapshots.plan(snapshots.normal())
    payload["plan"]["rows"].reverse()
    assert [row.position for row in plan_paper(payload).rows] == [1, 2, 3, 4, 5, 6]


def test_an_approver_appears_only_where_there_is_one() -> None:
    facts = dict(plan_paper(snapshots.full_plan()).facts)
    assert facts["Approved by"] == "Bayou Health Plan, December 20, 2026"
    waiting = plan_paper(snapshots.plan(snapshots.normal(), approver="Bayou Health Plan"))
    assert dict(waiting.facts)["To be approved by"] == "Bayou Health Plan"
    assert ("Approver: Bayou Health Plan", "", "") in waiting.signers
    signed = snapshots.plan(snapshots.normal(), approver="Bayou Health Plan")
    signed["plan"] |= {
        "signed": {"by": "Ana Ruiz", "on": "2026-12-18", "text": ""},
        "approved": {"by": "Bo Lind", "on": "2026-12-20", "text": ""},
    }
    assert plan_paper(signed).signers[0][1:] == ("Ana Ruiz", "December 18, 2026")
    assert plan_paper(signed).signers[-1][1:] == ("Bo Lind", "December 20, 2026")
    assert not {"Approved by", "To be approved by"} & set(
        dict(plan_paper(snapshots.plan(snapshots.normal())).facts)
    )


def test_a_row_without_steps_name_or_date_says_so() -> None:
    said = text("full plan")
    assert "No steps written yet." in said
    assert "not named yet By when: no date yet" in said


# --- The file -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", PAPERS)
def test_the_validator_finds_nothing_to_object_to(name: str) -> None:
    assert verify(made(name)) == []


@pytest.mark.parametrize("name", PAPERS)
def test_bookmarks_lead_through_the_paper_and_nothing_is_carried_inside(name: str) -> None:
    with pikepdf.open(io.BytesIO(made(name))) as document:
        outline = document.open_outline()
        with outline:
            assert outline.root
        assert not document.attachments
        boxes = {tuple(float(edge) for edge in page.mediabox) for page in document.pages}
        assert boxes == {(0.0, 0.0, 612.0, 792.0)}  # US letter


@pytest.mark.parametrize("name", PAPERS)
def test_no_type_is_smaller_than_nine_points(name: str) -> None:
    with pikepdf.open(io.BytesIO(made(name))) as document:
        for page in document.pages:
            for instruction in pikepdf.parse_content_stream(page):
                if str(instruction.operator) == "Tf":
                    # Sizes are in CSS pixels; the page is scaled by 0.75 to points.
                    assert float(instruction.operands[1]) * 0.75 >= 8.99


@pytest.mark.parametrize("name", ["report", "first report", "self review", "plan", "full plan"])
def test_no_page_but_the_cover_and_the_last_is_almost_empty(name: str) -> None:
    for number, page in enumerate(pages(name)[1:-1], 2):
        assert len(page.split()) >= 60, f"page {number}: {page}"


def test_the_same_snapshot_gives_the_same_bytes() -> None:
    assert PAPERS["report"]() == made("report")
    changed: dict[str, Any] = snapshots.normal()
    changed["sections"][0]["items"][0]["found"] += "!"
    assert printing.report_pdf(changed) != made("report")


def test_a_report_of_twenty_five_items_takes_seconds_not_minutes() -> None:
    made("report")
    began = time.perf_counter()
    PAPERS["report"]()
    assert time.perf_counter() - began < 6  # about 1 s on a quiet machine; the bench holds the real limit
