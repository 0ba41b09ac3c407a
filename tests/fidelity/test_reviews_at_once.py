"""Two people, or two windows, at the same moment: what one does while the transaction of the other is still open."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, connections

from agencies import tenancy
from agencies.refusals import Refusal, Unacceptable, WrongStatus
from fidelity import reports
from fidelity.actions import finishing, importing, naming, planning, rating, reporting, scheduling
from fidelity.actions.rating import RatingValues
from fidelity.actions.registering import record
from fidelity.models import ActionPlan, Edition, PlanRow, Rating, Review
from tests.cast import StateCast, make_cast
from tests.fidelity import reviews
from tests.fidelity.past import row
from tests.fidelity.test_past_importing import NORTH, imported
from tests.fidelity.test_planning import change, planned, row_of
from tests.fidelity.test_register import recorded
from tests.fidelity.test_reporting import draft, write


@pytest.fixture
def cast(transactional_db: None) -> Iterator[StateCast]:
    yield make_cast().meridian
    connections.close_all()


class Other:
    """Somebody else, who begins the deed while a transaction of this thread is open, and may have to wait for it."""

    def __init__(self, deed: Callable[[], Any]) -> None:
        self.deed = deed
        self.answers: list[Any] = []
        self.thread = threading.Thread(target=self._do)

    def begins(self) -> None:
        self.thread.start()
        self.thread.join(0.5)  # gone through by now, or waiting

    def answer(self) -> Any:
        self.thread.join(10)
        return self.answers[0]

    def _do(self) -> None:
        try:
            self.answers.append(self.deed())
        except (Refusal, DatabaseError) as refusal:
            self.answers.append(refusal)
        finally:
            connection.close()


def as_read(review: Review) -> Review:
    found: Review = reports.reviews().get(pk=review.pk)
    return found


def test_a_report_issued_while_an_import_is_taken_back_tells_nothing_of_it(cast: StateCast) -> None:
    found = imported(cast, row(NORTH, first="3/14/2021"))
    review = write(cast, draft(cast))

    def issue() -> Edition:
        with reviews.acting(cast, "admin") as by:
            at_hand = as_read(review)
            return reporting.issue(at_hand, version=at_hand.text.version, by=by)

    other = Other(issue)
    with reviews.acting(cast, "admin") as by:
        importing.take_back(found, reason="Wrong.", by=by)
        other.begins()
    edition = other.answer()
    assert isinstance(edition, Edition)
    assert edition.snapshot["previous"] is None


def test_a_rating_taken_back_while_the_sheet_is_finished_is_counted(cast: StateCast) -> None:
    review = reviews.rate(cast, reviews.scheduled(cast), 3)
    other = Other(lambda: reviews.finished(cast, review))
    with reviews.acting(cast, "trainer") as by:
        rating.save_rating(as_read(review), item_code="ST1", values=RatingValues(), version=1, by=by)
        other.begins()
    assert isinstance(other.answer(), Unacceptable)
    with tenancy.as_system(cast.state.pk, cast.people["trainer"].pk):
        assert Review.objects.get(pk=review.pk).status == Review.Status.RATING
        assert Rating.objects.get(item_code="ST1").score is None


def test_a_rating_saved_while_the_sheet_is_finished_is_refused(cast: StateCast) -> None:
    review = reviews.rate(cast, reviews.scheduled(cast), 3)

    def save() -> Rating:
        with reviews.acting(cast, "trainer") as by:
            return rating.save_rating(
                as_read(review), item_code="ST1", values=RatingValues(5), version=1, by=by
            )

    other = Other(save)
    with reviews.acting(cast, "trainer") as by:
        finishing.finish(as_read(review), by=by)
        other.begins()
    assert isinstance(other.answer(), WrongStatus)


def test_a_reviewer_who_begins_while_being_taken_off_stays(cast: StateCast) -> None:
    review = reviews.scheduled(cast, others=("reviewer",))

    def remove() -> Review:
        with reviews.acting(cast, "admin") as by:
            return naming.change_reviewers(as_read(review), lead=cast.memberships["trainer"], by=by)

    other = Other(remove)
    with reviews.acting(cast, "reviewer") as by:
        rating.save_rating(as_read(review), item_code="ST1", values=RatingValues(4), version=0, by=by)
        other.begins()
    assert isinstance(other.answer(), Unacceptable)


def test_a_report_saved_while_it_is_issued_is_refused(cast: StateCast) -> None:
    review = write(cast, draft(cast))
    other = Other(lambda: write(cast, review, strengths="Too late."))
    with reviews.acting(cast, "admin") as admin:
        found = as_read(review)
        reporting.issue(found, version=found.text.version, by=admin)
        other.begins()
    assert isinstance(other.answer(), WrongStatus)
    with tenancy.as_system(cast.state.pk):
        assert Review.objects.get(pk=review.pk).text.strengths != "Too late."


def test_two_reviews_are_not_moved_onto_the_same_days(cast: StateCast) -> None:
    today = cast.state.today()
    one, two = (reviews.scheduled(cast, starts_on=today + timedelta(days=days)) for days in (10, 20))

    def move(review: Review) -> Review:
        day = today + timedelta(days=30)
        with reviews.acting(cast, "trainer") as by:
            return scheduling.reschedule(as_read(review), mode="onsite", starts_on=day, ends_on=day, by=by)

    other = Other(lambda: move(two))
    with reviews.acting(cast, "trainer"):
        move(one)
        other.begins()
    assert isinstance(other.answer(), Unacceptable)


def test_a_row_begun_while_it_is_taken_out_stays_as_dropped(cast: StateCast) -> None:
    plan = planned(cast)
    with reviews.acting(cast, "leader"):
        row = PlanRow.objects.select_related("plan__team").get(pk=row_of(plan).pk)
    change(cast, plan, note="Begun.", status="in_progress")
    with reviews.acting(cast, "leader") as by:
        planning.drop_row(row, by=by)
        assert PlanRow.objects.get(pk=row.pk).note == "Begun."


def test_a_row_taken_out_while_it_is_written_says_so(cast: StateCast) -> None:
    plan = planned(cast)
    with reviews.acting(cast, "leader") as by:
        row = PlanRow.objects.select_related("plan__team").get(pk=row_of(plan).pk)
        planning.drop_row(row_of(plan), by=by)
    with pytest.raises(WrongStatus, match="took this item out"), reviews.acting(cast, "leader") as by:
        planning.change_row(row, values=planning.row_values(row), version=row.version, by=by)


def test_answers_typed_while_the_plan_is_put_in_use_are_the_agencys(cast: StateCast) -> None:
    plan = planned(cast)
    with reviews.acting(cast, "trainer"):
        row = PlanRow.objects.select_related("plan__team").get(pk=row_of(plan).pk)
    with tenancy.as_system(cast.state.pk):
        ActionPlan.objects.update(status="active")
    values = replace(planning.row_values(row), steps="Ours.")
    with pytest.raises(Refusal, match="the agency's"), reviews.acting(cast, "trainer") as by:
        planning.change_row(row, values=values, version=row.version, by=by)


def test_a_training_recorded_twice_at_once_is_on_record_once(cast: StateCast) -> None:
    key = uuid4()
    other = Other(lambda: recorded(cast, key=key))
    with reviews.acting(cast, "admin") as by:
        first = record(
            cast.state,
            person_id=cast.people["trainer"].pk,
            kind="training",
            held_on=cast.state.today(),
            words="Two days in Springfield",
            key=key,
            by=by,
        )
        other.begins()
    assert other.answer() == first
