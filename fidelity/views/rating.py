"""The doors of rating: the sheet, one item's autosave, and the check before finishing."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import RequestDataTooBig
from django.db import transaction
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from agencies.access import TenantRequest, door
from agencies.permissions import Resource
from agencies.refusals import Refusal, StaleVersion, Unacceptable, WrongStatus
from fidelity.actions import finishing
from fidelity.actions import rating as actions
from fidelity.dashboards.checking import check_sheet
from fidelity.dashboards.progress import progress_of
from fidelity.dashboards.rating import (
    Entry,
    Stored,
    Typed,
    rating_sheet,
    stored_sheet,
)
from fidelity.dashboards.visiting import suggestions
from fidelity.finding import find_rated
from fidelity.forms.rating import (
    Malformed,
    TooLarge,
    TypedItem,
    TypedSheet,
    parse_item,
    parse_sheet,
    read_json,
)
from fidelity.in_force import policy_on, scale_of
from fidelity.models import Review
from fidelity.paper.wording import days
from fidelity.scales import Item, UnknownItem

WHAT_NEXT = {
    Review.Status.RATING: "Your ratings are locked. When the other reviewers have finished theirs, you are told, and "
    "agree on what differs. Until then nobody sees what you rated.",
    Review.Status.CONSENSUS: "Your ratings are locked. Everybody has finished: next, agree on what differs.",
    Review.Status.DRAFT_REPORT: "Rating is finished and the ratings are locked. Next: write what was found in the "
    "report.",
}
NOTHING: Mapping[str, str] = MappingProxyType({})
ITEM = "ITEM"  # stands for an item's code in the address the page's script completes


@door(Resource.RATINGS, GET="view", POST="edit")
def review_rate(request: TenantRequest, state: str, review: UUID) -> HttpResponse:
    """The whole sheet. The page saves by itself; without scripts one POST saves all items."""
    found = find_rated(request, review)
    if request.method == "POST":
        return _save_sheet(request, found)
    return _rate_page(request, stored_sheet(found, request.actor))


@door(Resource.RATINGS, PUT="edit", POST="edit")
def rating_save(request: TenantRequest, state: str, review: UUID, item: str) -> HttpResponse:
    """One item, as JSON. POST does the same for networks that let no PUT through."""
    found = find_rated(request, review)
    try:
        sent = parse_item(read_json(_body(request)), _item(found, item))
        saved = actions.save_rating(
            found, item_code=item, values=sent.values, version=sent.version, by=request.actor
        )
    except Malformed as problem:
        return JsonResponse({"error": str(problem)}, status=413 if isinstance(problem, TooLarge) else 400)
    except Refusal as refusal:
        return _refusal(refusal)
    return JsonResponse(
        {"version": saved.version, "saved_at": saved.saved_at} | progress_of(found, saved.reviewer).as_json()
    )


@door(Resource.RATINGS, GET="view", POST="submit")
def review_check(request: TenantRequest, state: str, review: UUID) -> HttpResponse:
    """Check your answers; POST finishes."""
    found = find_rated(request, review)
    if request.method != "POST":
        return _check_page(request, found)
    if unknown := [name for name in request.POST if name != "csrfmiddlewaretoken"]:
        raise Unacceptable(f"unknown or read-only field: {unknown[0][:40]}", field=unknown[0][:40])
    try:
        with transaction.atomic():
            finishing.finish(found, by=request.actor)
    except Unacceptable as refusal:
        return _check_page(request, found, refusal)
    messages.success(request, WHAT_NEXT[Review.Status(found.status)])
    then = "consensus" if found.status == Review.Status.CONSENSUS else "review-page"
    return redirect(_address(request, then, found))


def _address(
    request: TenantRequest, name: str, review: Review, *, asks: Mapping[str, str] = NOTHING, **more: str
) -> str:
    kwargs = {"state": request.tenant.slug, "review": review.public_id, **more}
    address, chosen = reverse(f"fidelity:{name}", kwargs=kwargs), request.GET.get("as")
    query = urlencode(({"as": chosen} if chosen else {}) | dict(asks))
    return f"{address}?{query}" if query else address


def _item(review: Review, code: str) -> Item:
    try:
        return scale_of(review).item(code)
    except UnknownItem as problem:
        raise Unacceptable(str(problem), field="item") from None


def _body(request: TenantRequest) -> bytes:
    if request.content_type != "application/json":
        raise Malformed("Send one item as JSON, with the content type application/json.")
    try:
        return request.body
    except RequestDataTooBig:
        raise TooLarge("The message is far larger than one item can be.") from None


def _refusal(refusal: Refusal) -> JsonResponse:
    body: dict[str, Any] = {"error": refusal.message}
    if refusal.field:
        body["field"] = refusal.field
    if isinstance(refusal, StaleVersion):
        body["current"] = refusal.current
    return JsonResponse(body, status=refusal.status)


# --- the whole sheet ------------------------------------------------------------------------------------------
def _save_sheet(request: TenantRequest, review: Review) -> HttpResponse:
    stored = stored_sheet(review, request.actor)
    sheet = parse_sheet(request.POST, stored.scale, request.FILES)
    typed = _compared(sheet, stored)
    if not sheet.is_acceptable:
        return _rate_page(request, stored, typed, 422)
    if typed.conflicts:
        return _rate_page(request, stored, typed, 409)
    try:
        with transaction.atomic():  # a refusal half-way takes back the items saved before it
            _save_items(request, review, sheet, typed)
    except StaleVersion:
        stored = stored_sheet(review, request.actor)
        return _rate_page(request, stored, _compared(sheet, stored), 409)
    except WrongStatus as refusal:
        again = find_rated(request, review.public_id)
        stored = stored_sheet(again, request.actor)
        return _rate_page(request, stored, typed, refusal.status)
    count = len(typed.entries)
    messages.success(
        request, f"Saved {count} {'item' if count == 1 else 'items'}." if count else "Nothing had changed."
    )
    page = "review-check" if request.POST.get("then") == "check" else "review-rate"
    return redirect(_address(request, page, review))


def _save_items(request: TenantRequest, review: Review, sheet: TypedSheet, typed: Typed) -> None:
    items = {
        code: actions.Typed(values, entry.version)
        for code, entry in typed.entries.items()
        if (values := sheet.items[code].values) is not None
    }
    if items:
        actions.save_ratings(review, items=items, by=request.actor)


def _compared(sheet: TypedSheet, stored: Stored) -> Typed:
    """What of the form is news. An item nobody touched in this form stands as stored, whoever changed it since."""
    entries: dict[str, Entry] = {}
    conflicts: set[str] = set()
    for code, item in sheet.items.items():
        kept, mine = stored.entry(code), _entry(item)
        same = mine.digest in (kept.digest, item.base)
        if item.takes_theirs or (same and not item.problems):
            continue
        if item.version != kept.version and not item.problems:
            conflicts.add(code)
            mine = _entry(item, version=kept.version)  # sent again, it is meant to replace what is stored
        entries[code] = mine
    problems = {code: item.problems for code, item in sheet.items.items() if item.problems}
    return Typed(entries, problems, frozenset(conflicts), sheet.unknown)


def _entry(item: TypedItem, version: int | None = None) -> Entry:
    version = item.version if version is None else version
    return Entry(item.score, item.note, item.sources, item.is_flagged, version)


def _labels(review: Review) -> dict[str, str]:
    return dict(policy_on(review.state_id, review.ends_on).band_labels)


def _rate_page(
    request: TenantRequest, stored: Stored, typed: Typed | None = None, status: int = 200
) -> HttpResponse:
    sheet = rating_sheet(
        stored,
        request.tenant,
        request.actor,
        labels=_labels(stored.review),
        typed=typed or Typed(),
        suggestions=suggestions(stored.review, request.actor),
    )
    context = {
        "sheet": sheet,
        "is_refused": status >= 400,
        "calculator_address": _address(request, "review-calculator", stored.review, asks={"item": ""}),
        "visit_address": _address(request, "review-visit", stored.review),
        "save_address": _address(request, "rating-save", stored.review, item=ITEM),
        **_frame(request, stored.review, "Rate"),
    }
    return render(request, "fidelity/review_rate.html", context, status=status)


def _check_page(request: TenantRequest, review: Review, refusal: Unacceptable | None = None) -> HttpResponse:
    stored = stored_sheet(review, request.actor)
    check = check_sheet(stored, request.tenant, request.actor, labels=_labels(review))
    context = {
        "check": check,
        "sheet": check.sheet,
        "refusal": refusal,
        "begins_on": review.starts_on if review.starts_on > request.tenant.today() else None,
        **_frame(request, review, "Check and finish"),
    }
    return render(request, "fidelity/review_check.html", context, status=refusal.status if refusal else 200)


def _frame(request: TenantRequest, review: Review, here: str) -> dict[str, Any]:
    first = review.starts_on
    name = f"{review.team}, {request.tenant.terms['review']} {first:%B} {first.day}, {first.year}"
    return {
        "review": review,
        "dates": days(review.starts_on.isoformat(), review.ends_on.isoformat()),
        "rate_address": _address(request, "review-rate", review),
        "check_address": _address(request, "review-check", review),
        "review_address": _address(request, "review-page", review),
        "crumbs": [
            (name, _address(request, "review-page", review)),
            (here, ""),
        ],
    }
