"""Two at the same draft at the same moment, in two transactions of a real database: one wins, the other is told."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connections

from agencies.refusals import StaleVersion, WrongStatus
from fidelity.actions import moderating, naming, reporting
from fidelity.models import Moderation, Review
from tests.cast import StateCast, make_cast
from tests.fidelity import moderations, reviews
from tests.fidelity.test_reporting import issue, write
from tests.fidelity.test_reviews_at_once import Other, as_read


@pytest.fixture
def cast(transactional_db: None) -> Iterator[StateCast]:
    yield moderations.asking(make_cast().meridian)
    connections.close_all()


def kept(cast: StateCast, review: Review) -> list[tuple[str, str]]:
    with reviews.acting(cast, "admin"):
        rows = Moderation.objects.filter(review=review)
        return list(rows.values_list("outcome", "done_by__name"))


def test_of_two_moderators_exactly_one_decides(cast: StateCast) -> None:
    review = moderations.asked(cast)
    read = moderations.version(cast, review)
    other = Other(lambda: moderations.send_back(cast, review, "admin"))
    with reviews.acting(cast, "second_trainer") as by:
        moderating.agree(as_read(review), version=read, by=by)
        other.begins()
    refused = other.answer()
    assert isinstance(refused, StaleVersion)
    assert refused.status == 409
    name = cast.people["second_trainer"].name
    assert {key: refused.current[key] for key in ("stage", "version", "done_by")} == {
        "stage": "agreed",
        "version": read,
        "done_by": name,
    }
    assert kept(cast, review) == [("agreed", name)]


def test_nobody_agrees_to_what_is_changed_at_that_moment(cast: StateCast) -> None:
    review = moderations.asked(cast)
    read = moderations.version(cast, review)
    other = Other(lambda: moderations.agree(cast, review, read=read))
    with reviews.acting(cast, "trainer") as by:
        found = as_read(review)
        texts = dict.fromkeys(("method", "overview", "strengths", "next_steps"), "Otherwise.")
        reporting.save_report(found, **texts, items={}, version=read, by=by)
        other.begins()
    assert isinstance(other.answer(), WrongStatus)
    assert kept(cast, review) == [("", None)]


GOES_ON = [moderations.hand_over, issue]


def went_on(cast: StateCast, review: Review) -> bool:
    with reviews.acting(cast, "trainer"):
        return bool(as_read(review).status == Review.Status.ISSUED or as_read(review).text.handed_over_at)


@pytest.mark.parametrize("deed", GOES_ON)
def test_nothing_goes_on_that_is_changed_at_that_moment(
    cast: StateCast, deed: Callable[[StateCast, Review], Any]
) -> None:
    review = moderations.agreed(cast)
    other = Other(lambda: deed(cast, review))
    with reviews.acting(cast, "trainer") as by:
        found = as_read(review)
        texts = dict.fromkeys(("method", "overview", "strengths", "next_steps"), "Otherwise.")
        reporting.save_report(found, **texts, items={}, version=found.text.version, by=by)
        other.begins()
    assert isinstance(other.answer(), WrongStatus)
    assert not went_on(cast, review)


def test_what_is_saved_while_it_is_handed_over_takes_it_back(cast: StateCast) -> None:
    review = moderations.agreed(cast)
    other = Other(lambda: write(cast, review, overview="Otherwise."))
    with reviews.acting(cast, "trainer") as by:
        reporting.hand_over(as_read(review), by=by)
        other.begins()
    assert isinstance(other.answer(), Review)
    assert not went_on(cast, review)
    assert moderations.stands(cast, review).stage == ""


def test_what_is_saved_while_it_is_issued_is_refused(cast: StateCast) -> None:
    review = moderations.agreed(cast)
    read = moderations.version(cast, review)
    other = Other(lambda: write(cast, review, overview="Otherwise."))
    with reviews.acting(cast, "admin") as by:
        edition = reporting.issue(as_read(review), version=read, by=by)
        other.begins()
    assert isinstance(other.answer(), WrongStatus)
    assert "Otherwise." not in json.dumps(edition.snapshot)
    assert moderations.stands(cast, review).is_agreed


def test_nothing_goes_on_while_other_reviewers_are_named(cast: StateCast) -> None:
    review = moderations.agreed(cast)
    other = Other(lambda: moderations.hand_over(cast, review))
    with reviews.acting(cast, "admin") as by:
        others = [cast.memberships["reviewer"]]
        naming.change_reviewers(as_read(review), lead=None, others=others, by=by)
        other.begins()
    assert isinstance(other.answer(), WrongStatus)
    assert not went_on(cast, review)


def test_two_who_ask_at_once_ask_once(cast: StateCast) -> None:
    review = write(cast, reviews.drafted(cast, others=("reviewer",)))
    other = Other(lambda: moderations.ask(cast, review, "reviewer"))
    with reviews.acting(cast, "trainer") as by:
        moderating.ask(as_read(review), by=by)
        other.begins()
    assert other.answer() == 0
    assert len(kept(cast, review)) == 1
