"""The list of reviews, the page of one, and its history."""

from dataclasses import replace
from itertools import groupby
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render

from agencies import audit
from agencies.access import TenantRequest, door
from agencies.models import Change
from agencies.permissions import Resource, Scope, may, scope_of
from agencies.views.pages import page_of
from fidelity.dashboards import listing
from fidelity.dashboards.reviews import review_page as page_of_review
from fidelity.forms.listing import ReviewFilter
from fidelity.models import ActionPlan, Review
from fidelity.views.pages import find_review, frame, kept, url

ON_A_PAGE = 25
REVIEW_TABLES = ("fidelity_review", "fidelity_reviewer")


@door(Resource.REVIEW, GET="view")
def review_list(request: TenantRequest, state: str) -> HttpResponse:
    actor = request.actor
    chosen = ReviewFilter(
        request.GET,
        agencies=listing.agencies_of(actor),
        years=listing.years_of(actor),
        agency_word=request.tenant.terms["agency"],
    )
    page = page_of(request, chosen.narrow(listing.listed(actor)), ON_A_PAGE)
    context = {
        "page": page,
        "lines": listing.review_lines(page.object_list, request.tenant),
        "filter": chosen,
        "may_schedule": bool(may(actor, "create", Resource.REVIEW)),
        "new_url": url(request, "review-new"),
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
    rows = page_of(request, _changes(request, found))
    context = {
        "page": rows,
        "entries": collapsed(_told(request, found, audit.sentences(rows.object_list))),
        **frame(request, found, "History"),
    }
    return render(request, "fidelity/review_history.html", context)


def _changes(request: TenantRequest, review: Review) -> "QuerySet[Change]":
    changes = audit.changes_of(review)
    if plan := ActionPlan.objects.visible_to(request.actor).filter(review=review).first():
        begun = Change.objects.filter(table_name="fidelity_actionplan", row_id=plan.pk, kind="insert")
        rows = audit.changes_of(plan).exclude(
            table_name="fidelity_planrow", kind="insert", transaction__in=begun.values("transaction")
        )
        changes = changes | rows
    if review.status != Review.Status.ISSUED and not review.draft_is_open_to(request.actor):
        changes = changes.filter(table_name__in=REVIEW_TABLES)
    return changes.filter(state_id=request.tenant.pk).exclude(table_name="fidelity_itemreport", kind="insert")


def _told(request: TenantRequest, review: Review, entries: list[audit.Sentence]) -> list[audit.Sentence]:
    """Why ratings were opened again may say what was rated, so it is read by those who may read the draft."""
    if review.status in (Review.Status.ISSUED, Review.Status.CANCELLED) or _sees_drafts(request, review):
        return entries
    return [replace(entry, reason="") for entry in entries]


def _sees_drafts(request: TenantRequest, review: Review) -> bool:
    scope = scope_of(request.actor.role, "view", Resource.DRAFT_REPORT)
    return scope is Scope.STATE or request.actor.person_id in review.place.people


def collapsed(entries: list[audit.Sentence]) -> list[audit.Sentence]:
    """One save of a report changes many items; it is told once, with how many."""
    told = []
    for _, run in groupby(entries, key=lambda entry: (entry.who, entry.text, entry.reason)):
        first, *more = run
        words = f"{first.text.rstrip('.')} ({len(more) + 1} times)."
        told.append(replace(first, text=words) if more else first)
    return told


def _plural(request: TenantRequest) -> str:
    words = request.tenant.terms["reviews"]
    return words[:1].upper() + words[1:]
