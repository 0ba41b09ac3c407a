"""The doors of the consensus: settle what differs, and close it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render

from agencies.access import TenantRequest, door
from agencies.forms import HouseForm, shown_on
from agencies.permissions import Resource
from agencies.refusals import Refusal, StaleVersion, Unacceptable, WrongStatus
from agencies.views.pages import done
from fidelity.actions import consensus as actions
from fidelity.dashboards.consensus import Compared, ComparedItem, compared, consensus_page
from fidelity.finding import check_compared, find_review
from fidelity.forms.consensus import ConsensusForm, names, settled, stored_values
from fidelity.forms.merging import Values, digests, merged
from fidelity.in_force import scale_of
from fidelity.models import Review
from fidelity.views.pages import frame, posted, url

CONFLICT = (
    "Another reviewer settled some of the same items while you had this page open. Both are shown: nothing was "
    "overwritten. Look at the marked items and save again what you agree on."
)


@door(Resource.CONSENSUS, GET="view", POST="edit")
def consensus(request: TenantRequest, state: str, review: UUID) -> HttpResponse:
    found = find_review(request, review)
    check_compared(request, found)
    if request.method == "POST":
        return _save(request, found)
    return _page(request, compared(found))


@door(Resource.CONSENSUS, GET="submit", POST="submit")
def consensus_close(request: TenantRequest, state: str, review: UUID) -> HttpResponse:
    """Says before what closing does."""
    found = find_review(request, review)
    check_compared(request, found)
    actions.check_open(found)
    form = HouseForm(posted(request))
    if request.method == "POST" and form.is_valid():
        with shown_on(form):
            actions.close(found, by=request.actor)
        if form.is_valid():
            words = "The consensus is closed. Next: write what was found in the report."
            return done(request, words, url(request, "review-page", found.public_id))
    page = consensus_page(compared(found), request.actor)
    context = {
        "form": form,
        "title": "Close the consensus",
        "label": "Close the consensus",
        "cancel_url": url(request, "consensus", found.public_id),
        "warning": f"As settled now: {page.score.summary}.",
        "points": (
            f"{page.agreement.exact} of {page.agreement.pairs} ratings were alike from the start.",
            "What each of you rated is kept as it was locked.",
            "The report is drafted from what you agreed on. Somebody who did not lead the review issues it.",
        ),
        **frame(request, found, "Close the consensus"),
    }
    status = 422 if form.errors else 200
    return render(request, "fidelity/review_confirm.html", context, status=status)


def _save(request: TenantRequest, review: Review) -> HttpResponse:
    scale, found = scale_of(review), compared(review)
    form = ConsensusForm(request.POST, scale=scale, asking=found.asking_why)
    before = stored_values(scale, found.kept, found.alike)
    if not form.is_valid():
        return _page(request, found, form)
    news = merged(form.values, form.cleaned_data["base"], before)
    if news.conflicts:
        return _conflict(request, review, news.values, news.conflicts)
    items = settled(scale, news.values, before, found.kept)
    try:
        with transaction.atomic():
            actions.settle(review, items=items, by=request.actor)
    except StaleVersion:  # between the reading above and the saving
        now = compared(review)
        again = merged(news.values, digests(before), stored_values(scale, now.kept, now.alike))
        return _conflict(request, review, again.values, again.conflicts)
    except WrongStatus as refusal:  # what was typed stays on the page, to be copied
        return _page(request, found, form, refusal=refusal)
    except Unacceptable as refusal:
        for name, texts in refusal.fields.items():
            form.add_error(name, texts)
        return _page(request, found, form)
    return _saved(request, review, len(items), closes=form.cleaned_data["then"] == "close")


def _saved(request: TenantRequest, review: Review, count: int, *, closes: bool) -> HttpResponse:
    if count:
        messages.success(request, f"{count} {'item is' if count == 1 else 'items are'} saved.")
    elif not closes:
        messages.success(request, "Nothing had changed.")
    try:
        actions.check_settled(review, compared(review).left if closes else ())
    except Unacceptable as refusal:
        messages.warning(request, refusal.message)
        closes = False
    return redirect(url(request, "consensus-close" if closes else "consensus", review.public_id))


def _conflict(request: TenantRequest, review: Review, values: Values, theirs: Values) -> HttpResponse:
    """The form may then be saved over what is stored now."""
    scale, now = scale_of(review), compared(review)
    base = digests(stored_values(scale, now.kept, now.alike))
    form = ConsensusForm(scale=scale, asking=now.asking_why, initial={**values, "base": base})
    return _page(request, now, form, theirs=theirs, refusal=StaleVersion(CONFLICT, current={}))


def _page(
    request: TenantRequest,
    found: Compared,
    form: ConsensusForm | None = None,
    *,
    theirs: Values | None = None,
    refusal: Refusal | None = None,
) -> HttpResponse:
    scale, review = scale_of(found.review), found.review
    page = consensus_page(found, request.actor)
    values = stored_values(scale, found.kept, found.alike)
    initial = {**values, "base": digests(values)}
    form = form or ConsensusForm(scale=scale, asking=found.asking_why, initial=initial)
    context = {
        "page": page,
        "form": form,
        "differing": [_fields(form, each, theirs or {}) for each in page.differing],
        "alike": [_fields(form, each, theirs or {}) for each in page.alike],
        "refusal": refusal,
        "close_url": url(request, "consensus-close", review.public_id),
        **frame(request, review, "Consensus"),
    }
    status = refusal.status if refusal else 422 if form.errors else 200
    return render(request, "fidelity/review_consensus.html", context, status=status)


def _fields(form: ConsensusForm, compared_item: ComparedItem, theirs: Values) -> dict[str, Any]:
    score, reason = names(compared_item.item)
    levels = {str(anchor.level) for anchor in compared_item.anchors}
    typed = form[score].value()
    return {
        "item": compared_item,
        "score": form[score],
        "reason": form[reason],
        "chosen": typed if typed in levels else "",
        "theirs": (theirs.get(score), theirs.get(reason)) if {score, reason} & theirs.keys() else None,
    }
