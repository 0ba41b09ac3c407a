"""What a paper says in, PDF bytes out. For workers only: it imports the renderer."""

from collections.abc import Mapping
from typing import Any

from fidelity.printing import logo
from ips_portal import pdf

FITS = ("roomy", "close", "tight", "bare")


def plan_pdf(content: Mapping[str, Any]) -> bytes:
    """The table on a landscape page, then what stands behind it; `content` is that of `funding.reports`."""
    return _drawn("funding/plan_pdf.html", content, f"{content['plan']}, {content['version']}")


def handout_pdf(content: Mapping[str, Any]) -> bytes:
    """One letter page, set as roomy as the words allow. Raises RuntimeError where they fit no page at all."""
    for fit in FITS:
        made = _drawn("funding/handout_pdf.html", content, f"Who pays for what at {content['agency']}", fit)
        if pdf.pages(made) == 1:
            return made
    raise RuntimeError("The handout is longer than one page.")


def appendix_pdf(content: Mapping[str, Any]) -> bytes:
    title = f"Appendix to an agreement: {content['plan']}, version {content['number']}"
    return _drawn("funding/appendix_pdf.html", content, title)


def _drawn(template: str, content: Mapping[str, Any], title: str, fit: str = "") -> bytes:
    context = {"paper": content, "head": content["state"], "fit": fit}
    return pdf.render(template, context, title=title, pictures=logo(content))
