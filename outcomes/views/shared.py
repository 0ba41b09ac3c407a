"""Outcomes of all programs, as everybody in the state may read them."""

from django.http import HttpResponse
from django.shortcuts import render

from agencies.access import TenantRequest, door
from agencies.permissions import Resource, may
from ips_portal.quarters import Quarter
from outcomes.dashboards.awaited import awaited
from outcomes.dashboards.shared import RATES, SharedPage, newest_told, shared_page, shared_table
from outcomes.dashboards.sharing import full_table
from outcomes.models import PublicQuarter
from outcomes.views.exporting import as_file
from outcomes.views.pages import asked_quarter, crumbs_to, url


@door(Resource.SHARED_OUTCOMES, GET="view")
def shared_outcomes(request: TenantRequest, state: str) -> HttpResponse:
    page = asked_for(request)
    decides = bool(may(request.actor, "edit", Resource.POLICY))
    here = f"{url(request, 'shared-outcomes')}?measure={page.measure}&quarter="
    context = {
        "page": page,
        "full": full_table(request.tenant, request.actor, page.publication, page.measure),
        "awaited": None if page.publication else awaited(request.tenant, request.actor, page.quarter),
        "is_public": decides and PublicQuarter.objects.visible_to(request.actor).exists(),
        "may_export": bool(may(request.actor, "export", Resource.SHARED_OUTCOMES)),
        "file_query": f"quarter={page.quarter.slug}&measure={page.measure}",
        "older_url": here + (page.quarter - 1).slug,
        "newer_url": here + (page.quarter + 1).slug
        if page.quarter < Quarter.last_ended(request.tenant.today())
        else "",
        "crumbs": crumbs_to(request, "All programs"),
    }
    return render(request, "outcomes/shared_outcomes.html", context)


@door(Resource.SHARED_OUTCOMES, GET="export")
def shared_file(request: TenantRequest, state: str, file: str) -> HttpResponse:
    page = asked_for(request)
    table = shared_table(request.tenant, request.actor, page)
    return as_file(request, table, file, "all-programs", page.quarter)


def asked_for(request: TenantRequest) -> SharedPage:
    """The quarter and the rate of the address; without one, the last quarter that was published."""
    newest = None if "quarter" in request.GET else newest_told(request.actor)
    quarter = newest.quarter if newest else asked_quarter(request)
    measure = request.GET.get("measure", "")
    return shared_page(
        request.tenant, request.actor, quarter, measure if measure in RATES else next(iter(RATES))
    )
