"""How a total and a rate go together over many places, in front of the bands of the total."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib import rc_context
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke

from ips_portal.charts.drawing import (
    BAND_TINTS,
    INK,
    MUTED,
    STYLE,
    Band,
    apart,
    bare,
    fitted,
    percent_or_number,
    svg,
    top_and_ticks,
    typeface,
)

WIDTH, HEIGHT = 6.75, 3.6
PLOT = (0.075, 0.15, 0.905, 0.665)  # left, bottom, width, height as parts of the picture
OWN, OTHER = "#005ea2", "#3d4551"
BEYOND = 2  # of the scale, to the right of its end
NAME_WIDTH = 170  # points


@dataclass(frozen=True)
class ScatterPoint:
    """`is_own` points are named and have a marker of their own; `rate` is a part of 1."""

    label: str
    total: float
    rate: float
    is_own: bool = False


def scatter(
    points: Sequence[ScatterPoint],
    bands: Sequence[Band],
    *,
    lowest: int,
    highest: int,
    x_name: str,
    y_name: str,
    title: str,
    description: str,
) -> bytes:
    """`lowest` and `highest` are the ends of the scale of the total."""
    with rc_context(STYLE):
        figure = Figure(figsize=(WIDTH, HEIGHT))
        axes: Any = figure.add_axes(PLOT)
        floor = _floor(points, bands, lowest)
        top, ticks = top_and_ticks(max((point.rate for point in points), default=0.5), is_share=True)
        axes.set_xlim(floor, highest + BEYOND)
        axes.set_ylim(0, top)
        _draw_bands(axes, bands, floor, highest + BEYOND)
        _draw_points(axes, points, top)
        _draw_names(axes, x_name, y_name)
        marks = sorted({floor, highest, *(band.minimum for band in bands if floor < band.minimum)})
        axes.set_xticks(marks, [str(mark) for mark in marks], fontproperties=typeface(), color=INK)
        names = [percent_or_number(tick, is_share=True) for tick in ticks]
        axes.set_yticks(ticks, names, fontproperties=typeface(), color=MUTED)
        bare(axes)
        return svg(figure, title, description)


def _floor(points: Sequence[ScatterPoint], bands: Sequence[Band], lowest: int) -> int:
    """Where the axis starts: at the band of the lowest point, with two bands at least.

    Within the lowest band it starts at the ten below the point.
    """
    low = min((point.total for point in points), default=lowest)
    inner = sorted(band.minimum for band in bands if band.minimum > lowest)
    starts = [minimum for minimum in inner[:-1] if minimum <= low]
    return max(starts, default=max(lowest, int(low - 5) // 10 * 10))


def _draw_bands(axes: Any, bands: Sequence[Band], left: float, right: float) -> None:
    """Tints behind the points, the name of each above its stretch."""
    ordered = sorted(bands, key=lambda band: band.minimum)
    tints = BAND_TINTS[-len(ordered) :] if ordered else ()
    across = PLOT[2] * WIDTH * 72 / (right - left)
    for number, band in enumerate(ordered):
        end = ordered[number + 1].minimum if number + 1 < len(ordered) else right
        start = max(band.minimum, left) if number else left
        if end <= left:
            continue
        axes.axvspan(start, end, color=tints[min(number, len(tints) - 1)], linewidth=0, zorder=0)
        axes.text(
            (start + end) / 2,
            1.02,
            fitted(band.label, (end - start) * across - 4, 2),
            transform=axes.get_xaxis_transform(),
            ha="center",
            va="bottom",
            color=INK,
            linespacing=1.1,
            fontproperties=typeface(),
        )


def _draw_points(axes: Any, points: Sequence[ScatterPoint], top: float) -> None:
    others = [(point.total, point.rate) for point in points if not point.is_own]
    own = [point for point in points if point.is_own]
    if others:
        axes.plot(
            *zip(*others, strict=True),
            linestyle="none",
            marker="o",
            markersize=6,
            markerfacecolor=OTHER,
            markeredgecolor="#ffffff",
            markeredgewidth=0.8,
            alpha=0.75,
            clip_on=False,
            zorder=3,
        )
    tall = PLOT[3] * HEIGHT * 72
    heights = apart([point.rate / top * tall for point in own], [12.5] * len(own), 0, tall)
    for point, height in zip(own, heights, strict=True):
        _draw_own(axes, point, height - point.rate / top * tall)
    if not points:
        axes.text(
            0.5,
            0.5,
            "No place has both numbers",
            transform=axes.transAxes,
            ha="center",
            va="center",
            color=MUTED,
            fontproperties=typeface(size=10.5),
        )


def _draw_own(axes: Any, point: ScatterPoint, raised: float) -> None:
    """A diamond with its name; on the right half the name stands to the left."""
    left, right = axes.get_xlim()
    is_right = point.total > (left + right) / 2
    axes.plot(
        [point.total],
        [point.rate],
        marker="D",
        markersize=8,
        markerfacecolor=OWN,
        markeredgecolor="#ffffff",
        markeredgewidth=1,
        clip_on=False,
        zorder=5,
    )
    axes.annotate(
        fitted(point.label, NAME_WIDTH, 1, bold=True),
        (point.total, point.rate),
        xytext=(-8 if is_right else 8, raised),
        textcoords="offset points",
        ha="right" if is_right else "left",
        va="center",
        color=INK,
        fontproperties=typeface(bold=True),
        path_effects=[withStroke(linewidth=2.5, foreground="#ffffff")],
        annotation_clip=False,
        zorder=4,
    )


def _draw_names(axes: Any, x_name: str, y_name: str) -> None:
    """What each axis counts, both to be read without turning the head."""
    axes.annotate(
        x_name, (1, 0), xycoords="axes fraction", xytext=(0, -27), textcoords="offset points", ha="right",
        va="center", color=MUTED, fontproperties=typeface(), annotation_clip=False,
    )  # fmt: skip
    axes.annotate(
        y_name, (0, 1), xycoords="axes fraction", xytext=(-28, 32), textcoords="offset points", ha="left",
        va="center", color=MUTED, fontproperties=typeface(), annotation_clip=False,
    )  # fmt: skip
