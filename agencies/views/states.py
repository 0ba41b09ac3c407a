"""A state's own page, its settings, its look, and who can see what."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render

from agencies import logos
from agencies.access import TenantRequest, door, find
from agencies.actions import states
from agencies.forms import HouseForm, shown_on
from agencies.forms.states import (
    LogoForm,
    PopulationForm,
    ProfileForm,
    SecondFactorForm,
    ThemeForm,
    WordsForm,
)
from agencies.models import Population
from agencies.permissions import Place, Resource, Role, may
from agencies.rights import overview, rights_of
from agencies.views.history import history_of
from agencies.views.pages import Crumbs, address, done, form_page, question

PROFILE = ("name", "program_name", "zone", "contact_name", "contact_email")
COLORS = ("brand", "brand_ink", "brand_accent")


@door(Resource.STATE, GET="view")
def state_page(request: TenantRequest, state: str) -> HttpResponse:
    tenant, actor = request.tenant, request.actor
    place = Place(tenant.pk)
    edit = may(actor, "edit", Resource.STATE, place)
    names_only = may(actor, "view", Resource.STATE, place).names_only
    context = {
        "crumbs": _crumbs(request),
        "facts": [
            ("Program", tenant.program_name),
            ("Contact", tenant.contact_name),
            ("Contact's e-mail", tenant.contact_email),
            ("Time zone", tenant.zone_name),
        ],
        "names_only": names_only,
        "populations": [] if names_only else list(Population.objects.visible_to(actor)),
        "may_edit": bool(edit),
        "may_set": bool(edit) and not edit.names_only,
        "tabs": [] if names_only else _tabs(request, ""),
    }
    return render(request, "agencies/state_page.html", context)


@door(Resource.STATE, GET="edit", POST="edit")
def state_edit(request: TenantRequest, state: str) -> HttpResponse:
    tenant = request.tenant
    start = {name: getattr(tenant, name) for name in PROFILE}
    form = ProfileForm(request.POST or None, initial=start, zone=tenant.zone)
    if request.method == "POST" and form.is_valid():
        with shown_on(form):
            states.change_profile(tenant, profile=states.StateProfile(**form.cleaned_data), by=request.actor)
            return _saved(request)
    return _form(request, form, "Name and contact")


@door(Resource.STATE, GET="edit", POST="edit")
def state_words(request: TenantRequest, state: str) -> HttpResponse:
    states.require_settings(request.tenant, request.actor)
    form = WordsForm(request.POST or None, initial=request.tenant.words)
    if request.method == "POST" and form.is_valid():
        with shown_on(form):
            states.change_words(request.tenant, words=form.cleaned_data, by=request.actor)
            return _saved(request)
    lead = "Every page and report uses these words. Leave a field empty to keep the portal's own word."
    return _form(request, form, "The state's own words", lead=lead)


@door(Resource.STATE, GET="edit", POST="edit")
def state_theme(request: TenantRequest, state: str) -> HttpResponse:
    states.require_settings(request.tenant, request.actor)
    form = ThemeForm(request.POST or None, initial={name: getattr(request.tenant, name) for name in COLORS})
    if request.method == "POST" and form.is_valid():
        with shown_on(form):
            states.change_theme(request.tenant, theme=states.Theme(**form.cleaned_data), by=request.actor)
            return _saved(request)
    return _form(
        request, form, "Colors", lead="The contrast is computed, and colors that cannot be read are refused."
    )


@door(Resource.STATE, GET="edit", POST="edit")
def state_logo(request: TenantRequest, state: str) -> HttpResponse:
    states.require_settings(request.tenant, request.actor)
    form = LogoForm(request.POST or None, request.FILES or None)
    if request.method == "POST":
        form = LogoForm(request.POST, request.FILES)
        if form.is_valid():
            with shown_on(form):
                states.change_logo(request.tenant, content=form.cleaned_data["logo"].read(), by=request.actor)
                return _saved(request)
    return _form(
        request,
        form,
        "Logo",
        multipart=True,
        lead="It stands on reports, with the name of the program as its text.",
    )


@door(Resource.STATE, GET="edit", POST="edit")
def state_logo_remove(request: TenantRequest, state: str) -> HttpResponse:
    states.require_settings(request.tenant, request.actor)
    form = HouseForm(request.POST if request.method == "POST" else None)
    back = address(request, "agencies:state-page", state)
    if request.method == "POST" and form.is_valid():
        with shown_on(form):
            states.remove_logo(request.tenant, by=request.actor)
            return _saved(request)
    return question(
        request,
        form,
        heading="Remove the logo",
        warning="New reports carry the name of the program instead. Reports issued before keep their logo.",
        label="Remove it",
        crumbs=_crumbs(request, linked=True),
        cancel_url=back,
    )


@door(Resource.STATE, GET="edit", POST="edit")
def state_sign_in(request: TenantRequest, state: str) -> HttpResponse:
    states.require_settings(request.tenant, request.actor)
    start = {"required": request.tenant.requires_second_factor}
    form = SecondFactorForm(request.POST if request.method == "POST" else None, initial=start)
    if request.method == "POST" and form.is_valid():
        with shown_on(form):
            states.require_second_factor(
                request.tenant, required=form.cleaned_data["required"], by=request.actor
            )
            return _saved(request)
    return _form(request, form, "Sign-in")


@door(Resource.STATE, GET="edit", POST="edit")
def population_list(request: TenantRequest, state: str) -> HttpResponse:
    states.require_settings(request.tenant, request.actor)
    form = PopulationForm(request.POST or None)
    here = address(request, "agencies:population-list", state)
    if request.method == "POST" and form.is_valid():
        with shown_on(form):
            added = states.add_population(request.tenant, name=form.cleaned_data["name"], by=request.actor)
            return done(request, f"{added} is on the list.", here)
    return form_page(
        request,
        form,
        heading="Populations",
        label="Add",
        lead="What teams may be marked as serving.",
        crumbs=_crumbs(request, linked=True),
        cancel_url=address(request, "agencies:state-page", state),
        template="agencies/population_list.html",
        populations=Population.objects.visible_to(request.actor),
    )


@door(Resource.STATE, GET="edit", POST="edit")
def population_remove(request: TenantRequest, state: str, population: int) -> HttpResponse:
    states.require_settings(request.tenant, request.actor)
    found = find(request, Population.objects.select_related("state"), pk=population)
    form = HouseForm(request.POST if request.method == "POST" else None)
    back = address(request, "agencies:population-list", state)
    if request.method == "POST" and form.is_valid():
        with shown_on(form):
            states.remove_population(found, by=request.actor)
            return done(request, f"{found} is off the list.", back)
    return question(
        request,
        form,
        heading=f"Remove {found}",
        warning=f"{found} can no longer be chosen for a team.",
        label="Remove it",
        crumbs=[*_crumbs(request, linked=True), ("Populations", back)],
        cancel_url=back,
    )


@door(Resource.STATE, GET="view")
def state_history(request: TenantRequest, state: str) -> HttpResponse:
    return history_of(
        request,
        request.tenant,
        resource=Resource.STATE,
        place=Place(request.tenant.pk),
        heading=str(request.tenant),
        crumbs=_crumbs(request, linked=True),
        tabs=_tabs(request, "history"),
    )


@door(Resource.STATE, GET="view")
def who_can_see_what(request: TenantRequest, state: str) -> HttpResponse:
    asked = request.GET.get("role", request.actor.role.value)
    here = address(request, "agencies:who-can-see-what", state)
    chosen = next((role for role in Role if role == asked), None)
    context = {
        "chosen": chosen,
        "own": request.actor.role,
        "rights": rights_of(chosen) if chosen else [],
        "overview": overview() if chosen is None else [],
        "roles": _own_first(request.actor.role),
        "here": here,
    }
    return render(request, "agencies/rights.html", context)


@door(Resource.STATE, GET="view")
def theme_css(request: TenantRequest, state: str) -> HttpResponse:
    """Three colors, checked when they were saved. The address carries the version."""
    tenant = request.tenant
    css = f":root{{--brand:{tenant.brand};--brand-ink:{tenant.brand_ink};--brand-accent:{tenant.brand_accent}}}\n"
    kept = {"Cache-Control": "private, max-age=3600"}
    return HttpResponse(css, content_type="text/css; charset=utf-8", headers=kept)


@door(Resource.STATE, GET="view")
def logo(request: TenantRequest, state: str) -> HttpResponse:
    picture = logos.read(request.tenant)
    if picture is None:
        raise Http404
    return HttpResponse(picture, content_type="image/png", headers={"X-Content-Type-Options": "nosniff"})


def _own_first(own: Role) -> list[Role]:
    return sorted(Role, key=lambda role: role is not own)


def _saved(request: TenantRequest) -> HttpResponse:
    return done(request, "Saved.", address(request, "agencies:state-page", request.tenant.slug))


def _form(request: TenantRequest, form: HouseForm, heading: str, **extra: Any) -> HttpResponse:
    return form_page(
        request,
        form,
        heading=heading,
        label="Save",
        crumbs=_crumbs(request, linked=True),
        cancel_url=address(request, "agencies:state-page", request.tenant.slug),
        **extra,
    )


def _crumbs(request: TenantRequest, *, linked: bool = False) -> Crumbs:
    home = (str(request.tenant), address(request, "homes:state-home", request.tenant.slug))
    return [
        home,
        ("About the state", address(request, "agencies:state-page", request.tenant.slug) if linked else ""),
    ]


def _tabs(request: TenantRequest, current: str) -> list[dict[str, Any]]:
    slug = request.tenant.slug
    return [
        {"label": "Settings", "url": address(request, "agencies:state-page", slug), "current": not current},
        {
            "label": "History",
            "url": address(request, "agencies:state-history", slug),
            "current": current == "history",
        },
    ]
