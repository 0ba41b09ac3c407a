"""An issued report is corrected: opened, written, issued as the next edition or given up; and its earlier editions."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from agencies.access import TenantRequest, door
from agencies.forms import shown_on
from agencies.permissions import Resource
from agencies.refusals import StaleVersion, Unacceptable, WrongStatus
from agencies.views.pages import done, pressed
from fidelity import reports
from fidelity.actions import correcting, opening, reporting
from fidelity.dashboards.corrections import before_issuing, correction_page
from fidelity.finding import find_correction, find_edition, find_review, find_written
from fidelity.forms.corrections import PARTS, CorrectionForm, OpeningForm, stored_values
from fidelity.forms.merging import Values
from fidelity.forms.report import TEXTS
from fidelity.forms.scheduling import ReasonForm
from fidelity.forms.texts import ReadForm
from fidelity.in_force import scale_of
from fidelity.models import Correction, Review
from fidelity.paper import report_paper
from fidelity.reviewers import check_independent, correctors, who_corrects
from fidelity.views.pages import compare_url, frame, posted, told_to_issue, url
from ips_portal.reports.views import paper


@door(Resource.REVIEW, GET="reopen", POST="reopen")
def correction_new(request: TenantRequest, state: str, review: UUID) -> HttpResponse:
    """The state chooses what may be corrected, by whom and until when, and says why."""
    found, today = find_review(request, review), request.tenant.today()
    opening.check_issued(found)
    opening.check_has_writer(found)
    if request.method == "GET":
        opening.check_none_open(opening.last_of(found))
    form = OpeningForm(
        posted(request),
        scale=scale_of(found),
        able=correctors(found, today),
        who=who_corrects(found),
        until=today + timedelta(days=opening.USUAL_DAYS),
    )
    if request.method == "POST" and form.is_valid():
        _begin(request, found, form)
        if form.is_valid():
            words = f"The correction is open. {form.membership.person} is told."
            return done(request, words, url(request, "correction", found.public_id))
    context = {
        "form": form,
        "label": "Open the correction",
        "cancel_url": url(request, "review-page", found.public_id),
        **frame(request, found, "Correct the report"),
    }
    return render(request, "fidelity/correction_new.html", context, status=422 if form.errors else 200)


def _begin(request: TenantRequest, review: Review, form: OpeningForm) -> None:
    """Where another was opened meanwhile, what was typed stays on the page beside the refusal."""
    try:
        with shown_on(form), transaction.atomic():
            opening.begin(
                review,
                items=form.chosen,
                with_texts=form.cleaned_data["with_texts"],
                writer=form.membership,
                until=form.cleaned_data["until"],
                reason=form.cleaned_data["reason"],
                by=request.actor,
            )
    except StaleVersion as refusal:
        form.add_error(None, refusal.message)


@door(Resource.DRAFT_REPORT, GET="view", POST="edit")
def correction(request: TenantRequest, state: str, review: UUID) -> HttpResponse:
    """For its writer the fields of what was opened; for others who read drafts, what is changed so far."""
    found = find_review(request, review)
    if request.method == "POST":
        return _save(request, found)
    return _page(request, find_correction(request, found))


def _save(request: TenantRequest, review: Review) -> HttpResponse:
    held = find_written(request, review)
    form = _form(held, request.POST)
    try:
        opening.open_one(review)
    except WrongStatus as refusal:  # what was typed stays on the page, to be copied
        return _page(request, held, form, refusal=refusal)
    if not form.is_valid():
        return _page(request, held, form)
    try:
        with transaction.atomic():
            correcting.save_correction(
                review,
                items=form.words,
                texts=form.texts,
                version=form.cleaned_data["version"],
                by=request.actor,
            )
    except StaleVersion as refusal:
        return _conflict(request, review, form, refusal)
    except WrongStatus as refusal:
        return _page(request, find_written(request, review), form, refusal=refusal)
    except Unacceptable as refusal:
        _blame(form, refusal)
        return _page(request, held, form)
    if form.cleaned_data["then"] == "hand-over":
        return _hand_over(request, review)
    messages.success(request, "The correction is saved. Hand it over when you are done.")
    return redirect(url(request, "correction", review.public_id))


def _hand_over(request: TenantRequest, review: Review) -> HttpResponse:
    try:
        with transaction.atomic():
            told = correcting.hand_over(review, by=request.actor)
    except Unacceptable as refusal:
        now = find_correction(request, review)
        form = _form(now, _initial(now))
        _blame(form, refusal)
        return _page(request, now, form, saved_but="The correction is saved, but not handed over yet")
    words = f"The correction is saved and handed over. {told_to_issue(told)}"
    return done(request, words, url(request, "correction", review.public_id))


def _conflict(
    request: TenantRequest, review: Review, form: CorrectionForm, refusal: StaleVersion
) -> HttpResponse:
    """What both say is shown twice; saving once more keeps what is in the fields."""
    now = find_correction(request, review)
    stored = _initial(now)
    typed = {name: form[name].value() for name in stored}
    theirs = {name: value for name, value in stored.items() if value != typed[name] and name != "version"}
    again = CorrectionForm(
        items=form.items, with_texts=now.with_texts, initial={**typed, "version": now.version}
    )
    return _page(request, now, again, theirs=theirs, refusal=refusal)


def _blame(form: CorrectionForm, refusal: Unacceptable) -> None:
    for name, texts in (refusal.fields or {"": [refusal.message]}).items():
        form.add_error(name if name in form.fields else None, texts)


def _initial(held: Correction) -> Values:
    rows = {row.item_code: row for row in held.items.all()}
    return stored_values(held, rows) | {"version": held.version}


def _form(held: Correction, data: Any = None) -> CorrectionForm:
    opened = {row.item_code for row in held.items.all()}
    items = [item for item in scale_of(held.review).items if item.code in opened]
    return CorrectionForm(data, items=items, with_texts=held.with_texts, initial=_initial(held))


def _page(
    request: TenantRequest,
    held: Correction,
    form: CorrectionForm | None = None,
    *,
    theirs: Values | None = None,
    refusal: StaleVersion | WrongStatus | None = None,
    saved_but: str = "",
) -> HttpResponse:
    review, page = held.review, correction_page(held, request.actor)
    form, other = form or _form(held), theirs or {}
    context = {
        "page": page,
        "form": form,
        "texts": [(form[name], other.get(name)) for name in TEXTS if name in form.fields],
        "items": [
            {
                "item": each,
                "fields": {
                    part: (form[f"{each.item.code}-{part}"], other.get(f"{each.item.code}-{part}"))
                    for part in PARTS
                },
            }
            for each in page.items
        ],
        "refusal": refusal,
        "refusal_heading": "Not saved" if isinstance(refusal, WrongStatus) else "Not saved yet",
        "problem": saved_but,
        "is_closed": not held.is_open(timezone.now()),
        "issue_url": url(request, "correction-issue", review.public_id),
        "abandon_url": url(request, "correction-abandon", review.public_id),
        **frame(request, review, "Correction"),
    }
    status = refusal.status if refusal else 422 if form.errors and not saved_but else 200
    return render(request, "fidelity/correction_page.html", context, status=status)


@door(Resource.FINAL_REPORT, GET="approve", POST="approve")
def correction_issue(request: TenantRequest, state: str, review: UUID) -> HttpResponse:
    """The second person reads what changes, then issues it."""
    found = find_review(request, review)
    held = find_correction(request, found)
    check_independent(found, request.actor.person_id)
    reporting.check_second_person(found, request.actor)
    correcting.check_not_written_by(held, request.actor)
    form = ReadForm(posted(request), initial={"version": held.version})
    if request.method == "POST" and form.is_valid():
        with shown_on(form):
            edition = correcting.issue(found, version=form.cleaned_data["version"], by=request.actor)
        if form.is_valid():
            words = f"Edition {edition.number} is issued. Everybody who was told of the report, or took it, is told."
            return done(request, words, url(request, "report-read", found.public_id))
    page = correction_page(held, request.actor)
    context = {
        "page": page,
        "check": before_issuing(page),
        "form": form,
        "cancel_url": url(request, "correction", found.public_id),
        **frame(request, found, "Issue the correction"),
    }
    return render(request, "fidelity/correction_issue.html", context, status=422 if form.errors else 200)


@door(Resource.REVIEW, GET="reopen", POST="reopen")
def correction_abandon(request: TenantRequest, state: str, review: UUID) -> HttpResponse:
    found = find_review(request, review)
    held = find_correction(request, found)
    form = ReasonForm(posted(request))
    if request.method == "POST" and form.is_valid():
        with shown_on(form):
            opening.abandon(found, reason=form.cleaned_data["reason"], by=request.actor)
        if form.is_valid():
            words = f"The correction is given up. Edition {held.corrects} stands."
            return done(request, words, url(request, "review-page", found.public_id))
    context = {
        "form": form,
        "title": "Give the correction up",
        "label": "Give it up",
        "cancel_label": "Keep it open",
        "cancel_url": url(request, "correction", found.public_id),
        "danger": True,
        "warning": f"Edition {held.corrects} of the report stands. What {held.writer} has written is not issued.",
        "points": ("The reason stays in the history.", "Another correction can be opened afterwards."),
        **frame(request, found, "Give the correction up"),
    }
    return render(request, "fidelity/review_confirm.html", context, status=422 if form.errors else 200)


@door(Resource.FINAL_REPORT, GET="view")
def edition_read(request: TenantRequest, state: str, review: UUID, edition: int) -> HttpResponse:
    """An edition as it was issued. One that was corrected says what has taken its place."""
    found = find_review(request, review)
    row = find_edition(request, found, edition)
    context = {
        "paper": report_paper(reports.marked(row)),
        "pdf_url": url(request, "edition-pdf", found.public_id, row.number),
        "newest_url": url(request, "report-read", found.public_id),
        "compare_url": compare_url(request, found, row.number),
        "edition": row.number,
        **frame(request, found, f"Edition {row.number}"),
    }
    return render(request, "fidelity/report_read.html", context)


@door(Resource.FINAL_REPORT, POST="export")
def edition_pdf(request: TenantRequest, state: str, review: UUID, edition: int) -> HttpResponse:
    """The newest edition is the report's own paper; an earlier one is printed with what has taken its place."""
    found = find_review(request, review)
    row = find_edition(request, found, edition)
    pressed(request)
    if reports.successor(row) is None:
        return paper(request, reports.REPORT, found)
    return paper(request, reports.SUPERSEDED, row)
