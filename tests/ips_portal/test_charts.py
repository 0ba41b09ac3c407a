"""Charts say what they show, look the same everywhere, and are the same bytes for the same numbers."""

import re
import subprocess
import sys
from xml.etree import ElementTree

import pytest

from ips_portal import charts, typefaces
from ips_portal.charts import Band, RatedItem, TotalPoint

SVG = "{http://www.w3.org/2000/svg}"
BANDS = [Band("Not supported employment", 25), Band("Fair", 74), Band("Good", 100), Band("Exemplary", 115)]
POINTS = [TotalPoint("Oct 2024", 88), TotalPoint("Apr 2025", 97, apart=True), TotalPoint("Oct 2025", 95)]


def parsed(svg: bytes) -> ElementTree.Element:
    return ElementTree.fromstring(svg)  # noqa: S314 - our own picture


def trend(points: list[TotalPoint] = POINTS, bands: list[Band] = BANDS, title: str = "Totals") -> bytes:
    return charts.total_trend(
        points, bands, lowest=25, highest=125, title=title, description="88, then 95.", accent="#1a4480"
    )


def bars(items: list[RatedItem]) -> bytes:
    return charts.item_bars([("Staffing", items)], steps=5, title="Ratings", description="One item.")


def test_the_same_numbers_give_the_same_bytes_in_another_process() -> None:
    program = (
        "import sys; sys.path.insert(0, '.'); from ips_portal.charts import *; "
        "sys.stdout.buffer.write(total_trend([TotalPoint('a', 80), TotalPoint('b', 90)], [Band('Fair', 74)], "
        "lowest=25, highest=125, title='t', description='d'))"
    )
    root = typefaces.PUBLIC_SANS.parents[3]
    other = subprocess.run([sys.executable, "-c", program], cwd=root, capture_output=True, check=True)
    here = charts.total_trend(
        [TotalPoint("a", 80), TotalPoint("b", 90)],
        [Band("Fair", 74)],
        lowest=25,
        highest=125,
        title="t",
        description="d",
    )
    assert other.stdout == here


def test_title_and_description_name_the_picture_and_markup_in_them_is_text() -> None:
    root = parsed(trend(title='<b>"Totals" & more</b>'))
    title, description = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert title is not None
    assert description is not None
    assert (title.text, description.text) == ('<b>"Totals" & more</b>', "88, then 95.")
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == f"{title.get('id')} {description.get('id')}"


def test_text_is_drawn_so_that_no_font_date_or_address_is_needed() -> None:
    svg = trend().decode()
    assert "<text" not in svg
    assert "<metadata" not in svg
    assert "font-family" not in svg
    addresses = set(re.findall(r"(?:https?|file):[^\"'\s)]+", svg))
    assert addresses <= {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}


def test_two_pictures_in_one_page_do_not_share_the_ids_of_their_names() -> None:
    names = [
        re.findall(r'aria-labelledby="([^"]+)"', trend(title=title).decode()) for title in ("One", "Two")
    ]
    assert names[0] != names[1]


def test_a_self_review_is_not_on_the_line_of_the_others() -> None:
    together = [TotalPoint(point.label, point.total) for point in POINTS]
    assert trend() != trend(together)
    assert trend().count(b"line2d") == trend(together).count(b"line2d") + 1


@pytest.mark.parametrize(
    "points",
    [
        [TotalPoint("Oct 2025", 25)],
        [TotalPoint("Oct 2025", 125)],
        [TotalPoint("$x$ \\frac{1}{2}", 90, apart=True)],
    ],
)
@pytest.mark.parametrize(
    "bands", [[], BANDS, [Band("A band with a very long name that has to be wrapped", 25)]]
)
def test_extremes_missing_bands_and_odd_labels_can_be_drawn(
    points: list[TotalPoint], bands: list[Band]
) -> None:
    parsed(trend(points, bands))


def test_an_item_without_a_rating_is_said_to_be_unrated_and_never_zero() -> None:
    assert bars([RatedItem("1. Caseload size", None)]) != bars([RatedItem("1. Caseload size", 1)])
    parsed(bars([RatedItem("A long name " * 20, 5, previous=3)]))


def test_the_lowest_rating_is_not_pink_or_red() -> None:
    assert b"#f0f0f0" in bars([RatedItem("1. Caseload size", 1)])
    for fill in charts.RATING_FILLS:
        red, green, blue = (int(fill[place : place + 2], 16) for place in (1, 3, 5))
        assert red <= green + 16, f"{fill} leans to red"
        assert blue >= 0
