"""A report is handed over to a second person, and comes back when it is changed."""

import pytest

from agencies import tenancy
from fidelity.actions import finishing, reporting
from fidelity.models import Review
from ips_portal.notices.models import Message
from tests.cast import StateCast, make_cast
from tests.fidelity import reviews
from tests.fidelity.test_reporting import draft, texts, write


@pytest.fixture
def cast(db: None) -> StateCast:
    return make_cast().meridian


def test_handing_over_tells_those_who_may_issue_once(cast: StateCast) -> None:
    review = write(cast, draft(cast))
    with reviews.acting(cast, "trainer") as trainer:
        found = Review.objects.get(pk=review.pk)
        assert reporting.hand_over(found, by=trainer) == 2
        assert reporting.hand_over(found, by=trainer) == 0
        assert found.text.handed_over_by == cast.people["trainer"]
    with tenancy.as_system(cast.state.pk):
        told = set(Message.objects.filter(notice="report-to-issue").values_list("address", flat=True))
    assert told == {cast.people[each].email for each in ("admin", "second_trainer")}


@pytest.mark.parametrize(("changed", "stays"), [({}, True), ({"overview": "Seen anew."}, False)])
def test_a_report_changed_after_hand_over_is_with_its_writers_again(
    cast: StateCast, changed: dict[str, str], stays: bool
) -> None:
    review = write(cast, draft(cast))
    with reviews.acting(cast, "trainer") as trainer:
        reporting.hand_over(Review.objects.get(pk=review.pk), by=trainer)
    write(cast, review, **changed)
    assert (reviews.said(cast, review).handed_over_at is not None) is stays


def test_an_item_changed_after_hand_over_takes_the_report_back(cast: StateCast) -> None:
    review = write(cast, draft(cast))
    with reviews.acting(cast, "trainer") as trainer:
        found = Review.objects.get(pk=review.pk)
        reporting.hand_over(found, by=trainer)
        items = texts(found) | {"ST1": reporting.ItemText("Seen anew.", "Hire one more.", is_priority=True)}
    write(cast, review, items=items)
    assert reviews.said(cast, review).handed_over_at is None


def test_a_reopened_review_is_handed_over_anew(cast: StateCast) -> None:
    review = write(cast, draft(cast))
    with reviews.acting(cast, "trainer") as trainer:
        reporting.hand_over(Review.objects.get(pk=review.pk), by=trainer)
    with reviews.acting(cast, "admin") as admin:
        finishing.reopen(Review.objects.get(pk=review.pk), reason="Item 4 was read wrongly.", by=admin)
    assert reviews.said(cast, review).handed_over_at is None
