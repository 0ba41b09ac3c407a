"""What one team does that others could do too, and whether others may read it."""

from django.http import HttpResponse
from django.shortcuts import render

from agencies.access import TenantRequest, door
from agencies.forms import shown_on
from agencies.permissions import Resource, may
from agencies.refusals import Unacceptable
from agencies.views.pages import done, wrong_with
from outcomes.actions import meetings as actions
from outcomes.dashboards.agreed import strategies_of
from outcomes.finding import find_strategy, find_team
from outcomes.forms.meetings import ConsentForm, OwnStrategyForm
from outcomes.views.pages import posted, url


@door(Resource.OUTCOME_DRAFT, GET="view", POST="edit")
def strategy_list(request: TenantRequest, state: str, team: str) -> HttpResponse:
    """The team's own, told or not, and the form for one more."""
    found = find_team(request, team)
    form = OwnStrategyForm(posted(request))
    if request.method == "POST" and form.is_valid():
        with shown_on(form):
            actions.add_strategy(
                found,
                measure=form.cleaned_data["measure"],
                text=form.cleaned_data["text"],
                told_on=request.tenant.today(),
                consented=form.cleaned_data["consented"],
                key=form.cleaned_data["key"],
                by=request.actor,
            )
        if form.is_valid():
            return done(request, "Written down.", url(request, "strategy-list", found.slug))
    context = {
        "team": found,
        "strategies": strategies_of(found, request.actor),
        "form": form,
        "may_edit": bool(may(request.actor, "edit", Resource.OUTCOME_DRAFT, found.place)),
        "crumbs": [
            ("Outcomes", url(request, "report-list")),
            (found.name, url(request, "team-trend", found.slug)),
            ("What we do", ""),
        ],
    }
    return render(request, "outcomes/strategy_list.html", context, status=422 if form.errors else 200)


@door(Resource.OUTCOME_DRAFT, POST="edit")
def strategy_consent(request: TenantRequest, state: str, team: str, strategy: int) -> HttpResponse:
    """Gives consent, or withdraws it."""
    found = find_strategy(request, strategy, team=team)
    form = ConsentForm(request.POST)
    if not form.is_valid():
        raise Unacceptable(wrong_with(form))
    agrees = form.cleaned_data["consented"]
    actions.consent(found, consented=agrees, version=form.cleaned_data["version"], by=request.actor)
    text = (
        "Everybody of the state may read it under your name now."
        if agrees
        else "Only you and the state's own people read it now."
    )
    return done(request, text, url(request, "strategy-list", team))
