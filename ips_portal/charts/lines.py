"""How rates went from quarter to quarter: up to four lines, and what others have published as level lines behind.

A quarter without a figure is a gap that no line crosses, and never a zero. A line is told by its dashes, its marker
and the label at its end, so that its color is never the only sign.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise
from typing import Any

from matplotlib import rc_context
from matplotlib.figure import Figure

from ips_portal.charts.drawing import (
    INK,
    MUTED,
    RULE,
    STYLE,
    apart,
    bare,
    fitted,
    percent_or_number,
    svg,
    top_and_ticks,
    typeface,
)
from ips_portal.quarters import Quarter

MOST_LINES = 4
WIDTH, LEFT, PLOT = 6.75, 0.42, 3.9  # inches: of the picture, left of the plot, of the plot
BELOW, ABOVE, SHORTEST = 0.5, 0.12, 2.15
LABELS_AT = 1.127  # of the plot's width
LABEL_LINES, LINE_HEIGHT = 2, 11.5  # lines, points
LABEL_WIDTH = 72 * (WIDTH - LEFT - PLOT * LABELS_AT - 0.05)
REFERENCE = "#71767a"
WIDER = 0.35  # of a quarter, beside the first and the last


class Series(Enum):
    """Whose line it is: color, dashes (on, off), marker, width."""

    TEAM = ("#005ea2", None, "o", 2.2)
    STATE = ("#3d4551", (4.5, 1.8), "s", 1.7)
    NATION = ("#8168b3", (1.2, 1.3), "^", 1.9)
    OTHER = ("#00687d", (6, 1.6, 1.2, 1.6), "D", 1.7)


@dataclass(frozen=True)
class RatePoint:
    """A share is a part of 1. `is_provisional` figures may still change and have a hollow marker."""

    value: float
    is_provisional: bool = False


@dataclass(frozen=True)
class RateLine:
    """A quarter that is not among the points is a gap."""

    label: str
    series: Series
    points: Mapping[Quarter, RatePoint]


@dataclass(frozen=True)
class Reference:
    """A published number as a level line."""

    label: str
    value: float


@dataclass(frozen=True)
class _EndLabel:
    text: str
    value: float
    style: dict[str, Any]
    marker: str
    is_joined: bool  # a thin line leads from the edge of the plot to the label


def rate_lines(
    quarters: Sequence[Quarter],
    lines: Sequence[RateLine],
    references: Sequence[Reference] = (),
    *,
    title: str,
    description: str,
    is_share: bool = True,
) -> bytes:
    """`quarters` follow one another without a hole, oldest first. The first line is drawn in front."""
    _refuse(quarters, lines)
    labels = [_line_label(line, quarters, is_share) for line in lines]
    labels += [_reference_label(reference, is_share) for reference in references]
    heights = [(label.text.count("\n") + 1) * LINE_HEIGHT + 2 for label in labels]
    plot = max(SHORTEST, 1.15 * sum(heights) / 72)
    height = plot + BELOW + ABOVE
    with rc_context(STYLE):
        figure = Figure(figsize=(WIDTH, height))
        axes: Any = figure.add_axes((LEFT / WIDTH, BELOW / height, PLOT / WIDTH, plot / height))
        shown = [
            point.value for line in lines for quarter, point in line.points.items() if quarter in quarters
        ]
        top, ticks = top_and_ticks(
            max([*shown, *(reference.value for reference in references)], default=0.5), is_share=is_share
        )
        _draw_frame(axes, quarters, top, ticks, is_share)
        for reference in references:
            axes.axhline(reference.value, color=REFERENCE, linewidth=1, dashes=(8, 3), zorder=2)
        for depth, line in enumerate(lines):
            _draw_line(axes, line, quarters, 10 - depth)
        _draw_labels(axes, labels, heights, plot * 72, top)
        _say_what_is_special(axes, lines, quarters, top, bool(shown))
        return svg(figure, title, description)


def _refuse(quarters: Sequence[Quarter], lines: Sequence[RateLine]) -> None:
    if not quarters or any(later.since(earlier) != 1 for earlier, later in pairwise(quarters)):
        raise ValueError(
            "Quarters follow one another: one without figures is a gap in the line, not left out."
        )
    if len(lines) > MOST_LINES:
        raise ValueError(f"At most {MOST_LINES} lines can be told apart.")


def _line_label(line: RateLine, quarters: Sequence[Quarter], is_share: bool) -> _EndLabel:
    color, dashes, marker, width = line.series.value
    style = {"color": color, "linewidth": width, **({"dashes": dashes} if dashes else {})}
    there = [quarter for quarter in quarters if quarter in line.points]
    if not there:
        return _EndLabel(_ending(line.label, "no figures", line.series), 0, style, marker, False)
    last = line.points[there[-1]].value
    is_newest = there[-1] == quarters[-1]
    words = percent_or_number(last, is_share=is_share) + ("" if is_newest else f" in {there[-1]}")
    return _EndLabel(_ending(line.label, words, line.series), last, style, marker, is_newest)


def _reference_label(reference: Reference, is_share: bool) -> _EndLabel:
    style = {"color": REFERENCE, "linewidth": 1, "dashes": (8, 3)}
    words = percent_or_number(reference.value, is_share=is_share)
    return _EndLabel(_ending(reference.label, words), reference.value, style, "", True)


def _ending(label: str, words: str, series: Series | None = None) -> str:
    return fitted(f"{label}:", LABEL_WIDTH, LABEL_LINES, ending=words, bold=series is Series.TEAM)


def _draw_frame(
    axes: Any, quarters: Sequence[Quarter], top: float, ticks: list[float], is_share: bool
) -> None:
    axes.set_xlim(-WIDER, len(quarters) - 1 + WIDER)
    axes.set_ylim(0, top)
    names = [percent_or_number(tick, is_share=is_share) for tick in ticks]
    axes.set_yticks(ticks, names, fontproperties=typeface(), color=MUTED)
    # The year stands at the first quarter of each year and at the very first, unless two years would touch.
    is_first_dated = len(quarters) <= 8 or quarters[0].number != 4
    named = [
        f"Q{quarter.number}\n{quarter.year}"
        if quarter.number == 1 or (not place and is_first_dated)
        else f"Q{quarter.number}"
        for place, quarter in enumerate(quarters)
    ]
    axes.set_xticks(range(len(quarters)), named, fontproperties=typeface(), color=INK)
    axes.grid(axis="y", color=RULE, linewidth=0.8)
    axes.set_axisbelow(True)
    bare(axes)


def _draw_line(axes: Any, line: RateLine, quarters: Sequence[Quarter], depth: int) -> None:
    color, dashes, marker, width = line.series.value
    points = [line.points.get(quarter) for quarter in quarters]
    heights = [point.value if point else float("nan") for point in points]
    style = {"dashes": dashes} if dashes else {}
    axes.plot(range(len(points)), heights, color=color, linewidth=width, zorder=depth, clip_on=False, **style)
    for is_hollow in (False, True):
        chosen = [
            (n, point.value) for n, point in enumerate(points) if point and point.is_provisional is is_hollow
        ]
        if chosen:
            axes.plot(
                *zip(*chosen, strict=True),
                linestyle="none",
                marker=marker,
                markersize=6.5,
                markerfacecolor="#ffffff" if is_hollow else color,
                markeredgecolor=color,
                markeredgewidth=1.5,
                zorder=depth + 0.5,
                clip_on=False,
            )


def _draw_labels(
    axes: Any, labels: Sequence[_EndLabel], heights: Sequence[float], points: float, top: float
) -> None:
    """Beside the plot: a leader from the line's end, a sample of the line, the label."""
    wanted = [label.value / top * points for label in labels]
    where = {"transform": axes.get_yaxis_transform(), "clip_on": False}
    for label, middle in zip(labels, apart(wanted, heights, 0, points), strict=True):
        place = middle / points * top
        if label.is_joined:
            axes.plot([1.0, 1.04], [label.value, place], color=label.style["color"], linewidth=0.7, **where)
        axes.plot([1.04, 1.11], [place, place], **label.style, **where)
        if label.marker:
            color = label.style["color"]
            axes.plot([1.075], [place], marker=label.marker, markersize=5.5, color=color, **where)
        axes.text(
            LABELS_AT,
            place,
            label.text,
            va="center",
            color=INK if label.marker else MUTED,
            linespacing=1.1,
            fontproperties=typeface(bold=label.marker == Series.TEAM.value[2]),
            **where,
        )


def _say_what_is_special(
    axes: Any, lines: Sequence[RateLine], quarters: Sequence[Quarter], top: float, has_figures: bool
) -> None:
    if not has_figures:
        axes.text(
            (len(quarters) - 1) / 2,
            top / 2,
            "No figures in these quarters",
            ha="center",
            va="center",
            color=MUTED,
            fontproperties=typeface(size=10.5),
            bbox={"facecolor": "#ffffff", "edgecolor": "none", "pad": 3},
        )
    points = [point for line in lines for quarter, point in line.points.items() if quarter in quarters]
    if any(point.is_provisional for point in points):
        axes.annotate(
            "Hollow marker: may still change",
            (1.04, 0),
            xycoords="axes fraction",
            xytext=(0, -11),
            textcoords="offset points",
            va="center",
            color=MUTED,
            annotation_clip=False,
            fontproperties=typeface(),
        )
