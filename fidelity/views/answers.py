"""The agency comments on a draft report, and its reviewers answer: two sides of one page."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render

from agencies.access import TenantRequest, door
from agencies.permissions import Resource
from agencies.refusals import Refusal, StaleVersion, Unacceptable, WrongStatus
from agencies.views.pages import done
from fidelity.actions import answering
from fidelity.dashboards.answers import AnswersPage, answers_page
from fidelity.finding import find_review, find_window
from fidelity.forms.answers import AnswerForm, CommentForm, ReplyForm, Typed
from fidelity.forms.merging import Values, merged
from fidelity.in_force import scale_of
from fidelity.models import Review
from fidelity.views.pages import frame, url

CONFLICT = (
    "Somebody else saved some of the same items while you had this page open. Both are shown: nothing was overwritten. "
    "Look at the marked items and save again."
)
CLOSED = "Thank you. The reviewers are told that you are done; they answer each comment before the report is issued."


@door(Resource.DRAFT_REPORT, GET="view", POST="edit")
def answers(request: TenantRequest, state: str, review: UUID) -> HttpResponse:
    found = find_review(request, review)
    page = _read(request, found)
    if request.method == "POST":
        return _save(request, found, page)
    return _page(request, found, page)


def _read(request: TenantRequest, review: Review) -> AnswersPage:
    return answers_page(review, find_window(request, review), request.actor)


def _form(
    request: TenantRequest, review: Review, page: AnswersPage, data: Any = None, typed: Values | None = None
) -> AnswerForm:
    items = scale_of(review).items
    if answering.speaks_for_agency(request.actor):
        return CommentForm(data, items=items, kept=page.kept, typed=typed)
    return ReplyForm(
        data, items=[item for item in items if item.code in page.kept], kept=page.kept, typed=typed
    )


def _save(request: TenantRequest, review: Review, page: AnswersPage) -> HttpResponse:
    form = _form(request, review, page, request.POST)
    try:
        answering.check_turn(review, by=request.actor)
    except WrongStatus as refusal:
        return _page(request, review, page, form, refusal=refusal)
    if not form.is_valid():
        return _page(request, review, page, form)
    news = merged(form.values, form.cleaned_data["base"], form.stored)
    if news.conflicts:
        return _conflict(request, review, news.values, news.conflicts)
    closes = form.cleaned_data["then"] == "close"
    try:
        with transaction.atomic():
            _act(request, review, form, news.values, closes=closes)
    except StaleVersion as refusal:  # between the reading above and the saving
        theirs = {f"{code}-{part}": row[part] for code, row in _clashes(refusal) for part in form.parts}
        return _conflict(request, review, news.values, theirs)
    except WrongStatus as refusal:  # its time ended since the reading above
        return _page(request, review, _read(request, review), form, refusal=refusal)
    except Unacceptable as refusal:
        for name, texts in refusal.fields.items():
            form.add_error(name if name in form.fields else None, texts)
        return _page(request, review, page, form)
    if closes and isinstance(form, CommentForm):
        return done(request, CLOSED, url(request, "review-page", review.public_id))
    messages.success(request, "Saved.")
    return redirect(url(request, "answers", review.public_id))


def _act(request: TenantRequest, review: Review, form: AnswerForm, values: Values, *, closes: bool) -> None:
    if isinstance(form, CommentForm):
        answering.comment(review, items=form.comments(values), closes=closes, by=request.actor)
    elif isinstance(form, ReplyForm):
        answering.answer(review, items=form.replies(values), by=request.actor)


def _clashes(refusal: StaleVersion) -> list[tuple[str, dict[str, str]]]:
    return [(code, row or {"wrong": "", "seen": ""}) for code, row in refusal.current.items()]


def _conflict(request: TenantRequest, review: Review, typed: Values, theirs: Values) -> HttpResponse:
    """What both changed is shown twice; the form may then be saved over what is stored now."""
    page = _read(request, review)
    form = _form(request, review, page, typed=typed)
    refusal = StaleVersion(CONFLICT, current={})
    return _page(request, review, page, form, theirs=theirs, refusal=refusal)


def _page(
    request: TenantRequest,
    review: Review,
    page: AnswersPage,
    form: AnswerForm | None = None,
    *,
    theirs: Values | None = None,
    refusal: Refusal | None = None,
) -> HttpResponse:
    """The form where it is this person's turn; else no word of the draft, but what they typed, to be copied."""
    unsaved: list[Typed] = []
    if not page.is_their_turn:
        form, unsaved = None, form.typed if form else []
    elif form is None:
        form = _form(request, review, page)
    context = {
        "page": page,
        "form": form,
        "sections": _fields(page, form, theirs or {}) if form else [],
        "unsaved": unsaved,
        "refusal": refusal,
        "preview_url": url(request, "report-preview", review.public_id),
        "edit_url": url(request, "report-edit", review.public_id),
        **frame(request, review, "Comments on the draft"),
    }
    status = refusal.status if refusal else 422 if form and form.errors else 200
    return render(request, "fidelity/answers_page.html", context, status=status)


def _fields(page: AnswersPage, form: AnswerForm, theirs: Values) -> list[tuple[str, list[dict[str, Any]]]]:
    """By section, each item that is asked about: what the draft says, both fields, and what was stored meanwhile."""
    found = []
    for name, items in page.sections:
        asked = [each for each in items if f"{each.item.code}-{form.parts[0]}" in form.fields]
        lines = []
        for each in asked:
            both = [f"{each.item.code}-{part}" for part in form.parts]
            lines.append(
                {
                    "item": each.item,
                    "comment": each.comment,
                    "version": form[f"{each.item.code}-version"] if isinstance(form, ReplyForm) else "",
                    "fields": [(form[part], theirs.get(part)) for part in both],
                    "is_marked": any(part in theirs or form[part].errors for part in both),
                }
            )
        if lines:
            found.append((name, lines))
    return found
