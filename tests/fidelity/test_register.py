"""The register of reviewers: who is trained, what they led, and the warning where nobody on a review is trained."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from agencies.refusals import NotPermitted, Unacceptable
from fidelity.actions.registering import record, take_off
from fidelity.models import Review, Reviewer, ReviewerTraining
from fidelity.register import RegisterLine, register
from tests.cast import Cast, StateCast, make_cast
from tests.fidelity import answers, reviews
from tests.fidelity.pages import get, post, queries, text
from tests.fidelity.test_reporting import issue

PAGE = "reviews/reviewers/"
WARNING = "Nobody who reviews here has a reviewer training on record."


@pytest.fixture
def world(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def cast(world: Cast) -> StateCast:
    return world.meridian


def recorded(
    cast: StateCast, persona: str = "trainer", by: str = "admin", **changed: Any
) -> ReviewerTraining:
    given = {
        "kind": "training",
        "held_on": cast.state.today(),
        "words": "Two days in Springfield",
        "key": uuid4(),
    }
    with reviews.acting(cast, by) as actor:
        return record(cast.state, person_id=cast.people[persona].pk, **(given | changed), by=actor)


def line(cast: StateCast, persona: str) -> RegisterLine:
    with reviews.acting(cast, "admin"):
        return next(each for each in register(cast.state) if each.person == cast.people[persona])


def booking(cast: StateCast, *others: str) -> dict[str, Any]:
    first = cast.state.today() + timedelta(days=20)
    return {
        "starts_on": f"{first:%m/%d/%Y}",
        "mode": Review.Mode.ONSITE,
        "lead": str(cast.memberships["trainer"].pk),
        "others": [str(cast.memberships[each].pk) for each in others],
    }


def told(answer: Any) -> str:
    """What the next page says."""
    assert answer.status_code == 302
    return " ".join(str(each) for each in answer.wsgi_request._messages)


def test_reviews_that_are_issued_count_by_themselves(cast: StateCast) -> None:
    issued = reviews.issued(cast, days_ago=10)
    recorded(cast)
    recorded(cast, kind="shadowed", words="Team North One")
    found = line(cast, "trainer")
    assert (found.led, found.co_led, found.shadowed) == (1, 0, 1)
    assert (found.last_on, found.trained_on) == (issued.ends_on, cast.state.today())


def test_who_left_half_way_and_was_set_aside_led_nothing(cast: StateCast) -> None:
    review = reviews.scheduled(cast, others=("reviewer",))
    with reviews.acting(cast, "admin"):
        Reviewer.objects.filter(review=review, person=cast.people["reviewer"]).update(
            started_at=timezone.now(), set_aside_at=timezone.now()
        )
    answers.handed_over(cast, reviews.finished(cast, reviews.rate(cast, review, 3)))
    issue(cast, review)
    assert (line(cast, "trainer").led, line(cast, "reviewer").co_led) == (1, 0)


def test_a_form_sent_twice_records_once_and_a_mistake_is_taken_off(cast: StateCast) -> None:
    sent = {
        "person": str(cast.people["trainer"].pk),
        "kind": "training",
        "held_on": f"{cast.state.today():%m/%d/%Y}",
        "words": "Two days in Springfield",
        "key": str(uuid4()),
    }
    for _ in range(2):
        assert post(cast, "trainer", PAGE, **sent).status_code == 302
    [row] = line(cast, "trainer").records
    assert "Two days in Springfield" in text(get(cast, "vr_liaison", PAGE))
    assert post(cast, "trainer", PAGE, take_off=row.pk).status_code == 302
    assert line(cast, "trainer").records == ()
    assert post(cast, "trainer", PAGE, take_off=row.pk).status_code == 404


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"kind": "led"}, "Choose a training"),
        ({"words": " "}, "Say which training"),
        ({"words": "x" * 201}, "at most 200 characters"),
        ({"persona": "supervisor"}, "Choose somebody who reviews"),
    ],
)
def test_what_cannot_be_recorded_is_said(cast: StateCast, changed: dict[str, Any], said: str) -> None:
    with pytest.raises(Unacceptable, match=said):
        recorded(cast, **changed)
    with pytest.raises(Unacceptable, match="still to come"):
        recorded(cast, held_on=cast.state.today() + timedelta(days=1))


def test_the_register_is_the_states_and_its_trainers_keep_it(world: Cast, cast: StateCast) -> None:
    row = recorded(cast)
    assert get(cast, "leader", PAGE).status_code == 404
    assert post(world.bayou, "admin", PAGE, take_off=row.pk).status_code == 404
    for persona in ("vr_liaison", "leader"):
        with pytest.raises(NotPermitted):
            recorded(cast, by=persona)
    with reviews.acting(cast, "vr_liaison") as liaison, pytest.raises(NotPermitted):
        take_off(row, by=liaison)


def test_scheduling_says_where_nobody_is_trained(cast: StateCast) -> None:
    address = "reviews/new/?team=north-one&kind=external"
    assert "Nobody has a reviewer training on record yet." in text(get(cast, "trainer", address))
    assert WARNING in told(post(cast, "trainer", address, **booking(cast)))
    recorded(cast)
    other = "reviews/new/?team=north-two&kind=external"
    assert "With a reviewer training on record: Meridian Trainer." in text(get(cast, "trainer", other))
    assert WARNING not in told(post(cast, "trainer", other, **booking(cast)))


def test_the_page_costs_the_same_with_more_reviewers(cast: StateCast) -> None:
    recorded(cast)
    few = queries(cast, "trainer", PAGE)
    reviews.issued(cast, days_ago=10)
    for _ in range(3):
        recorded(cast, kind="shadowed")
    assert queries(cast, "trainer", PAGE) == few
