"""A reviewer finishes the own sheet, several agree, and a state admin may open again what was finished."""

from django.db import transaction
from django.utils import timezone

from agencies.permissions import Actor, Resource, require
from agencies.refusals import Unacceptable, WrongStatus
from agencies.tenancy import because
from fidelity import notices
from fidelity.actions import answering
from fidelity.actions.drafted import draft_report, undraft_report
from fidelity.actions.rating import check_not_finished, own_sheet
from fidelity.actions.scheduling import lock
from fidelity.in_force import scale_of
from fidelity.models import Rating, Review, Reviewer
from fidelity.reviewers import check_independent


@transaction.atomic(savepoint=False)
def finish(review: Review, *, by: Actor) -> Review:
    """Locks the own sheet. The last one to be locked moves the review on."""
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
    Reviewer.objects.filter(pk=sheet.pk).update(finished_at=timezone.now())
    move_on(review, by=by)
    return review


def move_on(review: Review, *, by: Actor) -> None:
    """Once every sheet is locked: several are compared, and one alone is what the report stands on.

    Source: domain reference 1.4: each rates before seeing the other's, then they agree.
    """
    sheets = list(review.reviewers.rating().values_list("finished_at", flat=True))
    if None in sheets:
        return
    if len(sheets) == 1:
        begin_report(review, by=by)
    else:
        review.status = Review.Status.CONSENSUS
        review.save(update_fields=["status"])
        notices.to_agree(review)


def begin_report(review: Review, *, by: Actor) -> None:
    """The ratings of the review are final now, and the report is drafted from them."""
    review.status, review.finished_at = Review.Status.DRAFT_REPORT, timezone.now()
    review.finished_by_id = by.person_id
    review.save(update_fields=["status", "finished_at", "finished_by"])
    draft_report(review)


def check_begun(review: Review) -> None:
    """A report dates from its visit, so nobody finishes before the visit begins. Rating ahead is preparation."""
    if review.starts_on > review.state.today():
        raise Unacceptable(
            f"The visit begins on {review.starts_on:%B %-d, %Y}. Rating can be finished from that day; "
            "everything rated so far is kept. If the dates have changed, correct them on the page of the review."
        )


@transaction.atomic(savepoint=False)
def reopen(review: Review, *, reason: str, by: Actor) -> Review:
    """Before the report is issued, and with everything written in it kept: sheets nobody else has seen are rated
    again; reviewers who have seen each other's agree again."""
    require(by, "reopen", Resource.REVIEW, review.place)
    lock(review)
    check_reopens(review)
    if not reason.strip():
        raise Unacceptable("Say why the ratings are opened again; it stays in the history.", field="reason")
    with because(reason):
        was_drafted = review.status == Review.Status.DRAFT_REPORT
        if was_drafted:
            answering.withdraw(review)
            undraft_report(review)
        if was_drafted and was_compared(review):
            review.status = Review.Status.CONSENSUS
            notices.to_agree(review)
        else:
            review.reviewers.update(finished_at=None)
            review.status = Review.Status.RATING
        review.finished_at = review.finished_by = None
        review.save(update_fields=["status", "finished_at", "finished_by"])
    return review


def was_compared(review: Review) -> bool:
    """Whoever was named later, to go on writing, has no sheet."""
    return bool(review.reviewers.filter(finished_at__isnull=False).count() > 1)


def check_reopens(review: Review) -> None:
    if review.status == Review.Status.RATING and review.reviewers.filter(finished_at__isnull=False).exists():
        return
    if review.status != Review.Status.DRAFT_REPORT:
        raise WrongStatus(
            "Only finished ratings can be reopened, until the report is issued; this review is "
            f"{review.get_status_display().lower()}."
        )
