"""What all pages of a quarter have in common: its name, the way back, and its addresses."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse

from agencies.access import TenantRequest
from agencies.forms import HouseForm
from agencies.permissions import Resource, may, scope_of
from agencies.views.pages import address
from ips_portal.quarters import Quarter
from outcomes.dashboards.listing import QUARTERS_SHOWN, standing
from outcomes.dashboards.trend import LONG, SHORT
from outcomes.goals import MEASURES
from outcomes.in_force import measures_of, policy_of
from outcomes.models import QuarterlyReport


def url(request: TenantRequest, name: str, *more: Any) -> str:
    return address(request, f"outcomes:{name}", request.tenant.slug, *more)


def url_of(request: TenantRequest, name: str, report: QuarterlyReport) -> str:
    return url(request, name, report.team.slug, report.quarter)


def crumbs_to(request: TenantRequest, here: str) -> list[tuple[str, str]]:
    """Rules and definitions are open to people who see no report: those are not led to the list."""
    sees_list = any(scope_of(seat.role, "view", Resource.OUTCOME_SUBMITTED) for seat in request.seats)
    return [*([("Outcomes", url(request, "report-list"))] if sees_list else []), (here, "")]


def asked_quarter(request: TenantRequest, newest: Quarter | None = None) -> Quarter:
    """The quarter the address names, none after the newest; else the last that has ended, as newest is, too."""
    ended = Quarter.last_ended(request.tenant.today())
    try:
        return min(Quarter.parse(request.GET["quarter"]), newest or ended)
    except (KeyError, ValueError):
        return ended


def quarters_shown(request: TenantRequest) -> Sequence[Quarter]:
    """Six quarters, the newest that is open the last, unless the address names another."""
    newest = newest_open(request.tenant.today())
    try:
        last = min(Quarter.parse(request.GET["to"]), newest)
    except (KeyError, ValueError):
        last = newest
    return last.last(QUARTERS_SHOWN)


def newest_open(today: date) -> Quarter:
    now = Quarter.of(today)
    return now if now.is_open(today) else now - 1


def asked_measure(request: TenantRequest) -> tuple[str, int]:
    """Which rate over how many quarters; employment over one year if the address says nothing else."""
    wanted = request.GET.get("measure", "")
    length = LONG if request.GET.get("quarters") == str(LONG) else SHORT
    return (wanted if wanted in MEASURES else "employment"), length


def posted(request: HttpRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def frame(request: TenantRequest, report: QuarterlyReport, here: str = "") -> dict[str, Any]:
    """Crumbs, tabs and status of a page under a report. `here` is empty on the report's own page."""
    own = (f"{report.team}, {report.quarter.months}", url_of(request, "report-page", report) if here else "")
    crumbs = [("Outcomes", url(request, "report-list")), own]
    return {
        "report": report,
        "standing": standing(report, request.tenant.today()),
        "crumbs": [*crumbs, (here, "")] if here else crumbs,
        "tabs": tabs(request, report),
    }


def tabs(request: TenantRequest, report: QuarterlyReport) -> list[dict[str, Any]]:
    found = []
    for label, name in (("Figures", "report-page"), ("History", "report-history")):
        found.append(tab(request, report, label, name))
    if may(request.actor, "view", Resource.OUTCOME_SUBMITTED, replace(report.place, people=frozenset())):
        over_time = url(request, "team-trend", report.team.slug)
        found.insert(1, {"label": "Over time", "url": over_time, "current": False})
    asks = measures_of(policy_of(report.state_id, report.quarter), "agency")
    if asks and may(request.actor, "view", Resource.OUTCOME_DRAFT, report.place):
        found.insert(-1, tab(request, report, f"Whole {request.tenant.terms['agency']}", "agency-figures"))
    return found


def tab(request: TenantRequest, report: QuarterlyReport, label: str, name: str) -> dict[str, Any]:
    plain = reverse(f"outcomes:{name}", args=[request.tenant.slug, report.team.slug, report.quarter])
    return {"label": label, "url": url_of(request, name, report), "current": request.path == plain}


def question(
    request: TenantRequest, report: QuarterlyReport, form: HouseForm, *, heading: str, **shown: object
) -> HttpResponse:
    """Says what will happen before it does."""
    back = url_of(request, "report-page", report)
    context = {"form": form, "title": heading, "cancel_url": back, **shown, **frame(request, report, heading)}
    return render(request, "outcomes/report_confirm.html", context, status=422 if form.errors else 200)
