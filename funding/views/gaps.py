"""What a funding plan tells: where nobody pays, where money ends; and what would be if money came or went."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render

from agencies.access import TenantRequest, door
from agencies.permissions import Resource
from funding.coverage import Limits
from funding.dashboards.gaps import found_in
from funding.dashboards.plan import filled_in, names_of, read
from funding.dashboards.scenarios import options, outcome, told
from funding.finding import find_plan
from funding.forms.scenarios import ScenarioForm
from funding.views.pages import frame


@door(Resource.FUNDING_PLAN, GET="view")
def plan_gaps(request: TenantRequest, state: str, plan: UUID) -> HttpResponse:
    found = find_plan(request, plan)
    sheet = read(found)
    said, cells = filled_in(sheet)
    context = {
        "phases": found_in(sheet.grid, request.tenant.today(), Limits()),
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
    context = {
        "form": form,
        "active": bool(supposed),
        "told": told(outcome(sheet.grid, supposed, request.tenant.today())) if supposed else [],
        **frame(request, found, "What if"),
    }
    return render(request, "funding/plan_scenario.html", context)
