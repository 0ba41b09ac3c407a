"""A funding plan as a file, CSV or Excel. Who downloads stands in the file."""

from uuid import UUID

from django.http import HttpResponse

from agencies.access import TenantRequest, door
from agencies.permissions import Resource
from funding.dashboards.files import file_of
from funding.finding import find_plan


@door(Resource.FUNDING_PLAN, GET="export")
def plan_file(request: TenantRequest, state: str, plan: UUID, file: str) -> HttpResponse:
    return file_of(find_plan(request, plan), request.tenant, request.actor, file)
