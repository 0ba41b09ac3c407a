"""How a team's fidelity total went from review to review."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib import rc_context
from matplotlib.figure import Figure

from ips_portal.charts.drawing import BAND_TINTS, INK, MUTED, STYLE, Band, bare, svg, typeface, wrapped


@dataclass(frozen=True)
class TotalPoint:
    """One review's total. `apart` marks a self-review: shown, but not on the line of the others."""

    label: str
    total: int
    apart: bool = False


def total_trend(
    points: Sequence[TotalPoint],
    bands: Sequence[Band],
    *,
    lowest: int,
    highest: int,
    title: str,
    description: str,
    accent: str = "#1a4480",
) -> bytes:
    """Totals over time, oldest first, in front of the bands; `lowest` and `highest` are the ends of the scale."""
    with rc_context(STYLE):
        figure = Figure(figsize=(6.75, 2.75))
        axes: Any = figure.add_axes((0.055, 0.16, 0.785, 0.80))
        floor = _trend_floor(points, bands, lowest)
        _draw_bands(axes, bands, floor, highest)
        _draw_totals(axes, points, accent)
        axes.set_xlim(-0.5, len(points) - 0.5)
        axes.set_ylim(floor, highest)
        ticks = sorted({floor, highest, *(band.minimum for band in bands if floor < band.minimum)})
        axes.set_yticks(ticks, [str(tick) for tick in ticks], fontproperties=typeface(), color=MUTED)
        labels = [f"{point.label}\nself-review" if point.apart else point.label for point in points]
        axes.set_xticks(range(len(points)), labels, fontproperties=typeface(), color=INK)
        bare(axes)
        return svg(figure, title, description)


def _trend_floor(points: Sequence[TotalPoint], bands: Sequence[Band], lowest: int) -> int:
    """Where the axis starts: low enough to show where the lowest point stands, no lower than the scale."""
    low = min([point.total for point in points] + [band.minimum for band in bands if band.minimum > lowest])
    return max(lowest, (low - 10) // 10 * 10)


def _draw_bands(axes: Any, bands: Sequence[Band], floor: int, highest: int) -> None:
    ordered = sorted(bands, key=lambda band: band.minimum)
    tints = BAND_TINTS[-len(ordered) :] if ordered else ()
    for number, band in enumerate(ordered):
        top = ordered[number + 1].minimum if number + 1 < len(ordered) else highest
        bottom = max(band.minimum, floor)
        if top <= floor:
            continue
        axes.axhspan(bottom, top, color=tints[min(number, len(tints) - 1)], linewidth=0)
        axes.text(
            1.015,
            (bottom + top) / 2,
            wrapped(band.label, 15),
            transform=axes.get_yaxis_transform(),
            va="center",
            color=INK,
            linespacing=1.1,
            fontproperties=typeface(),
        )


def _draw_totals(axes: Any, points: Sequence[TotalPoint], accent: str) -> None:
    line = [(place, point.total) for place, point in enumerate(points) if not point.apart]
    apart = [(place, point.total) for place, point in enumerate(points) if point.apart]
    if line:
        axes.plot(*zip(*line, strict=True), color=accent, linewidth=2, marker="o", markersize=7, zorder=3)
    if apart:
        axes.plot(
            *zip(*apart, strict=True),
            linestyle="none",
            marker="D",
            markersize=7,
            markerfacecolor="#ffffff",
            markeredgecolor=accent,
            markeredgewidth=1.6,
            zorder=3,
        )
    for place, point in enumerate(points):
        axes.annotate(
            str(point.total),
            (place, point.total),
            xytext=(0, 8),
            textcoords="offset points",
            ha="center",
            color=INK,
            fontproperties=typeface(bold=True, size=10.5),
        )
