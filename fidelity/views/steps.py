"""The steps of all plans one may see: on a page, and as a file."""

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render

from agencies.access import TenantRequest, door
from agencies.permissions import Resource, may
from agencies.views.pages import page_of
from fidelity.dashboards import steps as dashboard
from fidelity.forms.listing import StepFilter
from fidelity.in_force import scale_in, scale_version_on
from fidelity.models import PlanRow
from fidelity.views.pages import kept, url
from ips_portal.downloads import as_file


@door(Resource.ACTION_PLAN, GET="view")
def step_list(request: TenantRequest, state: str) -> HttpResponse:
    chosen, found = _narrowed(request)
    page, today = page_of(request, found), request.tenant.today()
    words = request.tenant.terms["reviews"]
    context = {
        "page": page,
        "lines": dashboard.lines(page.object_list, today),
        "filter": chosen,
        "may_export": bool(may(request.actor, "export", Resource.ACTION_PLAN)),
        "query": request.GET.urlencode(),
        "kept": kept(request),
        "crumbs": [
            (words[:1].upper() + words[1:], url(request, "review-list")),
            ("Steps of action plans", ""),
        ],
    }
    return render(request, "fidelity/step_list.html", context)


@door(Resource.ACTION_PLAN, GET="export")
def step_file(request: TenantRequest, state: str, file: str) -> HttpResponse:
    _, found = _narrowed(request)
    tenant = request.tenant
    rows = dashboard.lines(found, tenant.today())
    return as_file(dashboard.step_table(rows, tenant, request.actor, tenant.now()), file, f"steps-{state}")


def _narrowed(request: TenantRequest) -> tuple[StepFilter, QuerySet[PlanRow]]:
    today, teams = request.tenant.today(), dashboard.teams_of(request.actor)
    form = StepFilter(
        request.GET,
        teams=teams,
        agencies=dashboard.agencies_of(teams),
        scale=scale_in(scale_version_on(request.tenant.pk, today)),
        agency_word=request.tenant.terms["agency"],
    )
    return form, form.narrow(dashboard.listed(request.actor), today)
