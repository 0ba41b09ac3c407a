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
