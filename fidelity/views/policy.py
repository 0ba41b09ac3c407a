"""The state's fidelity policy on a day, and the scale its reviews use."""

from datetime import date

from django.http import HttpResponse
from django.shortcuts import render

from agencies.access import TenantRequest, door
from agencies.permissions import Resource, Role
from fidelity.dashboards import policy
from fidelity.forms.listing import OnForm
from fidelity.views.pages import kept, url


def _day(request: TenantRequest) -> tuple[OnForm, date]:
    form = OnForm(request.GET if request.GET.get("on") else None)
    today = request.tenant.today()
    if form.is_bound and form.is_valid():
        return form, form.cleaned_data["on"] or today
    return form, today


@door(Resource.POLICY, GET="view")
def policy_page(request: TenantRequest, state: str) -> HttpResponse:
    form, on = _day(request)
    context = {
        "page": policy.policy_page(request.tenant, on),
        "form": form,
        "scale_url": url(request, "scale-page"),
        "policy_url": url(request, "policy-page"),
        "crumbs": [(request.tenant.name, f"/{state}/{kept(request)}"), ("Fidelity policy", "")],
    }
    return render(request, "fidelity/policy_page.html", context, status=422 if form.errors else 200)


@door(Resource.POLICY, GET="view")
def scale_page(request: TenantRequest, state: str) -> HttpResponse:
    form, on = _day(request)
    context = {
        "page": policy.scale_page(request.tenant, on),
        "may_load": request.actor.role is Role.STATE_ADMIN,
        "crumbs": [
            (request.tenant.name, f"/{state}/{kept(request)}"),
            ("Fidelity policy", url(request, "policy-page")),
            ("Scale", ""),
        ],
    }
    return render(request, "fidelity/scale_page.html", context, status=422 if form.errors else 200)
