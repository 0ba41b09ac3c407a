"""What a paper says in, PDF bytes out. For workers only: it imports the renderer and the charts."""

from collections.abc import Mapping
from typing import Any

from ips_portal import pdf
from ips_portal.charts import painting


def quarter_pdf(content: Mapping[str, Any]) -> bytes:
    """The summary of one team's accepted quarter; `content` is that of `outcomes.reports.quarter_content`."""
    return pdf.render(
        "outcomes/quarter_pdf.html",
        {"paper": content, "head": content["state"]},
        title=f"Quarterly summary: {content['team']}, {content['quarter']}",
        pictures={"chart": painting.lines(content["chart"]["picture"])},
    )


def state_quarter_pdf(content: Mapping[str, Any]) -> bytes:
    """The summary of a whole state's quarter; `content` is that of `outcomes.reports.state_content`."""
    chart = content["chart"]
    return pdf.render(
        "outcomes/state_quarter_pdf.html",
        {"paper": content, "head": content["state"]},
        title=f"Statewide quarterly summary: {content['state']['name']}, {content['quarter']}",
        pictures={"chart": painting.lines(chart)} if chart else {},
    )


def brief_pdf(content: Mapping[str, Any]) -> bytes:
    """One letter page, set as roomy as the words allow. Raises RuntimeError where they fit no page at all."""
    for fit in ("roomy", "close", "tight"):
        made = pdf.render(
            "outcomes/brief_pdf.html",
            {"paper": content, "head": content["state"], "fit": fit},
            title=f"Quarterly brief: {content['state']['name']}, {content['quarter']}",
        )
        if pdf.pages(made) == 1:
            return made
    raise RuntimeError("The brief is longer than one page.")


def pack_pdf(content: Mapping[str, Any]) -> bytes:
    """The pack of a supervisors' meeting, a page for each program; `content` is that of `outcomes.packs`."""
    chart = content["chart"]
    return pdf.render(
        "outcomes/pack_pdf.html",
        {"paper": content, "head": content["state"]},
        title=f"Supervisors' meeting: {content['state']['name']}, {content['quarter']}",
        pictures={"chart": painting.lines(chart)} if chart else {},
    )
