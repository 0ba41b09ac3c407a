"""Ratings and texts of a report in draft: behind both walls, for all but its reviewers and the state."""

import pytest

from agencies import audit
from agencies.views.history import _log
from fidelity.models import ItemReport, Rating
from tests.cast import StateCast, make_cast
from tests.fidelity import reviews
from tests.fidelity.test_reporting import draft


@pytest.fixture
def cast(db: None) -> StateCast:
    return make_cast().meridian


@pytest.mark.parametrize("persona", ["leader", "supervisor", "specialist", "payer"])
def test_the_audit_log_tells_no_rating_of_a_report_in_draft(cast: StateCast, persona: str) -> None:
    draft(cast)
    with cast.entered(persona) as actor:
        told = " ".join(each.text for each in audit.sentences(_log(actor), named=True))
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
        assert (Rating.objects.count(), ItemReport.objects.count()) == (seen, seen)
        assert (
            Rating.objects.visible_to(actor).count() == ItemReport.objects.visible_to(actor).count() == seen
        )


def test_what_an_issued_report_says_is_seen_by_the_team(cast: StateCast) -> None:
    reviews.issued(cast)
    for persona, seen in (("leader", 25), ("specialist", 25), ("payer", 25), ("other_leader", 0)):
        with cast.entered(persona) as actor:
            assert (Rating.objects.count(), ItemReport.objects.count()) == (seen, seen)
            assert Rating.objects.visible_to(actor).count() == seen
