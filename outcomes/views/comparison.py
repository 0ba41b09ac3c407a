"""The state compared: for its leads exact and whole; for agencies and stakeholders as it is published."""

from django.http import HttpResponse
from django.shortcuts import render

from agencies.access import TenantRequest, door, find
from agencies.models import Team
from agencies.permissions import Resource, may
from ips_portal.quarters import Quarter
from outcomes.dashboards.agreed import told_on
from outcomes.dashboards.charted import fidelity_picture
from outcomes.dashboards.comparison import comparison
from outcomes.dashboards.trend import LONG, SHORT, team_trend
from outcomes.goals import MEASURES
from outcomes.models import StateQuarter
from outcomes.views.pages import crumbs_to, url


@door(Resource.OUTCOME_SUBMITTED, GET="view")
def state_comparison(request: TenantRequest, state: str) -> HttpResponse:
    """Every team of the state beside the state itself."""
    ended = Quarter.last_ended(request.tenant.today())
    try:
        quarter = min(Quarter.parse(request.GET["quarter"]), ended)
    except (KeyError, ValueError):
        quarter = ended
    page = comparison(request.tenant, request.actor, quarter)
    context = {
        "beside_fidelity": fidelity_picture(request.tenant, request.actor, quarter, page.figures)
        if page.leads_state
        else None,
        "period": StateQuarter.objects.visible_to(request.actor).filter(quarter=quarter).first(),
        "may_export": bool(may(request.actor, "export", Resource.OUTCOME_SUBMITTED)),
        "page": page,
        "older_url": f"{url(request, 'state-comparison')}?quarter={(quarter - 1).slug}",
        "newer_url": f"{url(request, 'state-comparison')}?quarter={(quarter + 1).slug}"
        if quarter < ended
        else "",
        "crumbs": crumbs_to(request, "Comparison"),
    }
    return render(request, "outcomes/state_comparison.html", context)


@door(Resource.OUTCOME_SUBMITTED, GET="view")
def team_over_time(request: TenantRequest, state: str, team: str) -> HttpResponse:
    """One team's rate beside the state's, over one year or three."""
    found = find(request, Team.objects.select_related("agency").prefetch_related("partners"), slug=team)
    wanted = request.GET.get("measure", "")
    measure = wanted if wanted in MEASURES else "employment"
    length = LONG if request.GET.get("quarters") == str(LONG) else SHORT
    context = {
        "team": found,
        "page": team_trend(found, request.tenant, request.actor, measure, length),
        "length": length,
        "told": told_on(measure, request.actor),
        "strategies_url": url(request, "strategy-list", found.slug)
        if may(request.actor, "view", Resource.OUTCOME_DRAFT, found.place)
        else "",
        "lengths": ((SHORT, "One year"), (LONG, "Three years")),
        "crumbs": [*crumbs_to(request, "")[:-1], (found.name, "")],
    }
    return render(request, "outcomes/team_trend.html", context)
