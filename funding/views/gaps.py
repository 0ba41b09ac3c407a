"""What a funding plan tells: where nobody pays, where money ends; and what would be if money came or went."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render

from agencies.access import TenantRequest, door
from agencies.permissions import Resource
from funding.dashboards.gaps import found_in
from funding.dashboards.plan import filled_in, names_of, read
from funding.dashboards.scenarios import options, outcome, told
from funding.finding import find_plan
from funding.forms.scenarios import ScenarioForm
from funding.in_force import stated_on
from funding.views.pages import frame


@door(Resource.FUNDING_PLAN, GET="view")
def plan_gaps(request: TenantRequest, state: str, plan: UUID) -> HttpResponse:
    found = find_plan(request, plan)
    sheet = read(found)
    said, cells = filled_in(sheet.grid)
    today = request.tenant.today()
    limits = stated_on(request.tenant.pk, today).limits
    context = {
        "phases": found_in(sheet.grid, today, limits),
        "said": said,
        "cells": cells,
        **frame(request, found, "Gaps"),
    }
    return render(request, "funding/plan_gaps.html", context)


@door(Resource.FUNDING_PLAN, GET="view")
def plan_scenario(request: TenantRequest, state: str, plan: UUID) -> HttpResponse:
    """Nothing is stored: the address holds what is supposed, so that it can be sent to a colleague."""
    found = find_plan(request, plan)
    sheet = read(found)
    choices = {column.key: options(sheet.grid, column) for column in sheet.grid.columns}
    form = ScenarioForm(request.GET, names=names_of(sheet.grid), choices=choices)
    supposed = form.supposed if form.is_valid() else {}
    today = request.tenant.today()
    limits = stated_on(request.tenant.pk, today).limits
    context = {
        "form": form,
        "active": bool(supposed),
        "told": told(outcome(sheet.grid, supposed, today, limits)) if supposed else [],
        **frame(request, found, "What if"),
    }
    return render(request, "funding/plan_scenario.html", context)
