from django.http import HttpResponse
from django.shortcuts import render

from agencies.access import TenantRequest, door
from agencies.permissions import Resource
from ips_portal.homes.dashboards import state_home as home_of


@door(Resource.STATE, GET="view")
def state_home(request: TenantRequest, state: str) -> HttpResponse:
    return render(request, "homes/state_home.html", {"home": home_of(request.tenant, request.actor)})
