"""The state compared: for its leads exact and whole; for agencies and stakeholders as it is published."""

from django.http import HttpResponse
from django.shortcuts import render

from agencies.access import TenantRequest, door
from agencies.permissions import Resource, may
from ips_portal.quarters import Quarter
from outcomes.dashboards.comparison import comparison
from outcomes.views.pages import crumbs_to, url


@door(Resource.OUTCOME_SUBMITTED, GET="view")
def state_comparison(request: TenantRequest, state: str) -> HttpResponse:
    """Every team of the state beside the state itself."""
    ended = Quarter.last_ended(request.tenant.today())
    try:
        quarter = min(Quarter.parse(request.GET["quarter"]), ended)
    except (KeyError, ValueError):
        quarter = ended
    context = {
        "may_export": bool(may(request.actor, "export", Resource.OUTCOME_SUBMITTED)),
        "page": comparison(request.tenant, request.actor, quarter),
        "older_url": f"{url(request, 'state-comparison')}?quarter={(quarter - 1).slug}",
        "newer_url": f"{url(request, 'state-comparison')}?quarter={(quarter + 1).slug}"
        if quarter < ended
        else "",
        "crumbs": crumbs_to(request, "Comparison"),
    }
    return render(request, "outcomes/state_comparison.html", context)
