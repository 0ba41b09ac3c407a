"""What all pages of a funding plan have in common: addresses, the way back, tabs."""

from typing import Any

from django.urls import reverse

from agencies.access import TenantRequest
from agencies.views.pages import Crumbs, address
from fidelity.views.pages import kept
from funding.dashboards.plan import lays_out
from funding.models import FundingPlan


def url(request: TenantRequest, name: str, *more: Any) -> str:
    return address(request, f"funding:{name}", request.tenant.slug, *more)


def crumbs(request: TenantRequest, plan: FundingPlan | None = None, *last: tuple[str, str]) -> Crumbs:
    own = [(str(plan), url(request, "plan-page", plan.public_id))] if plan else []
    return [("Funding", url(request, "plan-list")), *own, *last]


def frame(request: TenantRequest, plan: FundingPlan, here: str = "") -> dict[str, Any]:
    """`here` is empty on the plan's own page."""
    found = crumbs(request, plan, (here, "")) if here else [*crumbs(request), (str(plan), "")]
    return {"plan": plan, "crumbs": found, "tabs": tabs(request, plan), "kept": kept(request)}


def tabs(request: TenantRequest, plan: FundingPlan) -> list[dict[str, Any]]:
    pages = [
        ("Plan", "plan-page"),
        ("Gaps", "plan-gaps"),
        ("What if", "plan-scenario"),
        ("Versions and signatures", "version-list"),
    ]
    if lays_out(plan, request.actor):
        pages.append(("Services and payers", "plan-layout"))
    pages.append(("History", "plan-history"))
    found = []
    for label, name in pages:
        plain = reverse(f"funding:{name}", args=[request.tenant.slug, plan.public_id])
        here = request.path == plain or (name != "plan-page" and request.path.startswith(plain))
        found.append({"label": label, "url": f"{plain}{kept(request)}", "current": here})
    return found
