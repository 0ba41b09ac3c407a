"""How each item of a review was rated."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib import rc_context
from matplotlib.figure import Figure

from ips_portal.charts.drawing import INK, MUTED, RULE, STYLE, bare, svg, typeface

# Ratings 1 to 5: fill, then the ink on it. No red or pink: a low rating is where help goes, not an error.
RATING_FILLS = ("#f0f0f0", "#faf3d1", "#d9e8f6", "#73b3e7", "#1a4480")


@dataclass(frozen=True)
class RatedItem:
    label: str
    rating: int | None
    previous: int | None = None


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
            range(1, steps + 1), [str(step) for step in range(1, steps + 1)], fontproperties=typeface()
        )
        axes.set_yticks([])
        axes.grid(axis="x", color=RULE, linewidth=0.8)
        axes.set_axisbelow(True)
        bare(axes)
        return svg(figure, title, description)


def _draw_item(axes: Any, item: RatedItem, place: float) -> None:
    label = item.label if len(item.label) <= 47 else item.label[:46].rstrip() + "…"
    _beside(axes, place, label)
    if item.rating is None:
        axes.text(0.06, place, "not rated", va="center", color=MUTED, fontproperties=typeface())
        return
    fill = RATING_FILLS[max(1, min(item.rating, len(RATING_FILLS))) - 1]
    axes.barh(place, item.rating, height=0.66, color=fill, edgecolor="#71767a", linewidth=0.6)
    axes.text(
        item.rating + 0.08,
        place,
        str(item.rating),
        va="center",
        color=INK,
        fontproperties=typeface(bold=True),
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
    axes.text(
        -0.865, place, label, transform=where, va="center", color=INK, fontproperties=typeface(bold=bold)
    )
