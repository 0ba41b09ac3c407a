"""The register of funding sources of a state: their list, one with the plans that name it, its form and its end."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse, QueryDict
from django.shortcuts import render

from agencies import audit
from agencies.access import TenantRequest, door
from agencies.forms import HouseForm, shown_on, undone_by
from agencies.models import Payer
from agencies.permissions import Resource, may
from agencies.refusals import Refusal, StaleVersion, WrongStatus
from agencies.tenancy import TenantQuerySet
from agencies.views.pages import Crumbs, done, form_page, page_of, pressed, question
from fidelity.views.pages import kept, posted
from funding.actions import register
from funding.dashboards import register as dashboard
from funding.finding import enter_register, find_source
from funding.forms.register import RegisterFilter, RegisterForm, stored
from funding.models import FundingSource
from funding.models.register import register_of
from funding.views.pages import crumbs, url
from ips_portal.downloads import as_file

PLAN = Resource.FUNDING_PLAN
REGISTER = "Register of funding sources"


@door(PLAN, GET="view")
def register_list(request: TenantRequest, state: str) -> HttpResponse:
    enter_register(request)
    whole = register_of(request.tenant.pk)
    chosen, found = _narrowed(request)
    page = page_of(request, found)
    context = {
        "page": page,
        "lines": dashboard.lines(page.object_list, request.actor, request.tenant.today()),
        "known": dashboard.known(found),
        "filter": chosen,
        "new_url": url(request, "register-new") if may(request.actor, "create", PLAN, whole) else "",
        "may_export": bool(may(request.actor, "export", PLAN, whole)),
        "query": request.GET.urlencode(),
        "kept": kept(request),
        "crumbs": [*crumbs(request), (REGISTER, "")],
    }
    return render(request, "funding/register_list.html", context)


@door(PLAN, GET="export")
def register_file(request: TenantRequest, state: str, file: str) -> HttpResponse:
    enter_register(request)
    tenant = request.tenant
    chosen, found = _narrowed(request)
    table = dashboard.register_table(found, chosen.said, tenant, request.actor, tenant.now())
    return as_file(table, file, f"funding-sources-{state}")


def _narrowed(request: TenantRequest) -> tuple[RegisterFilter, TenantQuerySet]:
    chosen, rows = RegisterFilter(request.GET), dashboard.listed(request.actor)
    return chosen, chosen.narrow(rows, request.tenant.today())


@door(PLAN, GET="create", POST="create")
def register_new(request: TenantRequest, state: str) -> HttpResponse:
    enter_register(request)
    form = _form(request, posted(request))
    if request.method == "POST" and form.is_valid():
        with shown_on(form):
            made = register.add(request.tenant, form.entry(), by=request.actor)
            words = "Added. Name it in a funding plan, at the column its money pays for."
            return done(request, words, url(request, "register-page", made.public_id))
    return form_page(
        request,
        form,
        heading="Add a funding source",
        label="Add",
        crumbs=_crumbs(request),
        cancel_url=url(request, "register-list"),
        lead="Money that pays for IPS: what it is, from when to when, how much, and whom to ask.",
    )


@door(PLAN, GET="view")
def register_page(request: TenantRequest, state: str, source: UUID) -> HttpResponse:
    found = find_source(request, source)
    chip, word = dashboard.standing(found, request.tenant.today())
    context = {
        "source": found,
        "chip": chip,
        "word": word,
        "facts": dashboard.facts(found),
        "columns": dashboard.named_by(found, request.actor),
        "may_edit": bool(may(request.actor, "edit", PLAN, found.place)),
        **_frame(request, found),
    }
    return render(request, "funding/register_page.html", context)


@door(PLAN, GET="view")
def register_history(request: TenantRequest, state: str, source: UUID) -> HttpResponse:
    found = find_source(request, source)
    rows = page_of(request, audit.changes_of(found).filter(state_id=request.tenant.pk))
    context = {"heading": found.name, "page": rows, "entries": audit.sentences(rows.object_list)}
    return render(request, "agencies/history.html", context | _frame(request, found, "History"))


@door(PLAN, GET="edit", POST="edit")
def register_edit(request: TenantRequest, state: str, source: UUID) -> HttpResponse:
    """Where somebody was faster, what stands now is shown above what was typed."""
    found = find_source(request, source)
    if request.method != "POST":
        register.check_listed(found)
    form = _form(request, posted(request), found)
    refusal: Refusal | None = None
    if request.method == "POST" and form.is_valid():
        with undone_by(StaleVersion, WrongStatus) as undone, shown_on(form):
            version = form.cleaned_data["version"]
            register.change(found, form.entry(found), version=version, by=request.actor)
        refusal = undone.refusal
        if refusal:
            found = find_source(request, source)
            again: QueryDict = request.POST.copy()
            again["version"] = str(found.version)
            form = _form(request, again, found)
        elif form.is_valid():
            return done(request, "Saved.", url(request, "register-page", source))
    return form_page(
        request,
        form,
        heading="Change a funding source",
        label="Save",
        crumbs=_crumbs(request, found),
        cancel_url=url(request, "register-page", source),
        template="funding/register_edit.html",
        refusal=refusal,
        source=found,
        facts=dashboard.facts(found) + dashboard.contact(found) if refusal else [],
    )


@door(PLAN, GET="edit", POST="edit")
def register_off(request: TenantRequest, state: str, source: UUID) -> HttpResponse:
    found = find_source(request, source)
    register.check_listed(found)
    if request.method == "POST":
        pressed(request)
        register.take_off(found, by=request.actor)
        words = "Taken off the register. It is kept, and it can be brought back here."
        return done(request, words, url(request, "register-page", source))
    named = dashboard.plans_naming(found, request.actor)
    return question(
        request,
        HouseForm(),
        heading="Take this funding source off the register",
        warning=f"{found.name} is no longer offered to plans, nor counted. It is kept and can be brought back.",
        points=[f"{plan} goes on naming it until somebody changes that there." for plan in named],
        label="Take it off",
        crumbs=_crumbs(request, found),
        cancel_url=url(request, "register-page", source),
    )


@door(PLAN, POST="edit")
def register_back(request: TenantRequest, state: str, source: UUID) -> HttpResponse:
    found = find_source(request, source)
    pressed(request)
    register.bring_back(found, by=request.actor)
    return done(request, "Brought back, as it was.", url(request, "register-page", source))


def _form(
    request: TenantRequest, data: QueryDict | None, source: FundingSource | None = None
) -> RegisterForm:
    return RegisterForm(
        data,
        payers=Payer.objects.in_state(request.tenant.pk),
        gives_away=bool(may(request.actor, "create", PLAN, register_of(request.tenant.pk))),
        is_new=source is None,
        initial=stored(source) | {"version": source.version} if source else {},
    )


def _crumbs(request: TenantRequest, source: FundingSource | None = None) -> Crumbs:
    own = [(source.name, url(request, "register-page", source.public_id))] if source else []
    return [*crumbs(request), (REGISTER, url(request, "register-list")), *own]


def _frame(request: TenantRequest, source: FundingSource, here: str = "") -> dict[str, Any]:
    """`here` is empty on the source's own page."""
    pages = [("Funding source", "register-page"), ("History", "register-history")]
    tabs = [
        {
            "label": label,
            "url": url(request, name, source.public_id),
            "current": label == (here or pages[0][0]),
        }
        for label, name in pages
    ]
    last = [(here, "")] if here else []
    own = (source.name, url(request, "register-page", source.public_id) if here else "")
    return {"crumbs": [*_crumbs(request), own, *last], "tabs": tabs, "kept": kept(request)}
