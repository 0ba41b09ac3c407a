"""One paper, drawn by turns as a worker draws it and by WeasyPrint alone; a process of its own, like a worker."""

import json
import os
import sys
import time
from collections.abc import Callable
from io import BytesIO
from statistics import median
from typing import Any
from unittest.mock import patch

from django.db.models import Count
from weasyprint import HTML

from agencies import tenancy
from agencies.models import State
from fidelity.models import ActionPlan
from fidelity.printing import plan_pdf, report_pdf
from fidelity.reports import plan_content
from ips_portal import pdf
from ips_portal.bench.site import STATE

Draw = Callable[[], bytes]


def main() -> None:
    ours = _paper(*sys.argv[1:])
    floor = _floor(ours)
    paper, bare = ours(), floor()  # fonts are found and classes made before anything counts
    times: dict[str, list[float]] = {"ours": [], "floor": []}
    for _ in range(int(os.environ["ROUNDS"])):
        for name, draw in (("ours", ours), ("floor", floor)):
            started = time.perf_counter()
            draw()
            times[name].append((time.perf_counter() - started) * 1000)
    found = {name: median(took) for name, took in times.items()}
    print(json.dumps({**found, "bytes": len(paper), "bare_bytes": len(bare)}))


def _paper(actions: str = "") -> Draw:
    """The report, or the plan of a report made as long as asked for."""
    content = _issued()
    if not actions:
        return lambda: report_pdf(content["snapshot"])
    plan = content["plan"]
    rows = [{**plan["rows"][n % len(plan["rows"])], "position": n + 1} for n in range(int(actions))]
    return lambda: plan_pdf({**content, "plan": {**plan, "rows": rows}})


def _issued() -> dict[str, Any]:
    """What the longest plan of the state and its report say."""
    state = State.objects.get(slug=STATE)
    with tenancy.as_system(state.pk):
        plans = ActionPlan.objects.in_state(state.pk).filter(review__status="issued")
        plan = plans.annotate(length=Count("rows")).order_by("-length", "id")[0]
        return plan_content(plan.pk)


def _floor(ours: Draw) -> Draw:
    """WeasyPrint alone on the very page our paper is drawn from, its charts drawn before."""
    with patch.object(pdf, "draw", wraps=pdf.draw) as drawn:
        ours()
    html, pictures = drawn.call_args.args

    def draw() -> bytes:
        out = BytesIO()
        HTML(string=html, url_fetcher=pdf.Pictures(pictures)).write_pdf(out)
        return out.getvalue()

    return draw
