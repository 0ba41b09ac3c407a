"""Snapshot in, PDF bytes out: draws the picture and fills the template. For workers only: it imports the renderer."""

import re
from base64 import b64decode
from collections.abc import Mapping
from typing import Any

from fidelity.paper import ReportPaper, plan_paper, report_paper
from fidelity.paper.charting import ItemsChart, TotalsChart
from ips_portal import charts, pdf

LOGO = re.compile(r"data:image/(?:png|webp|jpeg);base64,(?P<content>[A-Za-z0-9+/=]+)")


def report_pdf(snapshot: Mapping[str, Any]) -> bytes:
    """The fidelity report of one snapshot, draft or issued."""
    paper = report_paper(snapshot)
    pictures = logo(snapshot)
    if paper.chart is not None:
        pictures["chart"] = draw(paper.chart, accent=paper.head.brand)
    return pdf.render(
        "fidelity/report_pdf.html",
        {"paper": paper, "head": paper.head},
        title=_title(paper),
        pictures=pictures,
    )


def letter_pdf(content: Mapping[str, Any]) -> bytes:
    """Where a team stands; `content` is that of `fidelity.letters.letter_content`."""
    return pdf.render(
        "fidelity/letter_pdf.html",
        {"paper": content, "head": content["state"]},
        title=f"Where {content['team']} stands: {content['agency']}, {content['written_on']}",
        pictures=logo(content),
    )


def visit_pdf(content: Mapping[str, Any]) -> bytes:
    """Agenda, data request or tally of a visit; `content` is that of `fidelity.visit_papers.content_of`."""
    return _of_visit("fidelity/visit_pdf.html", content)


def sheets_pdf(content: Mapping[str, Any]) -> bytes:
    """The items of the scale, to be rated with a pencil."""
    return _of_visit("fidelity/sheets_pdf.html", content)


def _of_visit(template: str, content: Mapping[str, Any]) -> bytes:
    return pdf.render(
        template,
        {"paper": content, "head": content["state"]},
        title=f"{content['title']}: {content['team']}, {content['dates']}",
        pictures=logo(content),
    )


def plan_pdf(payload: Mapping[str, Any]) -> bytes:
    """The action plan; `payload` is {"snapshot": ..., "plan": ...}."""
    paper = plan_paper(payload)
    title = f"{paper.head.title}: {paper.head.team}, {paper.head.dates}"
    return pdf.render(
        "fidelity/plan_pdf.html",
        {"paper": paper, "head": paper.head},
        title=title,
        pictures=logo(payload["snapshot"]),
    )


def draw(chart: TotalsChart | ItemsChart, *, accent: str) -> bytes:
    """The picture as SVG, for paper and for the page of an issued review."""
    if isinstance(chart, TotalsChart):
        return charts.total_trend(
            [charts.TotalPoint(when, total, apart) for when, total, apart in chart.points],
            [charts.Band(label, minimum) for label, minimum in chart.bands],
            lowest=chart.lowest,
            highest=chart.highest,
            title=chart.title,
            description=f"{chart.finding} {chart.numbers}",
            accent=accent,
        )
    groups = [
        (name, [charts.RatedItem(label, rating) for label, rating in items]) for name, items in chart.groups
    ]
    return charts.item_bars(
        groups, steps=5, title=chart.title, description=f"{chart.finding} {chart.numbers}"
    )


def logo(snapshot: Mapping[str, Any]) -> dict[str, bytes]:
    """The state's logo, which the caller put into the snapshot as a data URI of a re-encoded image; empty without."""
    found = LOGO.fullmatch(snapshot["state"].get("logo") or "")
    return {"logo": b64decode(found["content"])} if found else {}


def _title(paper: ReportPaper) -> str:
    return f"{paper.head.title}: {paper.head.team}, {paper.head.dates}"
