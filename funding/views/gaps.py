"""What a funding plan tells: where nobody pays, where money ends, what two payers share."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render

from agencies.access import TenantRequest, door
from agencies.permissions import Resource
from funding.coverage import Limits
from funding.dashboards.gaps import found_in
from funding.dashboards.plan import filled_in, read
from funding.finding import find_plan
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
