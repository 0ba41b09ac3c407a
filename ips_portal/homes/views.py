from django.http import HttpResponse
from django.shortcuts import render

from agencies.access import TenantRequest, door
from agencies.models.states import stated
from agencies.permissions import Resource, Role, may
from ips_portal.homes.dashboards import state_home as home_of
from ips_portal.homes.frame import also_here
from ips_portal.quarters import Quarter
from outcomes.dashboards.choosing import FLAGS_SHOWN, chosen_teams
from outcomes.dashboards.comparison import comparison
from outcomes.dashboards.need import need_met
from outcomes.in_force import eligible_in

LIAISONS = (
    Role.VR_LIAISON,
    Role.MH_LIAISON,
    Role.DEPARTMENT_LIAISON,
)  # they read; their first page is the state


@door(Resource.STATE, GET="view")
def state_home(request: TenantRequest, state: str) -> HttpResponse:
    policies = stated(request.tenant.pk)
    context: dict[str, object] = {
        "home": home_of(request.tenant, request.actor, policies),
        "places": also_here(request.tenant, request.actor),
    }
    if request.actor.role in LIAISONS:
        quarter = Quarter.last_ended(request.tenant.today())
        page = comparison(request.tenant, request.actor, quarter)
        context["page"], context["flags_shown"] = page, FLAGS_SHOWN
        eligible = eligible_in(policies, quarter.ends_on)
        context["need"] = need_met(eligible, quarter, page.figures, page.completeness.expected)
        context["chosen"] = chosen_teams(page, request.GET, of_quarter=False)
        context["may_export"] = bool(may(request.actor, "export", Resource.OUTCOME_SUBMITTED))
    return render(request, "homes/state_home.html", context)
