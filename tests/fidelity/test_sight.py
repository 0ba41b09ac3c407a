"""Ratings and texts of a report in draft: behind both walls, for all but its reviewers and the state."""

from collections.abc import Callable
from contextlib import suppress

import pytest
from django.db import ProgrammingError, transaction

from agencies import audit
from agencies.logbook import log_of
from fidelity.actions import finishing
from fidelity.models import Edition, ItemReport, Rating, Review, Reviewer
from tests.cast import StateCast, make_cast
from tests.fidelity import reviews
from tests.fidelity.test_reporting import draft

Deed = Callable[[StateCast, str, Review], int]


@pytest.fixture
def cast(db: None) -> StateCast:
    return make_cast().meridian


@pytest.mark.parametrize("persona", ["leader", "supervisor", "specialist", "payer"])
def test_the_audit_log_tells_no_rating_of_a_report_in_draft(cast: StateCast, persona: str) -> None:
    draft(cast)
    with cast.entered(persona) as actor:
        told = " ".join(each.text for each in audit.sentences(log_of(actor), named=True))
    assert "rating 3" not in told


@pytest.mark.parametrize(
    ("persona", "seen"),
    [
        ("leader", 0),
        ("supervisor", 0),
        ("specialist", 0),
        ("payer", 0),
        ("other_leader", 0),
        ("reviewer", 25),
        ("admin", 25),
        ("second_trainer", 25),
    ],
)
def test_what_a_report_in_draft_says_is_behind_both_walls(cast: StateCast, persona: str, seen: int) -> None:
    draft(cast, others=("reviewer",))
    with cast.entered(persona) as actor:
        sheets = 2 * seen
        assert (Rating.objects.count(), ItemReport.objects.count()) == (sheets, seen)
        assert Rating.objects.visible_to(actor).count() == sheets
        assert ItemReport.objects.visible_to(actor).count() == seen


def test_what_an_issued_report_says_is_seen_by_the_team_and_single_sheets_are_not(cast: StateCast) -> None:
    """The report says what the reviewers agreed on; what each of them rated is theirs and the state's."""
    reviews.issued(cast)
    for persona, seen in (("leader", 25), ("specialist", 25), ("payer", 25), ("other_leader", 0)):
        with cast.entered(persona) as actor:
            assert (Rating.objects.count(), ItemReport.objects.count()) == (0, seen)
            assert Rating.objects.visible_to(actor).count() == 0
    with cast.entered("admin") as actor:
        assert Rating.objects.visible_to(actor).count() == 25


def makes_oneself_reviewer(cast: StateCast, persona: str, review: Review) -> int:
    Reviewer.objects.create(
        state=cast.state,
        review=review,
        team_id=review.team_id,
        person=cast.people[persona],
        membership=cast.memberships[persona],
    )
    return 1


def calls_it_issued(cast: StateCast, persona: str, review: Review) -> int:
    return Review.objects.filter(pk=review.pk).update(
        status=Review.Status.ISSUED, issued_on=cast.state.today(), total=125
    )


def writes_an_edition(cast: StateCast, persona: str, review: Review) -> int:
    Edition.objects.create(
        state=cast.state,
        review=review,
        team_id=review.team_id,
        number=1,
        snapshot={},
        issued_by=cast.people[persona],
    )
    return 1


@pytest.mark.parametrize("persona", ["leader", "supervisor", "specialist", "payer"])
@pytest.mark.parametrize("deed", [makes_oneself_reviewer, calls_it_issued, writes_an_edition])
def test_no_statement_opens_a_draft_to_the_agency(cast: StateCast, deed: Deed, persona: str) -> None:
    """Whoever reviews, and whatever is issued, is read: so both are written by fewer than read them."""
    review = draft(cast)
    done = 0
    with cast.entered(persona), suppress(ProgrammingError), transaction.atomic():
        done = deed(cast, persona, review)
    assert done == 0


@pytest.mark.parametrize("deed", [makes_oneself_reviewer, calls_it_issued, writes_an_edition])
def test_the_state_passes_this_wall(cast: StateCast, deed: Deed) -> None:
    review = draft(cast)
    with cast.entered("admin"):
        assert deed(cast, "admin", review) == 1


@pytest.mark.parametrize("persona", ["leader", "supervisor", "specialist", "payer"])
def test_why_ratings_were_opened_again_is_for_those_who_read_the_draft(cast: StateCast, persona: str) -> None:
    review = draft(cast)
    with reviews.acting(cast, "admin") as admin:
        finishing.reopen(Review.objects.get(pk=review.pk), reason="Caseload was read wrongly.", by=admin)
    address = f"/meridian/reviews/{review.public_id}/history/"
    assert "read wrongly" not in cast.seen_by(persona).get(address).text
    assert "read wrongly" in cast.seen_by("trainer").get(address).text
