"""What a quarter may bring in: a state's own rates times a team's own figures. Nothing is stored."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from agencies.access import TenantRequest, door
from agencies.permissions import Resource
from fidelity.views.pages import kept
from funding.dashboards.figures import OwnFigures, own_figures, teams
from funding.dashboards.money import ESTIMATE, answer, grants, schedules
from funding.finding import enter_register
from funding.forms.money import MoneyForm, filled, first_choice, origins
from funding.views.pages import crumbs, url
from ips_portal.quarters import Quarter


@door(Resource.FUNDING_PLAN, GET="view")
def money(request: TenantRequest, state: str) -> HttpResponse:
    """The address holds the case, so that it can be sent to a colleague."""
    enter_register(request)
    paid, given, offered = schedules(request.actor), grants(request.actor), teams(request.actor)
    now = Quarter.of(request.tenant.today())
    data = request.GET.copy() if "asked" in request.GET else first_choice(request.GET, paid, given, now)
    data.setdefault("first", now.slug)
    team = next((each for each in offered if each.slug == data.get("team")), None)
    own: OwnFigures | None = own_figures(team, request.actor) if team else None
    if own:
        data = filled(data, own, paid)
    form = MoneyForm(data, now=now, teams=offered, schedules=paid, grants=given)
    context: dict[str, Any] = {
        "form": form,
        "estimate": ESTIMATE,
        "team": team,
        "own": own,
        "answer": None,
        "rates_url": url(request, "rate-list"),
        "kept": kept(request),
        "crumbs": [
            *crumbs(request),
            ("What payers pay", url(request, "rate-list")),
            ("What it may come to", ""),
        ],
    }
    if "asked" in request.GET and form.is_valid():
        chosen = [each for each in paid if str(each.key) in form.cleaned_data.get("paid", ())]
        ticked = [grant for key, grant in given.items() if str(key) in form.cleaned_data.get("grants", ())]
        context["answer"] = answer(
            chosen,
            ticked,
            form.figures_for(chosen, given),
            Quarter.parse(form.cleaned_data["first"]),
            origins(form, team, own, paid),
        )
    status = 422 if "asked" in request.GET and form.errors else 200
    return render(request, "funding/money.html", context, status=status)
