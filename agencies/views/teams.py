"""Teams: list, page, open, edit, close, reopen, history."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from agencies.access import TenantRequest, door, find
from agencies.actions import organizations
from agencies.dashboards import agencies_for_teams, team_page, teams_of
from agencies.forms import shown_on
from agencies.forms.organizations import CloseForm, ReasonForm, TeamEditForm, TeamFilter, TeamForm
from agencies.models import Agency, Population, Team
from agencies.permissions import Resource, may, moves_teams
from agencies.seen import mark
from agencies.views.history import history_of
from agencies.views.pages import Crumbs, address, done, form_page, page_of, question
from ips_portal import slots


@door(Resource.TEAM, GET="view")
def team_list(request: TenantRequest, state: str) -> HttpResponse:
    actor, today = request.actor, request.tenant.today()
    names_only = may(actor, "view", Resource.TEAM).names_only
    form = TeamFilter(
        request.GET,
        agencies=Agency.objects.visible_to(actor),
        populations=Population.objects.visible_to(actor),
        noun=request.tenant.terms["agency"],
        names_only=names_only,
    )
    form.is_valid()
    context = {
        "form": form,
        "active": any(form.cleaned_data.values()),
        "page": page_of(request, teams_of(actor, today, form.cleaned_data)),
        "today": today,
        "names_only": names_only,
        "may_add": bool(may(actor, "create", Resource.TEAM)),
    }
    return render(request, "agencies/team_list.html", context)


@door(Resource.TEAM, GET="view")
def team_page_view(request: TenantRequest, state: str, team: str) -> HttpResponse:
    found = find(request, Team.objects.select_related("agency"), slug=team)
    sections, context = slots.filled(slots.team_page, request, found)
    context |= {
        "page": team_page(found, request.actor, request.tenant),
        "team": found,
        "sections": sections,
        "crumbs": _crumbs(request, found),
        "tabs": tabs(request, found, ""),
    }
    return render(request, "agencies/team_page.html", context)


@door(Resource.TEAM, GET="create", POST="create")
def team_new(request: TenantRequest, state: str) -> HttpResponse:
    own = sorted(request.actor.agency_ids)
    start = {"agency": own[0] if len(own) == 1 else request.GET.get("agency"), "stage": Team.Stage.PREPARING}
    form = _form(request, start, chooses_agency=True)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        with shown_on(form):
            team = organizations.open_team(
                data["agency"],
                profile=form.profile,
                partners=data.get("partners", ()),
                populations=data["populations"],
                by=request.actor,
            )
            return done(request, f"{team} is open.", address(request, "agencies:team-page", state, team.slug))
    return form_page(
        request,
        form,
        heading="Add a team",
        label="Add",
        crumbs=_crumbs(request)[:-1],
        cancel_url=address(request, "agencies:team-list", state),
    )


@door(Resource.TEAM, GET="edit", POST="edit")
def team_edit(request: TenantRequest, state: str, team: str) -> HttpResponse:
    found = find(request, Team.objects.select_related("agency"), slug=team)
    start = {
        "seen_as": mark(found),
        "name": found.name,
        "agency": found.agency_id,
        "partners": [link.agency_id for link in found.partners.all()],
        "stage": found.stage,
        "implementation_started_on": found.implementation_started_on,
        "populations": [link.population_id for link in found.populations.all()],
    }
    form = _form(request, start, TeamEditForm, chooses_agency=moves_teams(request.actor))
    back = address(request, "agencies:team-page", state, found.slug)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        with shown_on(form):
            organizations.change_team(
                found,
                profile=form.profile,
                agency=data.get("agency"),
                partners=data.get("partners"),
                populations=data["populations"],
                seen_as=data["seen_as"],
                by=request.actor,
            )
            return done(request, "Saved.", back)
    return form_page(
        request,
        form,
        heading=f"Edit {found}",
        label="Save",
        crumbs=_crumbs(request, found, linked=True),
        cancel_url=back,
    )


@door(Resource.TEAM, GET="lock", POST="lock")
def team_close(request: TenantRequest, state: str, team: str) -> HttpResponse:
    found = find(request, Team.objects.select_related("agency"), slug=team)
    form = CloseForm(request.POST or None, initial={"on": request.tenant.today()})
    back = address(request, "agencies:team-page", state, found.slug)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        with shown_on(form):
            organizations.close_team(found, on=data["on"], reason=data["reason"], by=request.actor)
            return done(request, f"{found} is closed from the day you gave.", back)
    return question(
        request,
        form,
        heading=f"Close {found}",
        warning=f"{found} ends on the day you give. Nothing is deleted.",
        points=[
            "From that day it is on no list of open teams.",
            "Its reviews, reports and plans stay readable for those who see them now.",
            "It can be reopened.",
            *slots.left_unfinished(request, [found]),
        ],
        label="Close it",
        crumbs=_crumbs(request, found, linked=True),
        cancel_url=back,
        danger=True,
    )


@door(Resource.TEAM, GET="reopen", POST="reopen")
def team_reopen(request: TenantRequest, state: str, team: str) -> HttpResponse:
    found = find(request, Team.objects.select_related("agency"), slug=team)
    form = ReasonForm(request.POST or None)
    back = address(request, "agencies:team-page", state, found.slug)
    if request.method == "POST" and form.is_valid():
        with shown_on(form):
            organizations.reopen_team(found, reason=form.cleaned_data["reason"], by=request.actor)
            return done(request, f"{found} is open again.", back)
    return question(
        request,
        form,
        heading=f"Reopen {found}",
        warning=f"{found} is open again at once.",
        label="Reopen it",
        crumbs=_crumbs(request, found, linked=True),
        cancel_url=back,
    )


@door(Resource.TEAM, GET="view")
def team_history(request: TenantRequest, state: str, team: str) -> HttpResponse:
    found = find(request, Team.objects.select_related("agency"), slug=team)
    return history_of(
        request,
        found,
        resource=Resource.TEAM,
        place=found.place,
        heading=str(found),
        crumbs=_crumbs(request, found, linked=True),
        tabs=tabs(request, found, "history"),
    )


def tabs(request: TenantRequest, team: Team, current: str) -> list[dict[str, Any]]:
    if may(request.actor, "view", Resource.TEAM, team.place).names_only:
        return []
    page = address(request, "agencies:team-page", request.tenant.slug, team.slug)
    history = address(request, "agencies:team-history", request.tenant.slug, team.slug)
    return [
        {"label": "Team", "url": page, "current": not current},
        {"label": "History", "url": history, "current": current == "history"},
    ]


def _form(
    request: TenantRequest, start: dict[str, Any], kind: type[TeamForm] = TeamForm, *, chooses_agency: bool
) -> TeamForm:
    """A leader opens teams in the own agency; only roles of the whole state choose freely, and name partners."""
    actor = request.actor
    kept = [start["agency"], *start.get("partners", [])]
    return kind(
        request.POST or None,
        initial=start,
        agencies=agencies_for_teams(
            actor, request.tenant.today(), [pk for pk in kept if str(pk).isdecimal()]
        ),
        populations=Population.objects.visible_to(actor),
        words=request.tenant.terms,
        chooses_agency=chooses_agency,
        chooses_partners=moves_teams(actor),
    )


def _crumbs(request: TenantRequest, team: Team | None = None, *, linked: bool = False) -> Crumbs:
    slug = request.tenant.slug
    top = ("Teams", address(request, "agencies:team-list", slug))
    if not team:
        return [top, ("", "")]
    url = address(request, "agencies:team-page", slug, team.slug) if linked else ""
    return [top, (team.name, url)]
