"""Which picture the report shows and what it says in words; drawn by `fidelity.printing`."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fidelity.paper.parts import counted, leads, parts_of
from fidelity.paper.wording import month


@dataclass(frozen=True)
class TotalsChart:
    """Totals over time. Points are (when, total, self-review?); bands (label, from)."""

    points: tuple[tuple[str, int, bool], ...]
    bands: tuple[tuple[str, int], ...]
    lowest: int
    highest: int
    title: str
    finding: str
    numbers: str


@dataclass(frozen=True)
class ItemsChart:
    """Every rating at a glance. Groups are (section, ((label, rating), ...))."""

    groups: tuple[tuple[str, tuple[tuple[str, int | None], ...]], ...]
    title: str
    finding: str
    numbers: str


def chart_of(snapshot: Mapping[str, Any]) -> TotalsChart | ItemsChart | None:
    """Totals over time once there are two, the items of a first review, nothing for an unrated draft."""
    trend = [
        point
        for point in snapshot.get("trend") or []
        if point.get("total") is not None
        and point.get("possible", snapshot["possible"]) == snapshot["possible"]
        and point.get("leads", leads(snapshot)) == leads(snapshot)
    ]
    if len(trend) >= 2:
        return _totals(snapshot, trend[-8:])
    if any(item.get("rating") is not None for section in snapshot["sections"] for item in section["items"]):
        return _items(snapshot)
    return None


def _totals(snapshot: Mapping[str, Any], trend: list[Mapping[str, Any]]) -> TotalsChart:
    points = tuple((month(point["ends_on"]), point["total"], point["kind"] != "external") for point in trend)
    numbers = ", ".join(_said(point, snapshot) for point in trend)
    (began, first, _), (ended, last, _) = points[0], points[-1]
    went = (
        f"stayed at {last}"
        if first == last
        else f"{'rose' if last > first else 'fell'} from {first} to {last}"
    )
    highest = snapshot["possible"]
    part = next((each.name for each in parts_of(snapshot) if each.leads), "")
    of = f" of {part}" if part else ""
    return TotalsChart(
        points=points,
        bands=tuple((band["label"], band["minimum"]) for band in snapshot["scale"].get("bands") or ()),
        lowest=min(sum(len(section["items"]) for section in counted(snapshot)), *(p[1] for p in points)),
        highest=highest,
        title=f"{part or 'Fidelity'} total at each review",
        finding=f"The total{of} {went} between {began} and {ended}, out of {highest}.",
        numbers=f"{numbers}.",
    )


def _said(point: Mapping[str, Any], snapshot: Mapping[str, Any]) -> str:
    """Such as "Mar 2021 75 (self-review, imported)". The last point is the report's own."""
    is_own = point is snapshot["trend"][-1]
    marks = [
        *(["self-review"] if point["kind"] != "external" else []),
        *(["imported"] if "imported" in (snapshot if is_own else point) else []),
    ]
    mark = f" ({', '.join(marks)})" if marks else ""
    return f"{month(point['ends_on'])} {point['total']}{mark}"


def _items(snapshot: Mapping[str, Any]) -> ItemsChart:
    groups = tuple(
        (
            section["name"],
            tuple((f"{item['seq']}. {item['name']}", item.get("rating")) for item in section["items"]),
        )
        for section in snapshot["sections"]
    )
    ratings = [rating for _, items in groups for _, rating in items if rating is not None]
    high, low = sum(rating >= 4 for rating in ratings), sum(rating <= 2 for rating in ratings)
    return ItemsChart(
        groups=groups,
        title="Rating of each item",
        finding=f"{high} of {len(ratings)} items are rated 4 or 5; {low} {'is' if low == 1 else 'are'} rated 1 or 2.",
        numbers="; ".join(f"{name}: {_spoken(items)}" for name, items in groups) + ".",
    )


def _spoken(items: tuple[tuple[str, int | None], ...]) -> str:
    return ", ".join(f"{label} {'not rated' if rating is None else rating}" for label, rating in items)
