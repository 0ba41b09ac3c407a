"""Drafts that are with the agency, for tests; each step through its action."""

from datetime import timedelta
from typing import Any

from agencies.models import StatePolicy
from fidelity.actions import answering, reporting
from fidelity.actions.answering import Comment, Reply
from fidelity.models import AnswerWindow, DraftComment, Review
from tests.cast import STARTED, StateCast
from tests.fidelity import reviews
from tests.fidelity.test_reporting import draft, write

DAYS = 10
WRONG = Comment("There are three specialists, not two.", "Payroll of March.")


def asking(cast: StateCast, days: int = DAYS) -> StateCast:
    """The state, whose policy gives the agency so many days."""
    with reviews.acting(cast, "admin"):
        StatePolicy.objects.create(
            state=cast.state,
            subject=StatePolicy.Subject.FIDELITY,
            name="With time to correct",
            effective_from=STARTED,
            data={"answer_days": days},
        )
    return cast


def handed_over(cast: StateCast, review: Review | None = None, **booked: Any) -> Review:
    """A report that is written and handed over; under `asking`, the agency has it now."""
    review = write(cast, review or draft(cast, **booked))
    with reviews.acting(cast, "trainer") as trainer:
        reporting.hand_over(Review.objects.get(pk=review.pk), by=trainer)
        return Review.objects.get(pk=review.pk)


def comment(
    cast: StateCast, review: Review, by: str = "leader", *, closes: bool = False, **items: Comment
) -> AnswerWindow:
    with reviews.acting(cast, by) as actor:
        return answering.comment(Review.objects.get(pk=review.pk), items=items, closes=closes, by=actor)


def answer(cast: StateCast, review: Review, by: str = "trainer", **items: Reply) -> AnswerWindow:
    with reviews.acting(cast, by) as actor:
        return answering.answer(Review.objects.get(pk=review.pk), items=items, by=actor)


def window(cast: StateCast, review: Review) -> AnswerWindow:
    with reviews.acting(cast, "admin"):
        return AnswerWindow.objects.select_related("state").get(review=review)


def over(cast: StateCast, review: Review) -> Review:
    """The last day has passed: for the clock of the portal and for that of the database alike."""
    with reviews.acting(cast, "admin"):
        found = AnswerWindow.objects.get(review=review)
        AnswerWindow.objects.filter(pk=found.pk).update(ends_at=found.opened_at - timedelta(minutes=1))
    return review


def said(cast: StateCast, review: Review, code: str) -> DraftComment:
    with reviews.acting(cast, "admin"):
        return DraftComment.objects.get(review=review, item_code=code)
