"""Finding a review, its plan and a plan's row for whoever asks. Pages and API find them in the same way."""

from typing import Any
from uuid import UUID

from django.db.models import Prefetch
from django.http import Http404

from agencies.access import TenantRequest, find
from agencies.permissions import Resource
from agencies.refusals import WrongStatus
from fidelity.actions.consensus import NOT_YET
from fidelity.actions.moderating import asked_for
from fidelity.actions.opening import last_of, open_one
from fidelity.actions.reporting import check_in_draft
from fidelity.dashboards.answers import correcting, seen_window
from fidelity.dashboards.history import sees_drafts
from fidelity.models import (
    ActionPlan,
    AnswerWindow,
    BankText,
    Correction,
    Edition,
    PlanRow,
    Review,
    Reviewer,
    ReviewImport,
)
from fidelity.moderation import Moderated, on_record
from fidelity.reviewers import check_independent

IMPORTED = "This review was imported with its ratings alone, so there is no {} of it."


def rows() -> Any:
    """Everything a page needs to place a review, in two queries. The scale is parsed once in a process."""
    return (
        Review.objects.select_related("team__agency", "state", "scale")
        .defer("scale__data")
        .prefetch_related(Prefetch("reviewers", Reviewer.objects.select_related("person")), "team__partners")
    )


def find_review(
    request: TenantRequest, public_id: UUID, *, resource: Resource | None = None, action: str | None = None
) -> Review:
    found: Review = find(request, rows(), resource=resource, action=action, public_id=public_id)
    return found


def find_rated(request: TenantRequest, public_id: UUID) -> Review:
    """The review, if its ratings are this person's to see. Asked at each save, so for no more than a save needs."""
    rows = Review.objects.placed().select_related("team", "scale").defer("scale__data")
    found: Review = find(request, rows, public_id=public_id)
    found.state = request.tenant
    return found


def find_plan(request: TenantRequest, review: UUID) -> ActionPlan:
    plans = (
        ActionPlan.objects.select_related("team__agency", "state", "author", "review__scale")
        .defer("review__scale__data")
        .prefetch_related("team__partners", "rows", "review__reviewers")
    )
    found: ActionPlan = planned(request, plans, review)
    # The review is of the same team: joined a second time, both cost PostgreSQL milliseconds of planning.
    found.review.team, found.review.state = found.team, found.state
    return found


def find_printed(request: TenantRequest, review: UUID) -> ActionPlan:
    """The plan a paper is asked for; the paper reads what it says by itself."""
    plans = ActionPlan.objects.select_related("team").prefetch_related("team__partners")
    return planned(request, plans, review)


def planned(request: TenantRequest, plans: Any, review: UUID) -> ActionPlan:
    """Of a review that was imported no plan is known, which is said to whoever may read plans."""
    try:
        found: ActionPlan = find(request, plans, review__public_id=review)
    except Http404:
        resource = Resource.ACTION_PLAN
        if find_review(request, review, resource=resource, action="view").is_imported:
            raise WrongStatus(IMPORTED.format("action plan")) from None
        raise
    return found


def find_upload(request: TenantRequest, upload: UUID) -> ReviewImport:
    rows = ReviewImport.objects.select_related("uploaded_by", "taken_back_by")
    found: ReviewImport = find(request, rows, public_id=upload)
    return found


def find_row(plan: ActionPlan, number: int) -> PlanRow:
    """One that has left the plan too: what is asked of it is refused with words that say where it went."""
    row: PlanRow | None = plan.rows.filter(pk=number).first()
    if row is None:
        raise Http404
    return row


def reviews_it(request: TenantRequest, review: Review) -> bool:
    return request.actor.person_id in review.place.people


def hide_draft_of_others(request: TenantRequest, review: Review) -> None:
    if review.status == Review.Status.DRAFT_REPORT and not review.draft_is_open_to(request.actor):
        raise Http404
    if review.status != Review.Status.DRAFT_REPORT and not reviews_it(request, review):
        raise Http404  # there is no draft, and this person never had one


def find_window(request: TenantRequest, review: Review) -> AnswerWindow:
    """The agency's time to correct the draft, which its reviewers are told of where there was none."""
    window = seen_window(review, request.actor)
    if window is None and reviews_it(request, review):
        raise WrongStatus("No draft of this report was handed to the agency.")
    if window is None:
        raise Http404
    return window


def find_correction(request: TenantRequest, review: Review) -> Correction:
    """The correction that is open, for those who read drafts; nobody else is told that there is one.

    Who has it on the page while its last day passes is told how it ended.
    """
    if not sees_drafts(review, request.actor):
        raise Http404
    return open_one(review)


def find_written(request: TenantRequest, review: Review) -> Correction:
    """The correction this person writes, also one that was closed meanwhile: what they typed is given back."""
    if not sees_drafts(review, request.actor):
        raise Http404
    last = last_of(review)
    if last is None or last.writer_id != request.actor.person_id:
        return open_one(review)
    last.review = review
    return last


def find_moderated(request: TenantRequest, review: Review) -> Moderated:
    """Where the reading of the draft stands, for those who read drafts, which the agency does not.

    What was said before the state ceased to ask for it is still shown.
    """
    if not sees_drafts(review, request.actor):
        raise Http404
    if reviews_it(request, review):  # and may have come to work for the agency since
        check_independent(review, request.actor.person_id)
    found = on_record(review)
    if review.status != Review.Status.ISSUED:
        check_in_draft(review)
        return found or asked_for(review)
    if found is None or found.last is None:
        raise WrongStatus("The draft of this report was not read by a second person before it was issued.")
    return found


def find_edition(request: TenantRequest, review: Review, number: int) -> Edition:
    """One issued edition, by its number."""
    rows = Edition.objects.visible_to(request.actor).filter(review=review)
    row: Edition | None = (
        rows.filter(number=number).select_related("state", "issued_by").first() if number < 2**15 else None
    )
    if row is None:
        raise Http404
    row.review = review
    return row


def find_draft(request: TenantRequest, review: Review) -> AnswerWindow | None:
    """For the agency the draft it was handed, while it is asked; none for those who read the draft as it is now."""
    window = correcting(review, request.actor)
    if window is None:
        hide_draft_of_others(request, review)
    return window


def hide_visit(request: TenantRequest, review: Review) -> None:
    """What is prepared and counted is for the reviewers and the state, never for whom it is about."""
    if not sees_drafts(review, request.actor):
        raise Http404
    if review.is_imported:
        raise WrongStatus(IMPORTED.format("page of the visit"))


def check_issued(review: Review) -> None:
    if review.status != Review.Status.ISSUED:
        raise WrongStatus(
            f"There is no issued report yet; this review is {review.get_status_display().lower()}."
        )


def check_compared(request: TenantRequest, review: Review) -> None:
    """Nobody sees what others rated before every sheet is locked, and one reviewer alone has nothing to agree on.

    It is for those who review, and not for who was let into the team for another review.
    """
    if not reviews_it(request, review):
        raise Http404
    if review.status not in Review.COMPARED:
        raise WrongStatus(NOT_YET)
    if sum(row.finished_at is not None for row in review.reviewers.all()) < 2:
        raise WrongStatus("One reviewer rated this review, so there was nothing to agree on.")


def find_bank_text(request: TenantRequest, text: int) -> BankText:
    found: BankText = find(request, BankText.objects.select_related("saved_by", "retired_by"), pk=text)
    found.state = request.tenant
    return found
