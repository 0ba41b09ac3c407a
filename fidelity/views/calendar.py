"""What the coming months bring for the teams one may see: on a page, and as a file."""

from django.http import HttpResponse
from django.shortcuts import render

from agencies.access import TenantRequest, door
from agencies.permissions import Resource, may
from fidelity.dashboards import calendar as dashboard
from fidelity.forms.calendar import CalendarFilter
from fidelity.views.pages import kept, url
from ips_portal.downloads import as_file


@door(Resource.STANDING, GET="view")
def calendar_page(request: TenantRequest, state: str) -> HttpResponse:
    chosen, found = _narrowed(request)
    words = request.tenant.terms["reviews"]
    months = [
        (month, [(entry, url(request, entry.page, entry.key)) for entry in month.entries])
        for month in dashboard.by_month(found)
    ]
    context = {
        "months": months,
        "filter": chosen,
        "may_export": bool(may(request.actor, "export", Resource.STANDING)),
        "query": request.GET.urlencode(),
        "kept": kept(request),
        "crumbs": [(words[:1].upper() + words[1:], url(request, "review-list")), ("Calendar", "")],
    }
    return render(request, "fidelity/calendar_page.html", context)


@door(Resource.STANDING, GET="export")
def calendar_file(request: TenantRequest, state: str, file: str) -> HttpResponse:
    _, found = _narrowed(request)
    table = dashboard.calendar_table(found, request.tenant, request.actor, request.tenant.now())
    return as_file(table, file, f"calendar-{state}")


def _narrowed(request: TenantRequest) -> tuple[CalendarFilter, list[dashboard.Entry]]:
    found = dashboard.entries(request.actor, request.tenant)
    agencies = {entry.team.agency.slug: entry.team.agency for entry in found}
    form = CalendarFilter(
        request.GET,
        agencies=sorted(agencies.values(), key=lambda agency: agency.name),
        agency_word=request.tenant.terms["agency"],
    )
    return form, dashboard.narrowed(found, **form.cleaned_data) if form.is_valid() else []
