"""Figures as files. Who downloads stands in the file."""

from django.http import HttpResponse

from agencies.access import TenantRequest, door
from agencies.permissions import Resource
from ips_portal.quarters import Quarter
from ips_portal.spreadsheets import as_csv
from outcomes.dashboards.exporting import quarter_table


@door(Resource.OUTCOME_SUBMITTED, GET="export")
def quarter_csv(request: TenantRequest, state: str) -> HttpResponse:
    ended = Quarter.last_ended(request.tenant.today())
    try:
        quarter = Quarter.parse(request.GET["quarter"])
    except (KeyError, ValueError):
        quarter = ended
    text = as_csv(quarter_table(request.tenant, request.actor, quarter))
    response = HttpResponse(text, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = (
        f'attachment; filename="outcomes-{request.tenant.slug}-{quarter.slug}.csv"'
    )
    return response
