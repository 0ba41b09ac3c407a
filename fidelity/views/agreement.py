"""The doors of agreement between reviewers: of the whole state by item, and of oneself."""

from django.http import Http404, HttpResponse
from django.shortcuts import render

from agencies.access import TenantRequest, door
from agencies.permissions import Resource
from fidelity.dashboards.agreement import YEARS, agreement_page, own_page, sees_whole_state
from fidelity.views.pages import kept, url


@door(Resource.FINAL_REPORT, GET="view")
def agreement_list(request: TenantRequest, state: str) -> HttpResponse:
    """Items alone, and no reviewer: what to train together. For those who see the whole state."""
    if not sees_whole_state(request.actor):
        raise Http404
    page = agreement_page(request.tenant, asked_years(request))
    return _page(request, "fidelity/agreement_list.html", page, "Agreement of reviewers")


@door(Resource.RATINGS, GET="view")
def agreement_own(request: TenantRequest, state: str) -> HttpResponse:
    """One's own ratings beside those of others. Nobody else sees this page."""
    page = own_page(request.tenant, request.actor, asked_years(request))
    return _page(request, "fidelity/agreement_own.html", page, "How you rate beside others")


def asked_years(request: TenantRequest) -> int:
    asked = request.GET.get("years", "")
    return int(asked) if asked in map(str, YEARS) else YEARS[-1]


def _page(request: TenantRequest, template: str, page: object, here: str) -> HttpResponse:
    plural = request.tenant.terms["reviews"]
    crumbs = [(plural[:1].upper() + plural[1:], url(request, "review-list")), (here, "")]
    return render(request, template, {"page": page, "crumbs": crumbs, "kept": kept(request)})
