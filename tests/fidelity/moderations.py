"""Drafts that a second person of the state reads first, for tests; each step through its action."""

from typing import Any

from agencies.models import StatePolicy
from fidelity.actions import moderating, reporting
from fidelity.models import Moderation, Review
from fidelity.moderation import Moderated, moderated
from tests.cast import STARTED, StateCast
from tests.fidelity import reviews
from tests.fidelity.test_reporting import draft, write

REMARKS = {"ST1": "The caseload of March is not counted."}


def asking(cast: StateCast, *, days: int = 0) -> StateCast:
    """The state, whose policy asks for moderation, and gives the agency so many days afterwards."""
    with reviews.acting(cast, "admin"):
        StatePolicy.objects.create(
            state=cast.state,
            subject=StatePolicy.Subject.FIDELITY,
            name="With moderation",
            effective_from=STARTED,
            data={"moderation": True, "answer_days": days},
        )
    return cast


def as_read(review: Review) -> Review:
    return Review.objects.get(pk=review.pk)


def written(cast: StateCast, **booked: Any) -> Review:
    return write(cast, draft(cast, **booked))


def ask(cast: StateCast, review: Review, by: str = "trainer", *, answer: str = "") -> int:
    with reviews.acting(cast, by) as actor:
        return moderating.ask(as_read(review), answer=answer, by=actor)


def asked(cast: StateCast, **booked: Any) -> Review:
    """A report that is written and waits to be read."""
    review = written(cast, **booked)
    ask(cast, review)
    return review


def version(cast: StateCast, review: Review) -> int:
    with reviews.acting(cast, "trainer"):
        return as_read(review).text.version


def agree(
    cast: StateCast, review: Review, by: str = "second_trainer", *, note: str = "", read: int = 0
) -> Moderation:
    read = read or version(cast, review)
    with reviews.acting(cast, by) as actor:
        return moderating.agree(as_read(review), version=read, note=note, by=actor)


def send_back(
    cast: StateCast, review: Review, by: str = "second_trainer", *, reason: str = "Look at item 1."
) -> Moderation:
    read = version(cast, review)
    with reviews.acting(cast, by) as actor:
        return moderating.send_back(as_read(review), version=read, reason=reason, remarks=REMARKS, by=actor)


def agreed(cast: StateCast, **booked: Any) -> Review:
    review = asked(cast, **booked)
    agree(cast, review)
    return review


def hand_over(cast: StateCast, review: Review) -> int:
    with reviews.acting(cast, "trainer") as trainer:
        return reporting.hand_over(as_read(review), by=trainer)


def stands(cast: StateCast, review: Review) -> Moderated:
    with reviews.acting(cast, "admin"):
        found = moderated(as_read(review))
        assert found is not None
        return found
