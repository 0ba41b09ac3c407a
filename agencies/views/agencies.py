"""Agencies: list, page, open, edit, close, reopen, history."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from agencies.access import TenantRequest, door, find
from agencies.actions import organizations
from agencies.dashboards import agencies_of, agency_page, openable
from agencies.forms import shown_on
from agencies.forms.organizations import AgencyEditForm, AgencyFilter, AgencyForm, CloseForm, ReasonForm
from agencies.models import Agency, Team
from agencies.permissions import Resource, may
from agencies.views.history import history_of
from agencies.views.pages import Crumbs, address, done, form_page, page_of, question
from ips_portal import slots


@door(Resource.AGENCY, GET="view")
def agency_list(request: TenantRequest, state: str) -> HttpResponse:
    actor, today = request.actor, request.tenant.today()
    seen = Agency.objects.visible_to(actor)
    regions = seen.exclude(region="").order_by("region").values_list("region", flat=True).distinct()
    form = AgencyFilter(request.GET, regions=list(regions))
    form.is_valid()
    page = page_of(request, agencies_of(actor, today, form.cleaned_data))
    context = {
        "form": form,
        "active": any(form.cleaned_data.values()),
        "page": page,
        "opens": openable(page.object_list, actor),
        "today": today,
        "names_only": may(actor, "view", Resource.AGENCY).names_only,
        "may_add": bool(may(actor, "create", Resource.AGENCY)),
    }
    return render(request, "agencies/agency_list.html", context)


@door(Resource.AGENCY, GET="view")
def agency_page_view(request: TenantRequest, state: str, agency: str) -> HttpResponse:
    found = find(request, Agency.objects.all(), slug=agency)
    page = agency_page(found, request.actor, request.tenant)
    context = {
        "page": page,
        "agency": found,
        "crumbs": _crumbs(request, found),
        "tabs": _tabs(request, found, ""),
    }
    return render(request, "agencies/agency_page.html", context)


@door(Resource.AGENCY, GET="create", POST="create")
def agency_new(request: TenantRequest, state: str) -> HttpResponse:
    form = AgencyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with shown_on(form):
            agency = organizations.open_agency(
                request.tenant, profile=form.whole_profile, contact=form.contact, by=request.actor
            )
            return done(
                request, f"{agency} is open.", address(request, "agencies:agency-page", state, agency.slug)
            )
    return form_page(
        request,
        form,
        heading=f"Add {_article(request.tenant.terms['agency'])}",
        label="Add",
        crumbs=_crumbs(request)[:-1],
        cancel_url=address(request, "agencies:agency-list", state),
    )


@door(Resource.AGENCY, GET="edit", POST="edit")
def agency_edit(request: TenantRequest, state: str, agency: str) -> HttpResponse:
    found = find(request, Agency.objects.all(), slug=agency)
    contact_only = may(request.actor, "edit", Resource.AGENCY, found.place).names_only
    start = AgencyEditForm.start(found)
    form = AgencyEditForm(request.POST or None, initial=start, contact_only=contact_only)
    back = address(request, "agencies:agency-page", state, found.slug)
    if request.method == "POST" and form.is_valid():
        with shown_on(form):
            organizations.change_agency(
                found,
                profile=form.profile,
                contact=form.contact,
                seen_as=form.cleaned_data["seen_as"],
                by=request.actor,
            )
            return done(request, "Saved.", back)
    lead = (
        "Name, code and region are kept by the state. You keep the contact up to date."
        if contact_only
        else ""
    )
    return form_page(
        request,
        form,
        heading=f"Edit {found}",
        label="Save",
        crumbs=_crumbs(request, found, linked=True),
        cancel_url=back,
        lead=lead,
    )


@door(Resource.AGENCY, GET="lock", POST="lock")
def agency_close(request: TenantRequest, state: str, agency: str) -> HttpResponse:
    found = find(request, Agency.objects.all(), slug=agency)
    today = request.tenant.today()
    teams = list(Team.objects.visible_to(request.actor).filter(agency=found).open_on(today))
    form = CloseForm(request.POST or None, initial={"on": today}, open_teams=len(teams))
    back = address(request, "agencies:agency-page", state, found.slug)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        with shown_on(form):
            organizations.close_agency(
                found,
                on=data["on"],
                with_teams=data.get("with_teams", False),
                reason=data["reason"],
                by=request.actor,
            )
            return done(request, f"{found} is closed from the day you gave.", back)
    points = ["From that day it is on no list of open ones.", "Its past stays readable; it can be reopened."]
    if teams:
        points.insert(0, f"Open teams: {', '.join(team.name for team in teams)}.")
        points += slots.left_unfinished(request, teams)
    return question(
        request,
        form,
        heading=f"Close {found}",
        warning=f"{found} ends on the day you give. Nothing is deleted.",
        points=points,
        label="Close it",
        crumbs=_crumbs(request, found, linked=True),
        cancel_url=back,
        danger=True,
    )


@door(Resource.AGENCY, GET="reopen", POST="reopen")
def agency_reopen(request: TenantRequest, state: str, agency: str) -> HttpResponse:
    found = find(request, Agency.objects.all(), slug=agency)
    form = ReasonForm(request.POST or None)
    back = address(request, "agencies:agency-page", state, found.slug)
    if request.method == "POST" and form.is_valid():
        with shown_on(form):
            organizations.reopen_agency(found, reason=form.cleaned_data["reason"], by=request.actor)
            return done(request, f"{found} is open again.", back)
    return question(
        request,
        form,
        heading=f"Reopen {found}",
        warning=f"{found} is open again at once. Its teams stay closed until each is reopened.",
        label="Reopen it",
        crumbs=_crumbs(request, found, linked=True),
        cancel_url=back,
    )


@door(Resource.AGENCY, GET="view")
def agency_history(request: TenantRequest, state: str, agency: str) -> HttpResponse:
    found = find(request, Agency.objects.all(), slug=agency)
    return history_of(
        request,
        found,
        resource=Resource.AGENCY,
        place=found.place,
        heading=str(found),
        crumbs=_crumbs(request, found, linked=True),
        tabs=_tabs(request, found, "history"),
    )


def _crumbs(request: TenantRequest, agency: Agency | None = None, *, linked: bool = False) -> Crumbs:
    slug = request.tenant.slug
    top = (request.tenant.terms["agencies"].capitalize(), address(request, "agencies:agency-list", slug))
    if not agency:
        return [top, ("", "")]
    url = address(request, "agencies:agency-page", slug, agency.slug) if linked else ""
    return [top, (agency.name, url)]


def _tabs(request: TenantRequest, agency: Agency, current: str) -> list[dict[str, Any]]:
    if may(request.actor, "view", Resource.AGENCY, agency.place).names_only:
        return []
    page = address(request, "agencies:agency-page", request.tenant.slug, agency.slug)
    history = address(request, "agencies:agency-history", request.tenant.slug, agency.slug)
    return [
        {"label": "Profile", "url": page, "current": not current},
        {"label": "History", "url": history, "current": current == "history"},
    ]


def _article(noun: str) -> str:
    return f"{'an' if noun[:1].lower() in 'aeiou' else 'a'} {noun}"
