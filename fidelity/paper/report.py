"""The fidelity report as values: strengths first, then the result, the scores, what was found and what to do next."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fidelity.paper.charting import ItemsChart, TotalsChart, chart_of
from fidelity.paper.head import Head, corrects, head, named, report_edition, report_status, superseded
from fidelity.paper.parts import PartPaper, moved, parts_of, results, said
from fidelity.paper.wording import Block, Words, blocks, change, count, day, listed, month, sentence, weight

SOURCES = {
    "MIS": "program records and figures",
    "DOC": "documents and records",
    "INT": "interviews",
    "OBS": "observation",
    "ISP": "individual plans",
}


@dataclass(frozen=True)
class ItemPaper:
    code: str
    number: int
    name: str
    rating: int | None
    previous: int | None
    change: str
    compared: str
    planned: str  # how far it had come in the last action plan
    anchor: str
    found: tuple[Block, ...]
    recommendation: tuple[Block, ...]
    priority: bool
    sources: str

    @property
    def id(self) -> str:
        return f"item-{self.number}"

    @property
    def short(self) -> bool:
        """Short enough to be kept on one page without leaving a hole on the page before."""
        return weight(self.found) + weight(self.recommendation) < 900


@dataclass(frozen=True)
class SectionPaper:
    name: str
    caption: str
    subtotal: int | None
    previous_subtotal: int | None
    possible: int
    change: str
    items: tuple[ItemPaper, ...]


@dataclass(frozen=True)
class ReportPaper:
    head: Head
    words: Words
    total: int | None
    possible: int
    band: str
    parts: tuple[
        PartPaper, ...
    ]  # where the scale has a total per part; total, possible and band are the leading one's
    result: tuple[str, ...]
    overview: tuple[Block, ...]
    strengths: tuple[Block, ...]
    strongest: str
    method: tuple[Block, ...]
    sections: tuple[SectionPaper, ...]
    priorities: tuple[ItemPaper, ...]
    next_steps: tuple[Block, ...]
    previous_label: str
    previous_total: int | None
    previous_band: str
    total_change: str
    sources: tuple[tuple[str, str], ...]
    chart: TotalsChart | ItemsChart | None
    superseded: str  # by which edition, in words; empty for the newest
    corrects: str  # which edition, and why


def report_paper(snapshot: Mapping[str, Any]) -> ReportPaper:
    words = Words.of(snapshot["words"])
    previous = snapshot.get("previous") or {}
    sections = tuple(_section(section, previous) for section in snapshot["sections"])
    items = [item for section in sections for item in section.items]
    parts = parts_of(snapshot, previous)
    return ReportPaper(
        head=head(
            snapshot,
            title=named(words, "report"),
            status=report_status(snapshot),
            edition_line=report_edition(snapshot),
        ),
        words=words,
        total=snapshot.get("total"),
        possible=snapshot["possible"],
        band=_label(snapshot.get("band")),
        parts=parts,
        result=_result(snapshot, words, items, parts),
        overview=blocks(snapshot["review"].get("overview")),
        strengths=blocks(snapshot.get("strengths")),
        strongest=_strongest(items),
        method=blocks(snapshot["review"].get("method")),
        sections=sections,
        priorities=tuple(item for item in items if item.priority),
        next_steps=blocks(snapshot.get("next_steps")),
        previous_label=month(previous["ends_on"]) if previous else "",
        previous_total=previous.get("total"),
        previous_band=_label(previous.get("band")),
        total_change=_total_change(snapshot, previous),
        sources=tuple(
            (code, name)
            for code, name in SOURCES.items()
            if any(code in item.sources.split() for item in items)
        ),
        chart=chart_of(snapshot),
        superseded=superseded(snapshot),
        corrects=corrects(snapshot),
    )


def _total_change(snapshot: Mapping[str, Any], previous: Mapping[str, Any]) -> str:
    if not previous:
        return ""
    if "possible" in previous:
        return f"of {previous['possible']} points, by another scale"
    return change(snapshot.get("total"), previous.get("total"))


def _section(section: Mapping[str, Any], previous: Mapping[str, Any]) -> SectionPaper:
    items = tuple(_item(item, previous) for item in section["items"])
    numbers = (
        f"items {items[0].number} to {items[-1].number}" if len(items) > 1 else f"item {items[0].number}"
    )
    earlier = [item.previous for item in items if item.previous is not None]
    before = sum(earlier) if len(earlier) == len(items) else None
    return SectionPaper(
        name=section["name"],
        caption=f"{section['name']}: {numbers}",
        subtotal=section.get("subtotal"),
        previous_subtotal=before,
        possible=section["possible"],
        change=change(section.get("subtotal"), before),
        items=items,
    )


def _item(item: Mapping[str, Any], previous: Mapping[str, Any]) -> ItemPaper:
    before = item.get("previous")
    if before is None:
        before = previous.get("ratings", {}).get(item["code"])
    moved = change(item.get("rating"), before)
    return ItemPaper(
        code=item["code"],
        number=item["seq"],
        name=item["name"],
        rating=item.get("rating"),
        previous=before,
        change=moved,
        compared="" if before is None or item.get("rating") is None else f"Last review {before}, {moved}",
        planned=(item.get("planned") or "").lower(),
        anchor=item.get("anchor") or "",
        found=blocks(item.get("found")),
        recommendation=blocks(item.get("recommendation")),
        priority=bool(item.get("priority")),
        sources=" ".join(item.get("sources") or ()),
    )


def _result(
    snapshot: Mapping[str, Any], words: Words, items: list[ItemPaper], parts: tuple[PartPaper, ...]
) -> tuple[str, ...]:
    """The result in sentences: total, band, the distance to the next band, and what changed."""
    total, team = snapshot.get("total"), snapshot["team"]["name"]
    if total is None:
        rated = sum(item.rating is not None for item in items)
        return (f"{rated} of {len(items)} items are rated so far, so there is no total yet.",)
    band, onward = _label(snapshot.get("band")), snapshot.get("to_next_band")
    if parts:
        return (*results(team, parts, onward), *_compared(snapshot, words, items, parts))
    first = f"{team} scored {total} of {snapshot['possible']} points"
    sentences = [f"{first}, which is in the {band} band." if band else f"{first}."]
    if onward:
        verb = "reaches" if onward["points"] == 1 else "reach"
        sentences.append(
            f"{count(onward['points'], 'more point', 'more points')} {verb} the {onward['label']} band."
        )
    elif band:
        sentences.append("This is the highest band.")
    return (*sentences, *_compared(snapshot, words, items, parts))


def _compared(
    snapshot: Mapping[str, Any], words: Words, items: list[ItemPaper], parts: tuple[PartPaper, ...]
) -> tuple[str, ...]:
    previous = snapshot.get("previous")
    if not previous:
        return (f"There is no earlier {words.review} to compare with.",)
    when = day(previous["ends_on"])
    earlier = parts_of(previous)
    label = "" if earlier else _label(previous.get("band"))
    of = f" of {previous['possible']}" if "possible" in previous else ""
    stood = ", ".join(
        part
        for part in (
            said(earlier) or f"{previous['total']}{of} points",
            label,
            "imported" if "imported" in previous else "",
        )
        if part
    )
    up, down, same = (
        sum(item.change.startswith(start) for item in items) for start in ("up", "down", "same")
    )
    sentences = [
        f"Since the last {words.review} ({when}: {stood}) {_moved(snapshot, previous, parts)}: "
        f"{count(up, 'item', 'items')} went up, {down} went down and {same} stayed the same."
    ]
    if planned := [item for item in items if item.planned]:
        risen = sum(item.change.startswith("up") for item in planned)
        sentences.append(
            f"Of {count(len(planned), 'item', 'items')} in the last action plan, {risen} went up."
        )
    if previous.get("kind", "external") != snapshot["review"]["kind"]:
        sentences.append(
            "The two were not done the same way (one of them is a self-review), so compare with care."
        )
    return tuple(sentences)


def _moved(snapshot: Mapping[str, Any], previous: Mapping[str, Any], parts: tuple[PartPaper, ...]) -> str:
    """Totals of scales that end elsewhere are not compared; the items that both have are."""
    if "possible" in previous:
        return "the scale changed, so only items that are on both are compared"
    if parts:
        return moved(parts)
    points = snapshot["total"] - previous["total"]
    if not points:
        return "the total did not move"
    return f"the total {'rose' if points > 0 else 'fell'} by {count(abs(points), 'point', 'points')}"


def _strongest(items: list[ItemPaper]) -> str:
    top = [item.name for item in items if item.rating == 5]
    if top:
        return f"Rated 5 of 5: {listed(top)}."
    high = [item.name for item in items if item.rating == 4]
    return f"Rated 4 of 5: {listed(high)}." if high else ""


def _label(band: Mapping[str, str] | None) -> str:
    return sentence(band["label"]) if band else ""
