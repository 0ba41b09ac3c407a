"""The agenda of a visit whose days were changed after it was planned."""

import pytest

from fidelity.models import Review, Visit
from fidelity.visits import Slot, VisitValues
from tests.cast import StateCast, make_cast
from tests.fidelity import reviews
from tests.fidelity.pages import at, get, text
from tests.fidelity.test_visiting import form_of, saved, sent


@pytest.fixture
def cast(db: None) -> StateCast:
    return make_cast().meridian


@pytest.fixture
def review(cast: StateCast) -> Review:
    return reviews.scheduled(cast, others=("reviewer",))


def test_what_is_planned_for_a_day_that_fell_away_stays_on_its_day(cast: StateCast, review: Review) -> None:
    planned = (Slot(1, "09:00", "Director", "Welcome"), Slot(3, "08:30", "", "Read records"))
    saved(cast, review, VisitValues(agenda=planned))
    assert "Day 3, no longer part of the visit" in text(get(cast, "trainer", at(review, "visit/")))
    fields = form_of(cast, review, page="visit/") | {"agenda-1-who": "Both directors"}
    assert sent(cast, review, fields, page="visit/").status_code == 302
    with reviews.acting(cast, "trainer"):
        assert [slot.day for slot in Visit.objects.get(review=review).values.agenda] == [1, 3]
