"""Two people at the same correction at the same moment, in two transactions of a real database: one wins."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connections

from agencies import tenancy
from agencies.refusals import StaleVersion, WrongStatus
from fidelity import reports
from fidelity.actions import correcting, opening
from fidelity.actions.correcting import ItemWords
from fidelity.models import Correction, Edition, Review
from ips_portal.reports import making
from ips_portal.reports.models import ReportRequest
from tests.cast import StateCast, make_cast
from tests.fidelity import corrections, reviews
from tests.fidelity.corrections import BETTER, WHY
from tests.fidelity.test_reviews_at_once import Other


@pytest.fixture
def cast(transactional_db: None) -> Iterator[StateCast]:
    yield make_cast().meridian
    connections.close_all()


def ready(cast: StateCast) -> Review:
    """Written and handed over."""
    review = reviews.issued(cast, days_ago=10)
    corrections.opened(cast, review)
    corrections.written(cast, review, ST1=BETTER)
    corrections.handed_over(cast, review)
    return review


def test_two_who_open_one_at_once_open_one(cast: StateCast) -> None:
    review = reviews.issued(cast, days_ago=10)
    other = Other(lambda: corrections.opened(cast, review, items=("ST2",)))
    with reviews.acting(cast, "admin") as admin:
        opening.begin(
            corrections.as_read(review),
            items=("ST1",),
            with_texts=False,
            writer=cast.memberships["trainer"],
            until=cast.state.today() + timedelta(days=3),
            reason=WHY,
            by=admin,
        )
        other.begins()
    refusal = other.answer()
    assert isinstance(refusal, StaleVersion)
    assert refusal.current["writer"] == cast.people["trainer"].name
    with tenancy.as_system(cast.state.pk):
        assert Correction.objects.count() == 1


def test_two_who_issue_at_once_make_one_edition(cast: StateCast) -> None:
    review = ready(cast)
    read = corrections.stored(cast, review)
    other = Other(lambda: corrections.issued(cast, review, "second_trainer", version=read))
    with reviews.acting(cast, "admin") as admin:
        correcting.issue(corrections.as_read(review), version=read, by=admin)
        other.begins()
    refusal = other.answer()
    assert isinstance(refusal, WrongStatus)
    assert f"{cast.people['admin'].name} has issued this correction as edition 2" in refusal.message
    with tenancy.as_system(cast.state.pk):
        assert Edition.objects.filter(review=review).count() == 2


def test_what_is_written_while_another_issues_is_refused(cast: StateCast) -> None:
    review = ready(cast)
    read = corrections.stored(cast, review)
    late = ItemWords(1, "Late.", "Late.")
    other = Other(lambda: corrections.written(cast, review, version=read, ST1=late))
    with reviews.acting(cast, "admin") as admin:
        edition = correcting.issue(corrections.as_read(review), version=read, by=admin)
        other.begins()
    assert isinstance(other.answer(), WrongStatus)
    assert edition.snapshot["total"] == 77


def test_a_worker_begins_a_waiting_paper_when_the_new_edition_is_there(cast: StateCast) -> None:
    review = ready(cast)
    read = corrections.stored(cast, review)
    with tenancy.as_system(cast.state.pk):
        paper = ReportRequest.objects.get(kind=reports.REPORT, subject_id=review.pk)
    worker = Other(lambda: making.claimed(cast.state.pk, paper.membership_id, paper.pk))
    with reviews.acting(cast, "admin") as admin:
        correcting.issue(corrections.as_read(review), version=read, by=admin)
        worker.begins()
        assert worker.answers == []
    assert worker.answer().report.pk == paper.pk


def test_nobody_issues_what_is_given_up_at_the_same_moment(cast: StateCast) -> None:
    review = ready(cast)
    read = corrections.stored(cast, review)
    other = Other(lambda: corrections.issued(cast, review, "second_trainer", version=read))
    with reviews.acting(cast, "admin") as admin:
        opening.abandon(corrections.as_read(review), reason="It was right.", by=admin)
        other.begins()
    refusal = other.answer()
    assert isinstance(refusal, WrongStatus)
    assert "given this correction up" in refusal.message


def test_two_windows_that_save_at_once_keep_one(cast: StateCast) -> None:
    review = reviews.issued(cast, days_ago=10)
    corrections.opened(cast, review)
    other = Other(lambda: corrections.written(cast, review, version=1, ST1=ItemWords(4, "Two.", "Two.")))
    with reviews.acting(cast, "trainer") as by:
        correcting.save_correction(corrections.as_read(review), items={"ST1": BETTER}, version=1, by=by)
        other.begins()
    assert isinstance(other.answer(), StaleVersion)
