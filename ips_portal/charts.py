"""Numbers in, an SVG picture out. The only import of the charting library; workers draw, web processes never do.

The object API is used throughout (pyplot keeps global state). The same numbers give the same bytes, so a picture can be
stored by the hash of its content. Text becomes outlines: the picture needs no font where it is shown. What it says is
in `title` and `desc` for assistive technology; whoever places it also gives a text alternative and a table.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

from matplotlib import rc_context
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties

from ips_portal import typefaces

INK, MUTED, RULE = "#1b1b1b", "#565c65", "#dfe1e2"
# Light to dark: a higher band is a stronger tint, and each is named at the side.
BAND_TINTS = ("#f7f7f7", "#eef3f9", "#dfeaf5", "#cfe1f1")
# Ratings 1 to 5: fill, then the ink on it. No red or pink: a low rating is where help goes, not an error.
RATING_FILLS = ("#f0f0f0", "#faf3d1", "#d9e8f6", "#73b3e7", "#1a4480")
POINT_SIZE = 9.0  # the smallest type on paper

STYLE: Any = {
    "svg.fonttype": "path",
    "svg.hashsalt": "ips-portal",
    "text.parse_math": False,  # a dollar sign in a name is a dollar sign
    "axes.unicode_minus": True,
}


@dataclass(frozen=True)
class Band:
    """A named stretch of the scale, from `minimum` upwards."""

    label: str
    minimum: int


@dataclass(frozen=True)
class TotalPoint:
    """One review's total. `apart` marks a self-review: shown, but not on the line of the others."""

    label: str
    total: int
    apart: bool = False


@dataclass(frozen=True)
class RatedItem:
    label: str
    rating: int | None
    previous: int | None = None


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
        axes.set_yticks(ticks, [str(tick) for tick in ticks], fontproperties=_type(), color=MUTED)
        labels = [f"{point.label}\nself-review" if point.apart else point.label for point in points]
        axes.set_xticks(range(len(points)), labels, fontproperties=_type(), color=INK)
        _bare(axes)
        return _svg(figure, title, description)


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
            _wrapped(band.label, 15),
            transform=axes.get_yaxis_transform(),
            va="center",
            color=INK,
            linespacing=1.1,
            fontproperties=_type(),
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
            fontproperties=_type(bold=True, size=10.5),
        )


def item_bars(
    groups: Sequence[tuple[str, Sequence[RatedItem]]], *, steps: int, title: str, description: str
) -> bytes:
    """Every item as a bar from 0 to its rating, in its groups.

    A small diamond shows the rating of the last review where it was another.
    """
    rows = sum(len(items) + 1 for _, items in groups)
    with rc_context(STYLE):
        height = 0.172 * rows + 0.3
        figure = Figure(figsize=(6.75, height))
        axes: Any = figure.add_axes((0.45, 0.2 / height, 0.51, 1 - 0.3 / height))
        place = 0.0
        for name, items in groups:
            _beside(axes, place, name, bold=True)
            for item in items:
                place += 1
                _draw_item(axes, item, place)
            place += 1
        axes.set_xlim(0, steps + 0.35)
        axes.set_ylim(place - 0.4, -0.6)
        axes.set_xticks(
            range(1, steps + 1), [str(step) for step in range(1, steps + 1)], fontproperties=_type()
        )
        axes.set_yticks([])
        axes.grid(axis="x", color=RULE, linewidth=0.8)
        axes.set_axisbelow(True)
        _bare(axes)
        return _svg(figure, title, description)


def _draw_item(axes: Any, item: RatedItem, place: float) -> None:
    label = item.label if len(item.label) <= 47 else item.label[:46].rstrip() + "…"
    _beside(axes, place, label)
    if item.rating is None:
        axes.text(0.06, place, "not rated", va="center", color=MUTED, fontproperties=_type())
        return
    fill = RATING_FILLS[max(1, min(item.rating, len(RATING_FILLS))) - 1]
    axes.barh(place, item.rating, height=0.66, color=fill, edgecolor="#71767a", linewidth=0.6)
    axes.text(
        item.rating + 0.08, place, str(item.rating), va="center", color=INK, fontproperties=_type(bold=True)
    )
    if item.previous is not None and item.previous != item.rating:
        axes.plot(
            [item.previous],
            [place],
            marker="D",
            markersize=5,
            markerfacecolor="#ffffff",
            markeredgecolor=INK,
            markeredgewidth=1.1,
        )


def _beside(axes: Any, place: float, label: str, *, bold: bool = False) -> None:
    """The name of a bar or of a group of bars, in the left margin."""
    where = axes.get_yaxis_transform()
    axes.text(-0.865, place, label, transform=where, va="center", color=INK, fontproperties=_type(bold=bold))


def _type(*, bold: bool = False, size: float = POINT_SIZE) -> FontProperties:
    return FontProperties(fname=str(typefaces.BOLD if bold else typefaces.REGULAR), size=size)


def _wrapped(text: str, width: int) -> str:
    """At most three lines of about `width` characters; a band's label stands beside the picture."""
    lines = [""]
    for word in text.split():
        if lines[-1] and len(lines[-1]) + len(word) >= width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return "\n".join(line if len(line) <= width + 3 else line[: width + 2] + "…" for line in lines[:3])


def _bare(axes: Any) -> None:
    axes.tick_params(length=0, pad=5)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color("#a9aeb1")


def _svg(figure: Figure, title: str, description: str) -> bytes:
    """The picture without date, program name and XML prologue, and with words that say what it shows."""
    typefaces.directories()
    out = BytesIO()
    canvas: Any = FigureCanvasSVG(figure)
    canvas.print_svg(out, metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    svg = out.getvalue().decode()
    head, body = svg[svg.index("<svg") :].split(">", 1)
    # Two pictures in one page must not share ids.
    key = sha256(f"{title}\n{description}\n{body}".encode()).hexdigest()[:10]
    words = f'<title id="t{key}">{escape(title)}</title><desc id="d{key}">{escape(description)}</desc>'
    return f'{head} role="img" aria-labelledby="t{key} d{key}">{words}{body}'.encode()
