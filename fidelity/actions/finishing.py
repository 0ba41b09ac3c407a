"""A reviewer finishes the own sheet, and a state admin may open the ratings again."""

from django.db import transaction
from django.utils import timezone

from agencies.permissions import Actor, Resource, require
from agencies.refusals import Unacceptable, WrongStatus
from agencies.tenancy import because
from fidelity.actions.drafted import draft_report, undraft_report
from fidelity.actions.rating import check_not_finished, own_sheet
from fidelity.actions.scheduling import lock
from fidelity.in_force import scale_of
from fidelity.models import Rating, Review, Reviewer
from fidelity.reviewers import check_independent


@transaction.atomic(savepoint=False)
def finish(review: Review, *, by: Actor) -> Review:
    """Locks the own sheet. The lead's finished sheet makes the ratings of the review, and drafts the report.

    The seam for two reviewers who rate apart: the consensus will stand between the sheets and the report.
    """
    require(by, "submit", Resource.RATINGS, review.place)
    check_independent(review, by.person_id)
    lock(review)
    sheet = own_sheet(review, by)
    check_not_finished(review, sheet)
    check_begun(review)
    rated = {
        row.item_code: row.score for row in Rating.objects.filter(reviewer=sheet) if row.score is not None
    }
    missing = [item for item in scale_of(review).items if item.code not in rated]
    if missing:
        names = ", ".join(f"{item.seq} {item.name}" for item in missing[:5])
        more = f" and {len(missing) - 5} more" if len(missing) > 5 else ""
        raise Unacceptable(
            f"{len(missing)} of {len(scale_of(review).items)} items are not rated: {names}{more}."
        )
    now = timezone.now()
    Reviewer.objects.filter(pk=sheet.pk).update(finished_at=now)
    if sheet.is_lead:
        review.status, review.finished_at, review.finished_by_id = (
            Review.Status.DRAFT_REPORT,
            now,
            by.person_id,
        )
        review.save(update_fields=["status", "finished_at", "finished_by"])
        draft_report(review)
    return review


def check_begun(review: Review) -> None:
    """A report dates from its visit, so nobody finishes before the visit begins. Rating ahead is preparation."""
    if review.starts_on > review.state.today():
        raise Unacceptable(
            f"The visit begins on {review.starts_on:%B %-d, %Y}. Rating can be finished from that day; "
            "everything rated so far is kept. If the dates have changed, correct them on the page of the review."
        )


@transaction.atomic(savepoint=False)
def reopen(review: Review, *, reason: str, by: Actor) -> Review:
    """Back to rating, before the report is issued. What people wrote in the report is kept."""
    require(by, "reopen", Resource.REVIEW, review.place)
    lock(review)
    check_reopens(review)
    if not reason.strip():
        raise Unacceptable("Say why the ratings are opened again; it stays in the history.", field="reason")
    with because(reason):
        undraft_report(review)
        review.reviewers.update(finished_at=None)
        review.status, review.finished_at, review.finished_by = Review.Status.RATING, None, None
        review.save(update_fields=["status", "finished_at", "finished_by"])
    return review


def check_reopens(review: Review) -> None:
    if review.status != Review.Status.DRAFT_REPORT:
        raise WrongStatus(
            "Only a review whose report is in draft can be reopened; "
            f"this one is {review.get_status_display().lower()}."
        )
