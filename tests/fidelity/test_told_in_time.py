"""A notice about a review is not mailed once it no longer holds, however long the mail server was away."""

from collections.abc import Iterator

import pytest

from agencies import tenancy
from fidelity.actions import reporting, scheduling
from fidelity.models import Review
from ips_portal.notices.models import Message
from tests.cast import StateCast
from tests.fidelity import reviews
from tests.fidelity.test_reporting import draft, write
from tests.ips_portal.post import caught, deliver_all, kept_in_files, messages

Status = Message.Status


@pytest.fixture
def cast(db: None) -> Iterator[StateCast]:
    with kept_in_files() as cast:
        yield cast.meridian


def statuses(cast: StateCast, notice: str) -> set[str]:
    return {message.status for message in messages(cast, notice=notice)}


def handed_over(cast: StateCast) -> Review:
    review = write(cast, draft(cast))
    with reviews.acting(cast, "trainer") as trainer:
        reporting.hand_over(Review.objects.get(pk=review.pk), by=trainer)
    return review


def test_a_visit_that_was_cancelled_is_told_as_cancelled_only(cast: StateCast) -> None:
    review = reviews.scheduled(cast)
    with reviews.acting(cast, "admin") as admin:
        scheduling.cancel(Review.objects.get(pk=review.pk), reason="The team moves offices.", by=admin)
    deliver_all(cast)
    assert statuses(cast, "review-scheduled") == {Status.NOT_SENT}
    assert statuses(cast, "review-cancelled") == {Status.SENT}
    assert {mail.subject for mail in caught()} == {f"Fidelity review of {review.team} is cancelled"}


def test_a_visit_ahead_is_told(cast: StateCast) -> None:
    reviews.scheduled(cast)
    deliver_all(cast)
    assert statuses(cast, "review-scheduled") == {Status.SENT}


def test_a_report_that_waits_is_told(cast: StateCast) -> None:
    handed_over(cast)
    deliver_all(cast)
    assert statuses(cast, "report-to-issue") == {Status.SENT}


def test_a_report_taken_back_is_told_only_when_it_is_handed_over_anew(cast: StateCast) -> None:
    review = handed_over(cast)
    write(cast, review, overview="Seen anew.")
    with reviews.acting(cast, "trainer") as trainer:
        reporting.hand_over(Review.objects.get(pk=review.pk), by=trainer)
    deliver_all(cast)
    told = [message.status for message in messages(cast, notice="report-to-issue")]
    assert told == [Status.NOT_SENT, Status.NOT_SENT, Status.SENT, Status.SENT]


def test_a_report_issued_meanwhile_waits_for_nobody(cast: StateCast) -> None:
    review = handed_over(cast)
    with tenancy.as_system(cast.state.pk):
        version = Review.objects.get(pk=review.pk).text.version
    with reviews.acting(cast, "admin") as admin:
        reporting.issue(Review.objects.get(pk=review.pk), version=version, by=admin)
    deliver_all(cast)
    assert statuses(cast, "report-to-issue") == {Status.NOT_SENT}
    assert statuses(cast, "report-issued") == {Status.COLLECTED}
