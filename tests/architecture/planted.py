"""Views with one mistake each, under addresses of their own. Only tests/architecture/test_gates.py serves them."""

from csp.decorators import csp_exempt
from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt

from agencies import tenancy
from agencies.access import TenantRequest, door
from agencies.models import Agency, Population, Team
from agencies.permissions import Resource


def without_door(request: TenantRequest, state: str) -> HttpResponse:
    return HttpResponse("open to everybody")


@door(Resource.TEAM, GET="view")
def forgets_the_scope(request: TenantRequest, state: str, team: str) -> HttpResponse:
    with tenancy.as_system(request.tenant.pk):
        return HttpResponse(str(Team.objects.get(slug=team)))


@door(Resource.AGENCY, GET="view")
def names_the_other_state(request: TenantRequest, state: str) -> HttpResponse:
    return HttpResponse("Bayou is doing better than you are.")


@door(Resource.TEAM, GET="view")
def breaks(request: TenantRequest, state: str) -> HttpResponse:
    raise ZeroDivisionError


@door(Resource.STATE, GET="view")
def writes_when_read(request: TenantRequest, state: str) -> HttpResponse:
    Population.objects.create(state=request.tenant, name="Planted by reading")
    return HttpResponse("looks harmless")


@csp_exempt()
@door(Resource.STATE, GET="view")
def naked(request: TenantRequest, state: str) -> HttpResponse:
    return HttpResponse("no armour", headers={"Cache-Control": "public", "X-Frame-Options": "SAMEORIGIN"})


class OpenForm(forms.Form):
    """Takes any agency there is, and drops what it does not know."""

    agency = forms.CharField()
    name = forms.CharField()


@csrf_exempt
@door(Resource.TEAM, GET="create", POST="create")
def takes_anything(request: TenantRequest, state: str) -> HttpResponse:
    form = OpenForm(request.POST or None)
    if form.is_valid():
        Team.objects.create(
            state=request.tenant,
            agency_id=Agency.objects.values_list("pk", flat=True)[0],
            slug="planted",
            name=form.cleaned_data["name"],
        )
        return redirect("/")
    return render(request, "agencies/record_edit.html", {"form": form})


@door(Resource.STATE, POST="view")
def has_no_form(request: TenantRequest, state: str) -> HttpResponse:
    return HttpResponse(status=400)


urlpatterns = [
    path("", include("ips_portal.urls")),
    path("planted/", without_door, name="planted-outside"),
    path("<slug:state>/planted/door/", without_door, name="planted-door"),
    path("<slug:state>/planted/scope/<slug:team>/", forgets_the_scope, name="planted-scope"),
    path("<slug:state>/planted/names/", names_the_other_state, name="planted-names"),
    path("<slug:state>/planted/breaks/", breaks, name="planted-breaks"),
    path("<slug:state>/planted/writes/", writes_when_read, name="planted-writes"),
    path("<slug:state>/planted/naked/", naked, name="planted-naked"),
    path("<slug:state>/planted/form/", takes_anything, name="planted-form"),
    path("<slug:state>/planted/none/", has_no_form, name="planted-none"),
    path("<slug:state>/planted/<int:gadget>/", without_door, name="planted-gadget"),
    path("<slug:state>/planted/unnamed/", without_door),
]
