"""Outcomes of all programs, as everybody in the state may read them."""

from django.http import HttpResponse
from django.shortcuts import render

from agencies.access import TenantRequest, door
from agencies.permissions import Resource, may
from ips_portal.quarters import Quarter
from ips_portal.spreadsheets import as_csv
from outcomes.dashboards.shared import RATES, SharedPage, newest_told, shared_page, shared_table
from outcomes.views.pages import crumbs_to, url


@door(Resource.SHARED_OUTCOMES, GET="view")
def shared_outcomes(request: TenantRequest, state: str) -> HttpResponse:
    page = asked_for(request)
    here = f"{url(request, 'shared-outcomes')}?measure={page.measure}&quarter="
    context = {
        "page": page,
        "may_export": bool(may(request.actor, "export", Resource.SHARED_OUTCOMES)),
        "older_url": here + (page.quarter - 1).slug,
        "newer_url": here + (page.quarter + 1).slug
        if page.quarter < Quarter.last_ended(request.tenant.today())
        else "",
        "crumbs": crumbs_to(request, "All programs"),
    }
    return render(request, "outcomes/shared_outcomes.html", context)


@door(Resource.SHARED_OUTCOMES, GET="export")
def shared_csv(request: TenantRequest, state: str) -> HttpResponse:
    page = asked_for(request)
    text = as_csv(shared_table(request.tenant, request.actor, page))
    response = HttpResponse(text, content_type="text/csv; charset=utf-8")
    name = f"all-programs-{request.tenant.slug}-{page.quarter.slug}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def asked_for(request: TenantRequest) -> SharedPage:
    """The quarter and the rate of the address; without one, the last quarter that was published."""
    ended = Quarter.last_ended(request.tenant.today())
    try:
        quarter = min(Quarter.parse(request.GET["quarter"]), ended)
    except (KeyError, ValueError):
        newest = newest_told(request.actor)
        quarter = newest.quarter if newest else ended
    measure = request.GET.get("measure", "")
    return shared_page(
        request.tenant, request.actor, quarter, measure if measure in RATES else next(iter(RATES))
    )
