"""Rates over time and against fidelity: a gap stays a gap, no label covers another, color is not the only sign."""

import re
import subprocess
import sys
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ips_portal import typefaces
from ips_portal.charts import (
    Band,
    RateLine,
    RatePoint,
    Reference,
    ScatterPoint,
    Series,
    rate_lines,
    scatter,
)
from ips_portal.charts.drawing import apart, fitted, percent_or_number, top_and_ticks
from ips_portal.quarters import Quarter

SVG = "{http://www.w3.org/2000/svg}"
NEWEST = Quarter(2026, 3)
LONG = "Northside Recovery and Employment Services of the Greater Metropolitan Area, downtown team"
BANDS = [Band("Not supported employment", 25), Band("Fair", 74), Band("Good", 100), Band("Exemplary", 115)]
COLORS = {series: series.value[0] for series in Series}


def line(values: list[float | None], series: Series = Series.TEAM, *, hollow: int = 0) -> RateLine:
    """The last `hollow` quarters may still change."""
    quarters = NEWEST.last(len(values))
    points = {
        quarter: RatePoint(value, place >= len(values) - hollow)
        for place, (quarter, value) in enumerate(zip(quarters, values, strict=True))
        if value is not None
    }
    return RateLine(series.name.title(), series, points)


def drawn(*lines: RateLine, count: int = 4, references: tuple[Reference, ...] = ()) -> bytes:
    return rate_lines(NEWEST.last(count), lines, references, title="Rates", description="45%, then 46%.")


def dots(points: list[ScatterPoint], bands: list[Band] = BANDS) -> bytes:
    return scatter(
        points,
        bands,
        lowest=25,
        highest=125,
        x_name="Fidelity total",
        y_name="Employment rate",
        title="Fidelity and employment",
        description="Each point is a team.",
    )


def longest(svg: bytes, color: str) -> str:
    """The path of a color with most points: the line in the plot, not its leader or its sample beside the label."""
    found = re.findall(r'<path d="([^"]+)"[^>]*style="fill: none;[^"]*stroke: ([^;"]+)', svg.decode())
    return max((path for path, stroke in found if stroke == color), key=lambda path: path.count("L"))


def test_the_same_numbers_give_the_same_bytes_in_another_process() -> None:
    program = (
        "import sys; sys.path.insert(0, '.'); from ips_portal.charts import *; "
        "from ips_portal.quarters import Quarter; q = Quarter(2026, 3); "
        "sys.stdout.buffer.write(rate_lines(q.last(4), [RateLine('A', Series.TEAM, {q: RatePoint(0.4)})], "
        "[Reference('B', 0.41)], title='t', description='d'))"
    )
    root = typefaces.PUBLIC_SANS.parents[3]
    other = subprocess.run([sys.executable, "-c", program], cwd=root, capture_output=True, check=True)
    line = RateLine("A", Series.TEAM, {NEWEST: RatePoint(0.4)})
    here = rate_lines(NEWEST.last(4), [line], [Reference("B", 0.41)], title="t", description="d")
    assert other.stdout == here


def test_a_quarter_without_a_figure_breaks_the_line_and_is_no_zero() -> None:
    figures: tuple[float | None, ...] = (0.42, 0, None)
    whole, zero, gap = (
        longest(drawn(line([0.4, 0.41, middle, 0.43, 0.44]), count=5), COLORS[Series.TEAM])
        for middle in figures
    )
    assert [(path.count("M"), path.count("L")) for path in (whole, zero, gap)] == [(1, 4), (1, 4), (2, 2)]


def test_a_lone_quarter_still_has_its_marker() -> None:
    color = COLORS[Series.TEAM]
    marker = f"fill: {color}; stroke: {color}".encode()
    lone, none = drawn(line([None, 0.4, None, None])), drawn(line([None] * 4))
    assert len(re.findall(b"<use [^>]*" + marker, lone)) == len(re.findall(b"<use [^>]*" + marker, none)) + 1


def test_figures_that_may_still_change_have_a_hollow_marker_and_say_so() -> None:
    final, hollow = drawn(line([0.4, 0.41, 0.42, 0.43])), drawn(line([0.4, 0.41, 0.42, 0.43], hollow=1))
    color = COLORS[Series.TEAM]
    hollow_marker = f"fill: #ffffff; stroke: {color}".encode()
    assert hollow_marker not in final
    assert hollow_marker in hollow
    assert hollow.count(b'id="text_') == final.count(b'id="text_') + 1


def test_each_series_has_a_color_dashes_and_a_marker_of_its_own() -> None:
    for place in (0, 1, 2):
        assert len({str(series.value[place]) for series in Series}) == len(Series)
    assert [COLORS[series] for series in (Series.TEAM, Series.STATE, Series.NATION)] == [
        "#005ea2",
        "#3d4551",
        "#8168b3",
    ]


def test_quarters_with_a_hole_and_a_fifth_line_are_refused() -> None:
    with pytest.raises(ValueError, match="gap in the line"):
        rate_lines([Quarter(2026, 1), Quarter(2026, 3)], [], title="t", description="d")
    with pytest.raises(ValueError, match="At most 4"):
        drawn(*[line([0.4]) for _ in range(5)])


@pytest.mark.parametrize("count", [1, 4, 12])
@pytest.mark.parametrize("values", [[], [0.0], [1.0], [None, 0.4, None, 0.41, 0.42, None]])
def test_all_missing_extremes_long_names_and_twelve_quarters_can_be_drawn(
    count: int, values: list[float | None]
) -> None:
    lines = [RateLine(LONG, series, line(values).points) for series in Series]
    svg = drawn(*lines, count=count, references=(Reference("US program, average", 0.41),))
    root = ElementTree.fromstring(svg)  # noqa: S314 - our own picture
    title, description = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert title is not None
    assert description is not None
    assert root.get("aria-labelledby") == f"{title.get('id')} {description.get('id')}"
    assert b"<text" not in svg


def test_a_long_name_loses_its_own_words_and_never_its_number() -> None:
    for bold in (False, True):
        label = fitted(f"{LONG}:", 130, 2, ending="46% in 2026 Q2", bold=bold)
        assert label.endswith("… 46% in 2026 Q2") or label.endswith("…\n46% in 2026 Q2")
        assert label.count("\n") == 1
    assert fitted("Northside:", 130, 2, ending="46%") == "Northside: 46%"
    assert fitted("X" * 200, 130, 2, ending="46%").endswith("46%")
    assert fitted("", 130, 1) == ""


@given(st.lists(st.tuples(st.floats(0, 155), st.sampled_from([13.5, 25.0])), max_size=6))
def test_labels_are_pushed_apart_and_stay_beside_the_plot(labels: list[tuple[float, float]]) -> None:
    wanted, heights = [label[0] for label in labels], [label[1] for label in labels]
    placed = apart(wanted, heights, 0, 155)
    edges = sorted(
        (middle - height / 2, middle + height / 2) for middle, height in zip(placed, heights, strict=True)
    )
    assert all(below[1] <= above[0] + 1e-6 for below, above in pairwise(edges))
    assert all(bottom >= -1e-6 and top <= 155 + 1e-6 for bottom, top in edges)


def test_labels_with_room_stay_where_they_belong() -> None:
    assert apart([20, 100, 60], [10, 10, 10], 0, 155) == pytest.approx([20, 100, 60])
    assert apart([60, 60], [10, 10], 0, 155) == pytest.approx([65, 55])


@pytest.mark.parametrize(
    ("highest", "is_share", "top"),
    [(0.5, True, 0.6), (0.93, True, 1), (1, True, 1), (0, True, 0.1), (4.2, False, 5)],
)
def test_the_axis_begins_at_zero_and_ends_at_a_round_number(
    highest: float, is_share: bool, top: float
) -> None:
    found, ticks = top_and_ticks(highest, is_share=is_share)
    assert (found, ticks[0], ticks[-1]) == (top, 0, top)
    assert len(ticks) <= 8


def test_numbers_are_written_as_on_the_page() -> None:
    assert [percent_or_number(value, is_share=True) for value in (0, 0.285, 0.4449, 1)] == [
        "0%",
        "29%",
        "44%",
        "100%",
    ]
    assert [percent_or_number(value, is_share=False) for value in (3, 3.75, 12.04)] == ["3", "3.8", "12"]


@pytest.mark.parametrize(
    "bands", [[], BANDS, [Band("A band with a very long name that has to be wrapped", 25)]]
)
@pytest.mark.parametrize(
    "points",
    [
        [],
        [ScatterPoint(LONG, 25, 0.0, is_own=True)],
        [ScatterPoint("$x$", 125, 1.0), ScatterPoint("", 60, 0.2)],
    ],
)
def test_one_point_no_point_and_the_ends_of_the_scale_can_be_drawn(
    points: list[ScatterPoint], bands: list[Band]
) -> None:
    ElementTree.fromstring(dots(points, bands))  # noqa: S314 - our own picture


def test_the_own_team_is_told_by_marker_and_name() -> None:
    other, own = (dots([ScatterPoint("Northside", 100, 0.4, is_own)]) for is_own in (False, True))
    assert own.count(b'id="text_') == other.count(b'id="text_') + 1


def test_the_axis_of_fidelity_starts_at_a_band_and_shows_two_at_least() -> None:
    best, spread = dots([ScatterPoint("A", 120, 0.4)]), dots([ScatterPoint("A", 80, 0.4)])
    assert b"#eef3f9" not in best
    assert b"#dfeaf5" in best
    assert b"#eef3f9" in spread
    assert b"#f7f7f7" not in spread
