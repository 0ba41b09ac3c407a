"""Numbers in, an SVG picture out. The only import of the charting library; workers draw, web processes never do.

The same numbers give the same bytes, so a picture can be stored by the hash of its content. What it says is in `title`
and `desc` for assistive technology; whoever places it also gives a text alternative and a table.
"""

from ips_portal.charts.drawing import Band
from ips_portal.charts.items import RATING_FILLS, RatedItem, item_bars
from ips_portal.charts.lines import RateLine, RatePoint, Reference, Series, rate_lines
from ips_portal.charts.scatter import ScatterPoint, scatter
from ips_portal.charts.totals import TotalPoint, total_trend

__all__ = [
    "RATING_FILLS",
    "Band",
    "RateLine",
    "RatePoint",
    "RatedItem",
    "Reference",
    "ScatterPoint",
    "Series",
    "TotalPoint",
    "item_bars",
    "rate_lines",
    "scatter",
    "total_trend",
]
