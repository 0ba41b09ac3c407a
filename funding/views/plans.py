"""Funding plans of a state: their list, a new one, the table of one, its rows and columns, its history."""

from uuid import UUID

from django.db.models import F, Q
from django.http import HttpResponse
from django.shortcuts import render

from agencies import audit
from agencies.access import TenantRequest, door
from agencies.forms import HouseForm, shown_on
from agencies.models import Agency, Payer
from agencies.permissions import Resource, Scope, may, scope_of
from agencies.views.pages import done, form_page, page_of, pressed, question
from fidelity.views.pages import kept, posted
from funding.actions import plans
from funding.dashboards.plan import asked_cells, filled_in, fills, hands_out, lays_out, outline, prints, table
from funding.finding import find_column, find_element, find_plan
from funding.forms.plans import PlanForm, ServiceForm, SourceForm
from funding.models import FundingPlan, FundingSource, PlanColumn, PlanElement
from funding.models.register import register_of
from funding.services import shipped
from funding.views.pages import crumbs, frame, url

PLAN = Resource.FUNDING_PLAN


@door(PLAN, GET="view")
def plan_list(request: TenantRequest, state: str) -> HttpResponse:
    rows = FundingPlan.objects.visible_to(request.actor).select_related("agency", "begun_by")
    found = list(rows.order_by(F("closed_at").asc(nulls_first=True), "pk"))
    for plan in found:
        plan.state = request.tenant
    whole = register_of(request.tenant.pk)
    context = {
        "plans": found,
        "register_url": url(request, "register-list") if may(request.actor, "view", PLAN, whole) else "",
        "new_url": url(request, "plan-new") if may(request.actor, "create", PLAN) else "",
        "kept": kept(request),
        "crumbs": [("Funding", "")],
    }
    return render(request, "funding/plan_list.html", context)


@door(PLAN, GET="create", POST="create")
def plan_new(request: TenantRequest, state: str) -> HttpResponse:
    actor, tenant = request.actor, request.tenant
    own = scope_of(actor.role, "create", PLAN) is Scope.AGENCY
    agencies = Agency.objects.in_state(tenant.pk).filter(ended_on=None)
    plans_here = FundingPlan.objects.visible_to(actor).open().select_related("agency", "state")
    form = PlanForm(
        posted(request),
        agencies=agencies.filter(pk__in=actor.agency_ids) if own else agencies,
        plans=plans_here,
        own=own,
        noun=tenant.terms["agency"],
    )
    if request.method == "POST" and form.is_valid():
        with shown_on(form):
            plan = plans.begin(tenant, **form.cleaned_data, by=actor)
            name = "plan-page" if form.cleaned_data["like"] else "plan-layout"
            words = "Begun. Add the payers next, each with who fills in its column."
            return done(
                request, words if name == "plan-layout" else "Begun.", url(request, name, plan.public_id)
            )
    return form_page(
        request,
        form,
        heading="Begin a funding plan",
        label="Begin",
        crumbs=crumbs(request),
        cancel_url=url(request, "plan-list"),
        lead="One for the whole state, and one more where a region or an agency is paid differently.",
    )


@door(PLAN, GET="view")
def plan_page(request: TenantRequest, state: str, plan: UUID) -> HttpResponse:
    found = find_plan(request, plan)
    plan_now = outline(found)
    said, cells = filled_in(plan_now.grid)
    context = {
        "prints": prints(found, request.actor),
        "hands_out": hands_out(request.actor),
        "table": table(plan_now.grid, asked=asked_cells(found), links=True, kept=kept(request)),
        "said": said,
        "cells": cells,
        "own": [column for column in plan_now.columns if fills(column, request.actor)],
        "lays_out": lays_out(found, request.actor),
        "may_export": bool(may(request.actor, "export", PLAN, found.place)),
        **frame(request, found),
    }
    return render(request, "funding/plan_page.html", context)


@door(PLAN, GET="view")
def plan_history(request: TenantRequest, state: str, plan: UUID) -> HttpResponse:
    found = find_plan(request, plan)
    rows = page_of(request, audit.changes_of(found).filter(state_id=request.tenant.pk))
    context = {"heading": str(found), "page": rows, "entries": audit.sentences(rows.object_list)}
    return render(request, "agencies/history.html", context | frame(request, found, "History"))


@door(PLAN, GET="create")
def plan_layout(request: TenantRequest, state: str, plan: UUID) -> HttpResponse:
    found = find_plan(request, plan)
    names = {phase.key: phase.name for phase in shipped().phases}
    elements = list(PlanElement.objects.filter(plan=found))
    context = {
        "phases": [(name, [row for row in elements if row.phase == key]) for key, name in names.items()],
        "columns": list(
            PlanColumn.objects.filter(plan=found)
            .select_related("body", "comes_from")
            .order_by("payer", "position")
        ),
        **frame(request, found, "Services and payers"),
    }
    return render(request, "funding/plan_layout.html", context)


@door(PLAN, GET="create", POST="create")
def plan_close(request: TenantRequest, state: str, plan: UUID) -> HttpResponse:
    found = find_plan(request, plan)
    plans.check_open(found)
    if request.method == "POST":
        pressed(request)
        plans.close(found, by=request.actor)
        return done(request, "Closed. It stays readable among the closed ones.", url(request, "plan-list"))
    return question(
        request,
        HouseForm(),
        heading="Close this funding plan",
        warning="Nothing of it can be changed or signed any more. It stays readable, with its history.",
        label="Close it",
        crumbs=crumbs(request, found),
        cancel_url=url(request, "plan-layout", found.public_id),
        danger=True,
    )


@door(PLAN, GET="create", POST="create")
def service_new(request: TenantRequest, state: str, plan: UUID) -> HttpResponse:
    return _service(request, find_plan(request, plan))


@door(PLAN, GET="create", POST="create")
def service_edit(request: TenantRequest, state: str, plan: UUID, element: int) -> HttpResponse:
    row = find_element(request, plan, element)
    return _service(request, row.plan, row)


def _service(request: TenantRequest, plan: FundingPlan, row: PlanElement | None = None) -> HttpResponse:
    names = ServiceForm.base_fields
    form = ServiceForm(posted(request), initial={name: getattr(row, name) for name in names} if row else {})
    if request.method == "POST" and form.is_valid():
        with shown_on(form):
            plans.save_element(plan, form.service, element=row, by=request.actor)
            return done(request, "Saved.", url(request, "plan-layout", plan.public_id))
    return _edited(request, plan, form, "Change a service" if row else "Add a service", row, "service")


@door(PLAN, GET="create", POST="create")
def source_new(request: TenantRequest, state: str, plan: UUID) -> HttpResponse:
    return _source(request, find_plan(request, plan))


@door(PLAN, GET="create", POST="create")
def source_edit(request: TenantRequest, state: str, plan: UUID, column: int) -> HttpResponse:
    row = find_column(request, plan, column)
    return _source(request, row.plan, row)


def _source(request: TenantRequest, plan: FundingPlan, row: PlanColumn | None = None) -> HttpResponse:
    payers = Payer.objects.in_state(request.tenant.pk)
    names = SourceForm.base_fields
    initial = {name: getattr(row, name) for name in names} if row else {}
    named = Q(removed_at=None) | Q(pk=row.comes_from_id if row else None)
    sources = FundingSource.objects.in_state(request.tenant.pk).filter(named)
    form = SourceForm(posted(request), payers=payers, sources=sources, initial=initial)
    if request.method == "POST" and form.is_valid():
        with shown_on(form):
            plans.save_column(plan, form.source, column=row, by=request.actor)
            return done(request, "Saved.", url(request, "plan-layout", plan.public_id))
    return _edited(
        request, plan, form, "Change a payer's column" if row else "Add a payer's column", row, "source"
    )


def _edited(
    request: TenantRequest,
    plan: FundingPlan,
    form: HouseForm,
    heading: str,
    row: PlanElement | PlanColumn | None,
    noun: str,
) -> HttpResponse:
    here = url(request, "plan-layout", plan.public_id)
    args = (plan.public_id, row.pk) if row else ()
    return form_page(
        request,
        form,
        heading=heading,
        label="Save" if row else "Add",
        crumbs=crumbs(request, plan, ("Services and payers", here)),
        cancel_url=here,
        template="funding/part_edit.html",
        row=row,
        out_url=url(request, f"{noun}-out", *args) if row else "",
        payers=shipped().payers if noun == "source" else (),
    )


@door(PLAN, POST="create")
def service_out(request: TenantRequest, state: str, plan: UUID, element: int) -> HttpResponse:
    return _out(request, find_element(request, plan, element))


@door(PLAN, POST="create")
def source_out(request: TenantRequest, state: str, plan: UUID, column: int) -> HttpResponse:
    return _out(request, find_column(request, plan, column))


def _out(request: TenantRequest, row: PlanElement | PlanColumn) -> HttpResponse:
    """Out of the plan, or back into it."""
    pressed(request)
    if row.removed_at:
        plans.bring_back(row, by=request.actor)
        words = "Brought back, with what was said of it."
    else:
        plans.take_out(row, by=request.actor)
        words = "Taken out of the plan. What was said of it is kept, and it can be brought back here."
    return done(request, words, url(request, "plan-layout", row.plan.public_id))
