"""The list of reviews, the page of one, and its history."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render

from agencies.access import TenantRequest, door
from agencies.permissions import Resource, Scope, may, scope_of
from agencies.views.pages import page_of
from fidelity.dashboards import listing
from fidelity.dashboards.agreement import sees_whole_state
from fidelity.dashboards.history import changes_of_review, sentences
from fidelity.dashboards.reviews import review_page as page_of_review
from fidelity.finding import find_review
from fidelity.forms.listing import ReviewFilter
from fidelity.views.pages import frame, kept, url

ON_A_PAGE = 25


@door(Resource.REVIEW, GET="view")
def review_list(request: TenantRequest, state: str) -> HttpResponse:
    actor = request.actor
    chosen = ReviewFilter(
        request.GET,
        agencies=listing.agencies_of(actor),
        years=listing.years_of(actor),
        agency_word=request.tenant.terms["agency"],
    )
    page = page_of(request, chosen.narrow(listing.listed(actor)).only(*listing.IN_LINE), ON_A_PAGE)
    context = {
        "page": page,
        "lines": listing.review_lines(page.object_list, request.tenant),
        "filter": chosen,
        "may_schedule": bool(may(actor, "create", Resource.REVIEW)),
        "new_url": url(request, "review-new"),
        "import_url": url(request, "import-new") if may(actor, "lock", Resource.FINAL_REPORT) else "",
        "register_url": url(request, "reviewer-register")
        if scope_of(actor.role, "view", Resource.REVIEW) is Scope.STATE
        else "",
        "agreement_url": url(request, "agreement-list") if sees_whole_state(actor) else "",
        "own_url": url(request, "agreement-own") if scope_of(actor.role, "view", Resource.RATINGS) else "",
        **(
            {"standings_url": url(request, "standing-list"), "calendar_url": url(request, "calendar-page")}
            if scope_of(actor.role, "view", Resource.STANDING)
            else {}
        ),
        "steps_url": url(request, "step-list") if scope_of(actor.role, "view", Resource.ACTION_PLAN) else "",
        "kept": kept(request),
        "crumbs": [(request.tenant.name, f"/{state}/{kept(request)}"), (_plural(request), "")],
    }
    return render(request, "fidelity/review_list.html", context)


@door(Resource.REVIEW, GET="view")
def review_page(request: TenantRequest, state: str, review: UUID) -> HttpResponse:
    found = find_review(request, review)
    page = page_of_review(found, request.tenant, request.actor)
    return render(request, "fidelity/review_page.html", {"page": page, **frame(request, found)})


@door(Resource.REVIEW, GET="view")
def review_history(request: TenantRequest, state: str, review: UUID) -> HttpResponse:
    """Who sees the review sees its history; while the report is in draft, that of the texts is for its readers."""
    found = find_review(request, review)
    rows = page_of(request, changes_of_review(found, request.actor))
    context = {
        "page": rows,
        "entries": sentences(found, request.actor, rows.object_list),
        **frame(request, found, "History"),
    }
    return render(request, "fidelity/review_history.html", context)


def _plural(request: TenantRequest) -> str:
    words = request.tenant.terms["reviews"]
    return words[:1].upper() + words[1:]
