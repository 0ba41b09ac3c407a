"""A finished sheet is opened again: what the portal drafted follows the new ratings, what people wrote stays."""

import pytest

from fidelity import reports
from fidelity.actions import finishing, rating
from fidelity.actions.rating import RatingValues
from fidelity.actions.reporting import ItemText
from fidelity.models import ItemReport, Review
from tests.cast import StateCast, make_cast
from tests.fidelity import reviews
from tests.fidelity.test_reporting import draft, issue, write


@pytest.fixture
def cast(db: None) -> StateCast:
    return make_cast().meridian


def reopened(cast: StateCast, review: Review) -> Review:
    with reviews.acting(cast, "admin") as admin:
        return finishing.reopen(reports.reviews().get(pk=review.pk), reason="An item was misread.", by=admin)


def rated(cast: StateCast, review: Review, code: str, score: int) -> None:
    values = RatingValues(score, f"Seen again for {code}.", ("INT",))
    with reviews.acting(cast, "trainer") as by:
        rating.save_rating(
            reports.reviews().get(pk=review.pk), item_code=code, values=values, version=1, by=by
        )


def item(cast: StateCast, review: Review, code: str) -> ItemReport:
    with reviews.acting(cast, "trainer"):
        return ItemReport.objects.get(review=review, item_code=code)


def test_drafts_follow_the_ratings_of_the_second_finish(cast: StateCast) -> None:
    review = draft(cast)  # all rated 3
    reopened(cast, review)
    rated(cast, review, "ST1", 5)
    rated(cast, review, "ST2", 1)
    review = reviews.finished(cast, review)
    best, worst, same = (item(cast, review, code) for code in ("ST1", "ST2", "ST3"))
    assert (best.found, best.recommendation, best.is_drafted, best.is_priority) == (
        "Seen again for ST1.",
        "",
        False,
        False,
    )
    assert worst.found == "Seen again for ST2."
    assert worst.recommendation.startswith("To reach 2:")
    assert (same.found, same.is_drafted, same.is_priority) == ("Seen for ST3.", True, True)
    assert "one item" in reviews.said(cast, review).strengths


def test_what_people_wrote_stays(cast: StateCast) -> None:
    review = draft(cast)
    texts = {"ST1": ItemText("In our own words.", "Hire one more.", is_priority=True)}
    write(cast, review, items=texts, strengths="Well known.")
    reopened(cast, review)
    rated(cast, review, "ST1", 5)
    review = reviews.finished(cast, review)
    kept = item(cast, review, "ST1")
    assert (kept.found, kept.recommendation, kept.is_priority) == (
        "In our own words.",
        "Hire one more.",
        True,
    )
    assert reviews.said(cast, review).strengths == "Well known."


def test_the_total_is_that_of_the_second_finish(cast: StateCast) -> None:
    review = draft(cast)
    reopened(cast, review)
    rated(cast, review, "ST1", 5)
    review = write(cast, reviews.finished(cast, review))
    assert issue(cast, review).snapshot["total"] == 77


@pytest.mark.parametrize(("persona", "told"), [("admin", True), ("leader", False), ("supervisor", False)])
def test_the_audit_log_is_as_silent_about_the_reason_as_the_review(
    cast: StateCast, persona: str, told: bool
) -> None:
    reopened(cast, draft(cast))
    client = cast.seen_by(persona)
    for log in ("/meridian/audit-log/?last=1/1/2100", "/api/v1/meridian/audit-log/?kind=review"):
        assert ("An item was misread." in client.get(log).content.decode()) is told
