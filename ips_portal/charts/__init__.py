"""Numbers in, an SVG picture out. The only import of the charting library; workers draw, web processes never do.

The object API is used throughout (pyplot keeps global state). The same numbers give the same bytes, so a picture can be
stored by the hash of its content. Text becomes outlines: the picture needs no font where it is shown. What it says is
in `title` and `desc` for assistive technology; whoever places it also gives a text alternative and a table.
"""

from ips_portal.charts.drawing import Band
from ips_portal.charts.items import RATING_FILLS, RatedItem, item_bars
from ips_portal.charts.totals import TotalPoint, total_trend

__all__ = ["RATING_FILLS", "Band", "RatedItem", "TotalPoint", "item_bars", "total_trend"]
