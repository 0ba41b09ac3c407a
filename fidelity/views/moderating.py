"""A draft is read by a second person: its reviewers ask, that person reads and decides, and both see what was said."""

from uuid import UUID

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render

from agencies.access import TenantRequest, door
from agencies.forms import shown_on
from agencies.permissions import Resource
from agencies.refusals import StaleVersion, Unacceptable, WrongStatus
from agencies.views.pages import done
from fidelity.actions import moderating
from fidelity.dashboards.moderating import draft_read, moderation_line, records
from fidelity.finding import find_moderated, find_review
from fidelity.forms.moderating import AGREE, AskForm, ReadingForm
from fidelity.in_force import scale_of
from fidelity.models import Review
from fidelity.moderation import NOBODY_READS, Moderated, Stage, check_took_no_part, readers
from fidelity.reviewers import check_independent
from fidelity.views.pages import frame, posted, url

AGREED = "You have agreed to the draft. Its reviewers are told and hand it over; somebody else issues it."
AGREED_LATE = "You have agreed to the draft. It was handed over before, and somebody else issues it."
RETURNED = "The draft is returned. Its reviewers are told and see your remarks beside the items."


@door(Resource.DRAFT_REPORT, GET="view", POST="edit")
def moderation(request: TenantRequest, state: str, review: UUID) -> HttpResponse:
    """Where it stands and what was said so far; the reviewers ask here for the draft to be read."""
    found = find_review(request, review)
    stands = find_moderated(request, found)
    form = AskForm(posted(request), was_returned=stands.stage == Stage.RETURNED)
    if request.method == "POST" and form.is_valid():
        with shown_on(form):
            told = moderating.ask(found, answer=form.cleaned_data.get("answer", ""), by=request.actor)
        if form.is_valid():
            words = "It waits to be read already." if stands.stage == Stage.WAITING else _asked(told)
            return done(request, words, url(request, "moderation", found.public_id))
    line = moderation_line(found, request.tenant, request.actor)
    context = {
        "line": line,
        "nobody": NOBODY_READS if line and line.asks and not readers(found) else "",
        "records": records(found),
        "form": form,
        "read_url": url(request, "moderation-read", found.public_id),
        "edit_url": url(request, "report-edit", found.public_id),
        **frame(request, found, "Moderation"),
    }
    return render(request, "fidelity/moderation_page.html", context, status=422 if form.errors else 200)


def _asked(told: int) -> str:
    return (
        f"You have asked for the draft to be read. {told} {'person is' if told == 1 else 'people are'} told."
    )


@door(Resource.FINAL_REPORT, GET="approve", POST="approve")
def moderation_read(request: TenantRequest, state: str, review: UUID) -> HttpResponse:
    """The whole draft with its ratings and evidence, for somebody who did not review, and what they decide."""
    found = find_review(request, review)
    stands = moderating.asked_for(found)
    check_took_no_part(found, request.actor)
    check_independent(found, request.actor.person_id)
    if request.method == "POST":
        return _decide(request, found, stands)
    if stands.stage != Stage.WAITING:
        return redirect(url(request, "moderation", found.public_id))
    return _reading(request, found, _form(found, stands))


def _form(review: Review, stands: Moderated, data: object = None) -> ReadingForm:
    version = stands.last.version if stands.last else review.text.version
    return ReadingForm(data, scale=scale_of(review), version=version)


def _decide(request: TenantRequest, review: Review, stands: Moderated) -> HttpResponse:
    form = _form(review, stands, request.POST)
    if not form.is_valid():
        return _reading(request, review, form)
    agrees = form.cleaned_data["then"] == AGREE
    version, note = form.cleaned_data["version"], form.cleaned_data["note"]
    try:
        with transaction.atomic():
            if agrees:
                moderating.agree(review, version=version, note=note, by=request.actor)
            else:
                moderating.send_back(
                    review, version=version, reason=note, remarks=form.remarks, by=request.actor
                )
    except Unacceptable as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        return _reading(request, review, form)
    except (StaleVersion, WrongStatus) as refusal:
        return _too_late(request, review, form, refusal)
    agreed = AGREED_LATE if review.text.handed_over_at else AGREED
    return done(request, agreed if agrees else RETURNED, url(request, "review-page", review.public_id))


def _too_late(
    request: TenantRequest, review: Review, form: ReadingForm, refusal: StaleVersion | WrongStatus
) -> HttpResponse:
    """What was typed stays on the page; where the draft was changed and waits again, it is decided after reading."""
    now = moderating.asked_for(review)
    typed = form.data.copy()  # type: ignore[attr-defined]  # a QueryDict
    if now.last:
        typed["version"] = str(now.last.version)
    again = _form(review, now, typed)
    return _reading(request, review, again, refusal=refusal, waits=now.stage == Stage.WAITING)


def _reading(
    request: TenantRequest,
    review: Review,
    form: ReadingForm,
    *,
    refusal: StaleVersion | WrongStatus | None = None,
    waits: bool = True,
) -> HttpResponse:
    draft = draft_read(review, request.actor)
    context = {
        "draft": draft,
        "line": moderation_line(review, request.tenant, request.actor),
        "last": records(review)[:1],
        "form": form,
        "sections": [
            (name, [(each, form[f"{each.item.code}-remark"]) for each in items])
            for name, items in draft.sections
        ],
        "refusal": refusal,
        "waits": waits,
        "cancel_url": url(request, "moderation", review.public_id),
        **frame(request, review, "Read the draft"),
    }
    status = refusal.status if refusal else 422 if form.errors else 200
    return render(request, "fidelity/moderation_read.html", context, status=status)
