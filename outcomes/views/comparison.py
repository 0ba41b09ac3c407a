"""The state compared: for its leads exact and whole; for agencies and stakeholders as it is published."""

from django.http import HttpResponse
from django.shortcuts import render

from agencies.access import TenantRequest, door
from agencies.models.states import Stated, stated
from agencies.permissions import Resource, may
from fidelity.in_force import policy_in, scale_by
from ips_portal.quarters import Quarter
from outcomes.dashboards.agreed import told_on
from outcomes.dashboards.census import COLUMNS, agencies
from outcomes.dashboards.charted import fidelity_pairs, fidelity_picture
from outcomes.dashboards.choosing import FLAGS_SHOWN, chosen_teams, more_rows
from outcomes.dashboards.comparison import Comparison, comparison
from outcomes.dashboards.need import need_met
from outcomes.dashboards.trend import LONG, SHORT, team_trend
from outcomes.finding import find_team
from outcomes.in_force import eligible_in, policy_for
from outcomes.views.pages import asked_measure, asked_quarter, crumbs_to, url


@door(Resource.OUTCOME_SUBMITTED, GET="view")
def state_comparison(request: TenantRequest, state: str) -> HttpResponse:
    """Every team of the state beside the state itself."""
    ended = Quarter.last_ended(request.tenant.today())
    quarter = asked_quarter(request)
    page = comparison(request.tenant, request.actor, quarter)
    policies = stated(request.tenant.pk)
    reached = agencies(policy_for(policies, quarter), request.actor, page)
    chosen = chosen_teams(page, request.GET, of_quarter=True)
    kept = f"&{chosen.choice.query}" if chosen.choice.query else ""
    context = {
        "may_pass_on": page.leads_state and page.completeness.expected,
        "chosen": chosen,
        "flags_shown": FLAGS_SHOWN,
        **(beside_fidelity(request, page, policies) if page.leads_state else {}),
        "need": need_met(
            eligible_in(policies, quarter.ends_on), quarter, page.figures, page.completeness.expected
        )
        if page.leads_state
        else None,
        "agencies": reached,
        "agency_lines": more_rows(reached.lines, request.GET.get("of-agencies", "")) if reached else None,
        "columns": COLUMNS,
        "may_record_need": bool(may(request.actor, "edit", Resource.POLICY)),
        "may_export": bool(may(request.actor, "export", Resource.OUTCOME_SUBMITTED)),
        "page": page,
        "older_url": f"{url(request, 'state-comparison')}?quarter={(quarter - 1).slug}{kept}",
        "newer_url": f"{url(request, 'state-comparison')}?quarter={(quarter + 1).slug}{kept}"
        if quarter < ended
        else "",
        "crumbs": crumbs_to(request, "Comparison"),
    }
    return render(request, "outcomes/state_comparison.html", context)


def beside_fidelity(request: TenantRequest, page: Comparison, policies: Stated) -> dict[str, object]:
    policy = policy_in(policies, page.quarter.ends_on)
    teams = {line.team.pk: line.team for line in page.teams}
    scale = scale_by(policy, request.tenant.pk, page.quarter.ends_on)
    pairs = fidelity_pairs(policy, scale, request.actor, page.quarter, teams, page.figures)
    return {
        "beside_fidelity": fidelity_picture(policy, scale, page.quarter, pairs),
        "fidelity_part": scale.part,
        "pairs": more_rows(pairs, request.GET.get("of-chart", "")),
        "turns_pairs": "of-chart" in request.GET,
    }


@door(Resource.OUTCOME_SUBMITTED, GET="view")
def team_over_time(request: TenantRequest, state: str, team: str) -> HttpResponse:
    """One team's rate beside the state's, over one year or three."""
    found = find_team(request, team)
    measure, length = asked_measure(request)
    context = {
        "team": found,
        "page": team_trend(found, request.tenant, request.actor, measure, length),
        "file_query": f"measure={measure}&quarters={length}",
        "length": length,
        "told": told_on(measure, request.actor),
        "strategies_url": url(request, "strategy-list", found.slug)
        if may(request.actor, "view", Resource.OUTCOME_DRAFT, found.place)
        else "",
        "may_export": bool(may(request.actor, "export", Resource.OUTCOME_SUBMITTED, found.place)),
        "lengths": ((SHORT, "One year"), (LONG, "Three years")),
        "crumbs": [*crumbs_to(request, "")[:-1], (found.name, "")],
    }
    return render(request, "outcomes/team_trend.html", context)
