"""What all pages of a review have in common: its name, its tabs, and the way back."""

from typing import Any

from django.http import HttpRequest, QueryDict
from django.urls import reverse

from agencies.access import TenantRequest
from agencies.views.pages import address
from fidelity.dashboards.answers import correcting, seen_window
from fidelity.dashboards.corrections import open_correction
from fidelity.dashboards.history import sees_drafts
from fidelity.dashboards.listing import CHIPS, visit
from fidelity.dashboards.moderating import moderation_line
from fidelity.dashboards.reviews import may_compare
from fidelity.models import Review


def kept(request: HttpRequest) -> str:
    """The membership a person chose, to be put behind an address."""
    chosen = request.GET.get("as", "")
    return f"?as={chosen}" if chosen.isdigit() else ""


def url(request: TenantRequest, name: str, *more: Any) -> str:
    return address(request, f"fidelity:{name}", request.tenant.slug, *more)


def compare_url(request: TenantRequest, review: Review, edition: int) -> str:
    """The newest edition of a report beside this one."""
    plain = reverse("fidelity:review-compare", args=[request.tenant.slug, review.public_id])
    chosen = kept(request).replace("?", "&", 1)
    return f"{plain}?other=edition-{edition}{chosen}"


def posted(request: HttpRequest) -> QueryDict | None:
    """What was sent, even if it was nothing at all."""
    return request.POST if request.method == "POST" else None


def frame(request: TenantRequest, review: Review, here: str = "") -> dict[str, Any]:
    """Crumbs, tabs and status of a page under a review. `here` is empty on the review's own page."""
    terms = request.tenant.terms
    label = f"{review.team}, {visit(review)}"
    own = (label, url(request, "review-page", review.public_id) if here else "")
    plural = terms["reviews"]
    crumbs = [(plural[:1].upper() + plural[1:], url(request, "review-list")), own]
    return {
        "review": review,
        "crumbs": [*crumbs, (here, "")] if here else crumbs,
        "tabs": tabs(request, review),
        "kept": kept(request),
        "chip": CHIPS[Review.Status(review.status)],
        "visit": visit(review),
    }


def tabs(request: TenantRequest, review: Review) -> list[dict[str, Any]]:
    """The views of one review this person has."""
    pages = [("Overview", "review-page")]
    if sees_drafts(review, request.actor) and not review.is_imported:
        pages += [("Visit", "review-visit")]
    if may_compare(review, request.actor):
        pages += [("Consensus", "consensus")]
    if review.status == Review.Status.ISSUED:
        pages += [("Report", "report-read")]
        pages += [] if review.is_imported else [("Action plan", "plan-page")]
        pages += [("Correction", "correction")] if open_correction(review, request.actor) else []
    elif review.draft_is_open_to(request.actor) or correcting(review, request.actor):
        pages += [("Draft of the report", "report-preview")]
    if moderation_line(review, request.tenant, request.actor):
        pages += [("Moderation", "moderation")]
    if review.status in Review.REPORTED and seen_window(review, request.actor):
        pages += [("Comments", "answers")]
    pages += [("History", "review-history")]
    found = []
    for label, name in pages:
        plain = reverse(f"fidelity:{name}", args=[request.tenant.slug, review.public_id])
        here = request.path == plain or (name != "review-page" and request.path.startswith(plain))
        found.append({"label": label, "url": f"{plain}{kept(request)}", "current": here})
    return found


def told_to_issue(told: int) -> str:
    """What is said to whoever hands a report or a correction over, once more as well."""
    if not told:
        return "Those who may issue it were told before."
    return f"{told} {'person is' if told == 1 else 'people are'} told that they may issue it."
