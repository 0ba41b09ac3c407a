"""One paper, drawn by turns as a worker draws it and by WeasyPrint alone; a process of its own, like a worker."""

import json
import os
import sys
import time
from collections.abc import Callable
from io import BytesIO
from statistics import median
from typing import Any

import django

Draw = Callable[[], bytes]


def main(what: str, actions: str = "") -> None:
    django.setup()
    ours = _report() if what == "report" else _plan(int(actions))
    floor = _floor(ours)
    paper, bare = ours(), floor()  # fonts are found and classes made before anything counts
    times: dict[str, list[float]] = {"ours": [], "floor": []}
    for _ in range(int(os.environ["ROUNDS"])):
        for name, draw in (("ours", ours), ("floor", floor)):
            started = time.perf_counter()
            draw()
            times[name].append((time.perf_counter() - started) * 1000)
    found = {name: median(took) for name, took in times.items()}
    print(json.dumps({**found, "pages": _pages(paper), "bytes": len(paper), "bare_bytes": len(bare)}))


def _report() -> Draw:
    from fidelity.printing import report_pdf

    snapshot, _ = _issued()
    return lambda: report_pdf(snapshot)


def _plan(actions: int) -> Draw:
    from fidelity.printing import plan_pdf

    snapshot, plan = _issued()
    rows = [{**plan["rows"][n % len(plan["rows"])], "position": n + 1} for n in range(actions)]
    payload = {"snapshot": snapshot, "plan": {**plan, "rows": rows}}
    return lambda: plan_pdf(payload)


def _issued() -> tuple[dict[str, Any], dict[str, Any]]:
    """What the longest plan of the state and its report say."""
    from django.db.models import Count

    from agencies import tenancy
    from agencies.models import State
    from fidelity.models import ActionPlan
    from fidelity.reports import plan_content
    from ips_portal.bench.data import STATE

    state = State.objects.get(slug=STATE)
    with tenancy.as_system(state.pk):
        plans = ActionPlan.objects.in_state(state.pk).filter(review__status="issued")
        plan = plans.annotate(length=Count("rows")).order_by("-length", "id")[0]
        content = plan_content(plan.pk)
    return content["snapshot"], content["plan"]


def _floor(ours: Draw) -> Draw:
    """WeasyPrint alone on the very page our paper is drawn from, its charts drawn before."""
    from unittest.mock import patch

    from weasyprint import HTML

    from ips_portal import pdf

    with patch.object(pdf, "draw", wraps=pdf.draw) as drawn:
        ours()
    html, pictures = drawn.call_args.args

    def draw() -> bytes:
        out = BytesIO()
        HTML(string=html, url_fetcher=pdf.Pictures(pictures)).write_pdf(out)
        return out.getvalue()

    return draw


def _pages(paper: bytes) -> int:
    import pikepdf

    with pikepdf.open(BytesIO(paper)) as document:
        return len(document.pages)


if __name__ == "__main__":
    main(*sys.argv[1:])
