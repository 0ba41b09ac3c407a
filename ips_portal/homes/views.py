from django.http import HttpResponse
from django.shortcuts import render

from agencies.access import TenantRequest, door
from agencies.permissions import Resource
from ips_portal.homes.dashboards import state_home as home_of
from ips_portal.homes.frame import also_here


@door(Resource.STATE, GET="view")
def state_home(request: TenantRequest, state: str) -> HttpResponse:
    home = home_of(request.tenant, request.actor)
    places = also_here(request.tenant, request.actor)
    return render(request, "homes/state_home.html", {"home": home, "places": places})
