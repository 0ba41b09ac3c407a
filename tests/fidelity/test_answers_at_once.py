"""Two people at the same comment at the same moment, in two transactions of a real database: one wins."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from django.db import connections

from agencies.refusals import Refusal, StaleVersion, WrongStatus
from fidelity.actions import answering, reporting
from fidelity.actions.answering import Comment
from tests.cast import StateCast, make_cast
from tests.fidelity import answers, reviews
from tests.fidelity.answers import WRONG
from tests.fidelity.test_answering import CHANGED
from tests.fidelity.test_reviews_at_once import Other, as_read


@pytest.fixture
def cast(transactional_db: None) -> Iterator[StateCast]:
    yield answers.asking(make_cast().meridian)
    connections.close_all()


def test_two_who_answer_one_comment_at_once_are_one_answer(cast: StateCast) -> None:
    review = answers.handed_over(cast, others=("reviewer",))
    answers.comment(cast, review, closes=True, ST1=WRONG)
    other = Other(lambda: answers.answer(cast, review, "reviewer", ST1=replace(CHANGED, outcome="unchanged")))
    with reviews.acting(cast, "trainer") as by:
        answering.answer(as_read(review), items={"ST1": CHANGED}, by=by)
        other.begins()
    assert isinstance(other.answer(), StaleVersion)
    row = answers.said(cast, review, "ST1")
    assert (row.outcome, row.answered_by, row.version) == ("changed", cast.people["trainer"], 2)


def test_two_who_comment_on_one_item_at_once_are_told(cast: StateCast) -> None:
    review = answers.handed_over(cast)
    other = Other(lambda: answers.comment(cast, review, "supervisor", ST1=Comment("Two.", "Payroll.")))
    with reviews.acting(cast, "leader") as by:
        answering.comment(as_read(review), items={"ST1": WRONG}, closes=False, by=by)
        other.begins()
    assert isinstance(other.answer(), StaleVersion)
    assert answers.said(cast, review, "ST1").wrong == WRONG.wrong


def test_a_comment_made_while_the_agency_says_it_is_done_is_refused(cast: StateCast) -> None:
    review = answers.handed_over(cast)
    other = Other(lambda: answers.comment(cast, review, "supervisor", ST1=WRONG))
    with reviews.acting(cast, "leader") as by:
        answering.comment(as_read(review), items={}, closes=True, by=by)
        other.begins()
    assert isinstance(other.answer(), WrongStatus)


def test_a_report_is_not_issued_while_a_comment_is_written(cast: StateCast) -> None:
    review = answers.handed_over(cast)

    def issue() -> object:
        with reviews.acting(cast, "admin") as admin:
            found = as_read(review)
            return reporting.issue(found, version=found.text.version, by=admin)

    other = Other(issue)
    with reviews.acting(cast, "leader") as by:
        answering.comment(as_read(review), items={"ST1": WRONG}, closes=True, by=by)
        other.begins()
    assert isinstance(other.answer(), Refusal)
