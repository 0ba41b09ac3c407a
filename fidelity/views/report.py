"""The report: written around the ratings, read as it will be, issued by a second person, printed."""

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
from fidelity import reports, snapshots
from fidelity.actions import answering, reporting
from fidelity.dashboards.bank import Offers, offers
from fidelity.dashboards.corrections import open_correction
from fidelity.dashboards.moderating import moderation_line
from fidelity.dashboards.report import editor
from fidelity.dashboards.report import issue_page as page_before_issuing
from fidelity.finding import check_issued, find_draft, find_review, hide_draft_of_others, reviews_it
from fidelity.forms.merging import Merged, Values, digests, merged
from fidelity.forms.report import TEXTS, ReportForm, item_texts, stored_values
from fidelity.forms.texts import ReadForm
from fidelity.in_force import scale_of
from fidelity.models import Review, ReviewText
from fidelity.moderation import Stage, check_not_moderator, stage_of
from fidelity.paper import report_paper
from fidelity.views.pages import compare_url, frame, posted, told_to_issue, url
from fidelity.word import draft_docx
from ips_portal.downloads import DOCX, attached
from ips_portal.reports.views import paper

CONFLICT = (
    "The report was saved in another window or by another reviewer in the meantime, and some of the same texts were "
    "changed. What you typed is in the fields, not saved yet; what is stored now stands below each of them. "
    "Compare, then save again: that keeps what is in the fields."
)
TAKEN_BACK = "It was handed over before you changed it. Hand it over again when you are done."
WITHDRAWN = (
    "The draft was changed, so nobody has agreed to it as it is now. Ask for it to be read again; after that it is "
    "handed over."
)
MERGED = (
    "The report was saved in another window or by another reviewer in the meantime. The changes touch different texts: "
    "both are kept."
)


@door(Resource.DRAFT_REPORT, GET="view", POST="edit")
def report_edit(request: TenantRequest, state: str, review: UUID) -> HttpResponse:
    """The editor, for the reviewers. Others who may see the draft read it."""
    found = find_review(request, review)
    hide_draft_of_others(request, found)
    if request.method == "POST":
        return _save(request, found)
    if found.status == Review.Status.ISSUED:
        return redirect(url(request, "report-read", found.public_id))
    reporting.check_in_draft(found)
    if not reviews_it(request, found):
        return redirect(url(request, "report-preview", found.public_id))
    return _editor(request, found)


def _save(request: TenantRequest, review: Review) -> HttpResponse:
    form, text = ReportForm(request.POST, scale=scale_of(review)), review.text
    stored, was_asked = _stored(review, text), stage_of(review) in (Stage.WAITING, Stage.AGREED)
    if not form.is_valid():
        return _editor(request, review, form=form)
    try:
        reporting.check_in_draft(review)
    except WrongStatus as refusal:  # what was typed stays on the page, to be copied
        return _editor(request, review, form=form, refusal=refusal)
    news = merged(form.values, form.cleaned_data["base"], stored)
    if news.conflicts:
        return _conflict(request, review, news)
    try:
        with transaction.atomic():
            _save_values(request, review, news.values, text.version)
    except StaleVersion:  # between the reading above and the saving
        now = _stored(review, review.text)
        return _conflict(request, review, merged(news.values, digests(stored), now))
    except WrongStatus as refusal:
        return _editor(request, review, form=form, refusal=refusal)
    except Unacceptable as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        return _editor(request, review, form=form)
    if news.values != form.values:
        messages.info(request, MERGED)
    taken_back = (
        WITHDRAWN if was_asked and not stage_of(review) else TAKEN_BACK if text.handed_over_at else ""
    )
    return _saved(request, review, form.cleaned_data["then"], taken_back=taken_back)


def _save_values(request: TenantRequest, review: Review, values: Values, version: int) -> None:
    reporting.save_report(
        review,
        **{name: values[name] for name in TEXTS},
        items=item_texts(values, scale_of(review)),
        version=version,
        by=request.actor,
    )


def _saved(request: TenantRequest, review: Review, then: str, *, taken_back: str) -> HttpResponse:
    """`taken_back` is said where the change did take it back."""
    if then == "hand-over":
        try:
            with transaction.atomic():
                told = reporting.hand_over(review, by=request.actor)
        except (Unacceptable, WrongStatus) as refusal:
            return _not_handed_over(request, review, refusal)
        words = f"The report is saved and handed over. {_whose_turn(review, told)}"
        return done(request, words, url(request, "review-page", review.public_id))
    messages.success(request, "The report is saved.")
    if taken_back and not review.text.handed_over_at:
        messages.warning(request, taken_back)
    page = {"read": "report-preview", "ask": "moderation"}.get(then, "report-edit")
    return redirect(url(request, page, review.public_id))


def _whose_turn(review: Review, told: int) -> str:
    people = f"{told} {'person is' if told == 1 else 'people are'} told"
    window = answering.window_of(review)
    if window and window.is_open(timezone.now()):
        until = f"{window.last_day:%B %-d, %Y}"
        return (
            f"The agency may correct it until {until}; {people}."
            if told
            else f"The agency reads it until {until}."
        )
    if window and answering.unanswered(review):
        return "It can be issued when every comment of the agency is answered."
    return told_to_issue(told)


def _not_handed_over(
    request: TenantRequest, review: Review, refusal: Unacceptable | WrongStatus
) -> HttpResponse:
    """What was typed is saved; the field that holds the hand-over up says so."""
    now = _again(request, review)
    fresh, typed = _initial(now), request.POST.copy()
    typed["version"], typed["base"] = str(fresh["version"]), str(fresh["base"])
    form = ReportForm(typed, scale=scale_of(now))
    form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
    return _editor(request, now, form=form, saved_but="The report is saved, but not handed over yet")


def _conflict(request: TenantRequest, review: Review, news: Merged) -> HttpResponse:
    """What both changed is shown twice; the form may then be saved over what is stored now."""
    now = _again(request, review)
    form = ReportForm(scale=scale_of(now), initial=_initial(now) | news.values)
    return _editor(
        request, now, form=form, conflicts=news.conflicts, refusal=StaleVersion(CONFLICT, current={})
    )


def _editor(
    request: TenantRequest,
    review: Review,
    *,
    form: ReportForm | None = None,
    conflicts: Values | None = None,
    refusal: Any = None,
    saved_but: str = "",
) -> HttpResponse:
    """`saved_but` says what went wrong after the texts were saved: an answer of 422 would take them back."""
    rows = {row.item_code: row for row in review.item_reports.all()}
    line = moderation_line(review, request.tenant, request.actor)
    page = editor(review, rows, line.found.remarks if line else {})
    form = form or ReportForm(scale=scale_of(review), initial=_initial(review))
    theirs = conflicts or {}
    kept = offers(request.actor, scale_of(review), {item.item.code: item.rating for item in page.items})
    context = {
        "page": page,
        "form": form,
        "texts": [_text(form, name, theirs, kept) for name in TEXTS],
        "sections": [
            (section, [(item, *_fields(form, item.item.code, theirs, kept)) for item in section.items])
            for section in page.sections
        ],
        "bank_url": url(request, "text-list") if kept else "",
        "refusal": refusal,
        "problem": saved_but,
        "moderation": line,
        "moderation_url": url(request, "moderation", review.public_id),
        "is_closed": review.status != Review.Status.DRAFT_REPORT,
        "preview_url": url(request, "report-preview", review.public_id),
        "review_url": url(request, "review-page", review.public_id),
        **frame(request, review, "Write the report"),
    }
    status = refusal.status if refusal else 422 if form.errors and not saved_but else 200
    return render(request, "fidelity/report_edit.html", context, status=status)


def _fields(form: ReportForm, code: str, theirs: Values, kept: Offers) -> tuple[Any, ...]:
    found, advice = (_text(form, f"{code}-{part}", theirs, kept) for part in ("found", "recommendation"))
    return found, advice, form[f"{code}-priority"]


def _text(form: ReportForm, name: str, theirs: Values, kept: Offers) -> tuple[Any, ...]:
    """A field, what somebody else stored meanwhile, and the texts of the state that fit there."""
    return form[name], theirs.get(name), kept.get(name, ())


def _initial(review: Review) -> Values:
    text = review.text
    values = _stored(review, text)
    return {**values, "version": text.version, "base": digests(values)}


def _stored(review: Review, text: ReviewText) -> Values:
    """The text is read before the items: its version then covers them."""
    rows = {row.item_code: row for row in review.item_reports.all()}
    return stored_values(text, rows, scale_of(review))


def _again(request: TenantRequest, review: Review) -> Review:
    return find_review(request, review.public_id)


@door(Resource.DRAFT_REPORT, GET="view")
def report_preview(request: TenantRequest, state: str, review: UUID) -> HttpResponse:
    """The report as it would be issued now; for the agency, as it was handed over."""
    found = find_review(request, review)
    window = find_draft(request, found)
    if found.status == Review.Status.ISSUED:
        return redirect(url(request, "report-read", found.public_id))
    reporting.check_in_draft(found)
    context = {
        "may_write": reviews_it(request, found),
        "pdf_url": url(request, "draft-pdf", found.public_id),
        "word_url": "" if window else url(request, "draft-word", found.public_id),
        "answers_url": url(request, "answers", found.public_id) if window else "",
    }
    snapshot = window.snapshot if window else snapshots.draft(found)
    return _reading(request, found, snapshot, "Draft of the report", **context)


@door(Resource.FINAL_REPORT, GET="view")
def report_read(request: TenantRequest, state: str, review: UUID) -> HttpResponse:
    """The issued report on the screen, read from its frozen edition."""
    found = find_review(request, review)
    check_issued(found)
    snapshot = reports.last_snapshot(found.pk)
    more = {"pdf_url": url(request, "report-pdf", found.public_id)}
    if open_correction(found, request.actor):
        more["correction_url"] = url(request, "correction", found.public_id)
    if snapshot["edition"] > 1:
        more["editions_url"] = compare_url(request, found, snapshot["edition"] - 1)
    return _reading(request, found, snapshot, "Report", **more)


def _reading(
    request: TenantRequest, review: Review, snapshot: dict[str, Any], here: str, **more: Any
) -> HttpResponse:
    context = {"paper": report_paper(snapshot), **frame(request, review, here), **more}
    return render(request, "fidelity/report_read.html", context)


@door(Resource.FINAL_REPORT, POST="export")
def report_pdf(request: TenantRequest, state: str, review: UUID) -> HttpResponse:
    found = find_review(request, review)
    check_issued(found)
    pressed(request)
    return paper(request, reports.REPORT, found)


@door(Resource.DRAFT_REPORT, POST="view")
def draft_pdf(request: TenantRequest, state: str, review: UUID) -> HttpResponse:
    found = find_review(request, review)
    window = find_draft(request, found)
    reporting.check_in_draft(found)
    pressed(request)
    return paper(request, reports.HANDED_OVER, window) if window else paper(request, reports.DRAFT, found)


@door(Resource.DRAFT_REPORT, GET="view")
def draft_word(request: TenantRequest, state: str, review: UUID) -> HttpResponse:
    """The draft as it is saved, to go on with in a word processor; never for the agency."""
    found = find_review(request, review)
    hide_draft_of_others(request, found)
    reporting.check_in_draft(found)
    name = f"draft-report-{found.team.slug}-{found.ends_on.isoformat()}.docx"
    taken = f"Taken by {request.actor.name} on {request.tenant.now():%B %-d, %Y, at %-I:%M %p}."
    return attached(draft_docx(snapshots.draft(found), taken=taken), DOCX, name)


@door(Resource.FINAL_REPORT, GET="approve", POST="approve")
def review_issue(request: TenantRequest, state: str, review: UUID) -> HttpResponse:
    """The second person reads, then issues. Says before what will be frozen and who is told."""
    found = find_review(request, review)
    reporting.check_in_draft(found)
    reporting.check_second_person(found, request.actor)
    check_not_moderator(found, request.actor)
    form = ReadForm(posted(request), initial={"version": found.text.version})
    if request.method == "POST" and form.is_valid():
        with shown_on(form):
            reporting.issue(found, version=form.cleaned_data["version"], by=request.actor)
        if form.is_valid():
            text = "The report is issued. The team's people are told; report and plan are being made as PDF."
            return done(request, text, url(request, "review-page", found.public_id))
    context = {
        "page": page_before_issuing(found, request.tenant, request.actor),
        "form": form,
        "preview_url": url(request, "report-preview", found.public_id),
        "cancel_url": url(request, "review-page", found.public_id),
        **frame(request, found, "Issue the report"),
    }
    return render(request, "fidelity/review_issue.html", context, status=422 if form.errors else 200)
