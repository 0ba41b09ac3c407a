"""Charts from plain values, as they come over the wire to a worker."""

from collections.abc import Mapping
from typing import Any

from ips_portal.charts.drawing import Band
from ips_portal.charts.lines import RateLine, RatePoint, Reference, Series, rate_lines
from ips_portal.charts.scatter import ScatterPoint, scatter
from ips_portal.quarters import Quarter


def lines(content: Mapping[str, Any]) -> bytes:
    """quarters: ["2026-q3"]; lines: [{label, series, points: {quarter: [value, provisional]}}]; references."""
    return rate_lines(
        [Quarter.parse(each) for each in content["quarters"]],
        [
            RateLine(
                line["label"],
                Series[line["series"]],
                {Quarter.parse(when): RatePoint(*point) for when, point in line["points"].items()},
            )
            for line in content["lines"]
        ],
        [Reference(label, value) for label, value in content["references"]],
        title=content["title"],
        description=content["description"],
        is_share=content["is_share"],
    )


def totals_and_rates(content: Mapping[str, Any]) -> bytes:
    """points: [[label, total, rate, own]]; bands: [[label, minimum]]; the ends of the scale."""
    return scatter(
        [ScatterPoint(*point) for point in content["points"]],
        [Band(*band) for band in content["bands"]],
        lowest=content["lowest"],
        highest=content["highest"],
        x_name=content["x_name"],
        y_name=content["y_name"],
        title=content["title"],
        description=content["description"],
    )
