"""Two reviewers rate apart, compare, and agree. Source: domain reference 1.4, trust reference T13."""

from collections.abc import Mapping
from typing import Any

import pytest
from django.db import DatabaseError, connection

from agencies import tenancy
from agencies.refusals import NotPermitted, StaleVersion, Unacceptable, WrongStatus
from fidelity import snapshots
from fidelity.actions import consensus, finishing, naming
from fidelity.actions.consensus import Settled
from fidelity.in_force import scale_of
from fidelity.models import ConsensusRating, ItemReport, Rating, Review, Reviewer
from ips_portal.notices.models import Message
from tests.cast import StateCast, make_cast
from tests.fidelity import reviews
from tests.fidelity.reviews import acting

LEAD, SECOND = "trainer", "reviewer"


@pytest.fixture
def cast(db: None) -> StateCast:
    return make_cast().meridian


def again(review: Review) -> Review:
    return Review.objects.get(pk=review.pk)


def rated_apart(cast: StateCast, second: Mapping[str, int], team: str = "north_one") -> Review:
    """The lead rates everything 3, the second one 3 but where said otherwise. Nobody has finished."""
    review = reviews.scheduled(cast, team=team, lead=LEAD, others=(SECOND,))
    with tenancy.entered(cast.actor(LEAD)):
        codes = scale_of(review).codes
    reviews.rate(cast, review, 3, by=LEAD)
    return reviews.rate(cast, review, dict.fromkeys(codes, 3) | second, by=SECOND)


def locked(cast: StateCast, second: Mapping[str, int]) -> Review:
    review = rated_apart(cast, second)
    reviews.finished(cast, review, by=SECOND)
    return reviews.finished(cast, review, by=LEAD)


def settle(cast: StateCast, review: Review, by: str = LEAD, **items: Settled) -> dict[str, ConsensusRating]:
    with acting(cast, by) as actor:
        return consensus.settle(again(review), items=items, by=actor)


def seen_ratings(cast: StateCast, persona: str, author: str) -> int:
    """By the statement a person's own context allows, and by the portal's."""
    with acting(cast, persona) as actor:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM fidelity_rating g JOIN fidelity_reviewer r ON r.id = g.reviewer_id"
                " WHERE r.person_id = %s",
                [cast.people[author].pk],
            )
            by_hand = int(cursor.fetchone()[0])
        rows = Rating.objects.visible_to(actor).filter(reviewer__person=cast.people[author]).count()
    assert rows <= by_hand
    return by_hand


def test_a_finished_sheet_stays_blind_until_the_other_is_finished(cast: StateCast) -> None:
    review = rated_apart(cast, {"ST1": 5})
    reviews.finished(cast, review, by=SECOND)
    for persona in (LEAD, "admin", "leader", "supervisor", "second_trainer"):
        assert seen_ratings(cast, persona, SECOND) == 0
    with acting(cast, LEAD):
        assert again(review).status == Review.Status.RATING
    reviews.finished(cast, review, by=LEAD)
    assert seen_ratings(cast, LEAD, SECOND) == seen_ratings(cast, SECOND, LEAD) == 25
    for persona in ("admin", "leader", "supervisor", "second_trainer"):
        assert seen_ratings(cast, persona, SECOND) == seen_ratings(cast, persona, LEAD) == 0


def test_nobody_locks_the_sheet_of_another_or_opens_the_comparison_early(cast: StateCast) -> None:
    review = rated_apart(cast, {})
    reviews.finished(cast, review, by=LEAD)
    others = Reviewer.objects.filter(person=cast.people[SECOND])
    with pytest.raises(DatabaseError, match="a sheet is locked by whose it is"), acting(cast, LEAD):
        others.filter(review=review).update(finished_at=review.state.now())
    with pytest.raises(DatabaseError, match="when every sheet is locked"), acting(cast, LEAD):
        Review.objects.filter(pk=review.pk).update(status=Review.Status.CONSENSUS)
    reviews.finished(cast, review, by=SECOND)
    own = Reviewer.objects.filter(review=review, person=cast.people[SECOND])
    with pytest.raises(DatabaseError, match="opened by the state"), acting(cast, SECOND):
        own.update(finished_at=None)


def test_the_last_to_finish_opens_the_consensus_and_everybody_is_told(cast: StateCast) -> None:
    review = locked(cast, {"ST1": 5})
    assert review.status == Review.Status.CONSENSUS
    with tenancy.as_system(cast.state.pk):
        told = set(Message.objects.filter(notice="consensus-open").values_list("person", flat=True))
    assert told == {cast.people[LEAD].pk, cast.people[SECOND].pk}


def test_one_point_apart_needs_no_reason_two_do(cast: StateCast) -> None:
    review = locked(cast, {"ST1": 4, "ST2": 5})
    with pytest.raises(Unacceptable) as refused:
        settle(cast, review, ST1=Settled(4), ST2=Settled(4))
    assert list(refused.value.fields) == ["ST2-reason"]
    kept = settle(cast, review, ST1=Settled(4), ST2=Settled(4, "The log was read again."))
    assert {code: (row.score, row.version) for code, row in kept.items()} == {"ST1": (4, 1), "ST2": (4, 1)}


def test_a_rating_nobody_gave_needs_a_reason(cast: StateCast) -> None:
    review = locked(cast, {"ST1": 4})
    with pytest.raises(Unacceptable, match="Nothing was saved") as refused:
        settle(cast, review, ST1=Settled(5), ST2=Settled(2))
    assert list(refused.value.fields) == ["ST1-reason", "ST2-reason"]


@pytest.mark.parametrize("score", [None, 0, 6, 3.5, True])
def test_only_whole_ratings_are_agreed(cast: StateCast, score: Any) -> None:
    review = locked(cast, {"ST1": 4})
    with pytest.raises(Unacceptable) as refused:
        settle(cast, review, ST1=Settled(score, "Because."))
    assert list(refused.value.fields) == ["ST1-score"]


def test_two_who_settle_one_item_see_both(cast: StateCast) -> None:
    review = locked(cast, {"ST1": 4})
    settle(cast, review, by=SECOND, ST1=Settled(4))
    with pytest.raises(StaleVersion) as refused:
        settle(cast, review, by=LEAD, ST1=Settled(3))
    assert refused.value.current["ST1"]["score"] == 4
    assert settle(cast, review, by=LEAD, ST1=Settled(4))["ST1"].version == 1  # the same, sent again
    assert settle(cast, review, by=LEAD, ST1=Settled(3, "", 1))["ST1"].version == 2


def test_closing_waits_for_every_item_that_differs(cast: StateCast) -> None:
    review = locked(cast, {"ST1": 4, "ST2": 5})
    settle(cast, review, ST1=Settled(4))
    with pytest.raises(Unacceptable, match="1 item is still to settle: 2 "), acting(cast, LEAD) as actor:
        consensus.close(again(review), by=actor)


def closed(cast: StateCast, review: Review, by: str = LEAD) -> Review:
    with acting(cast, by) as actor:
        consensus.close(again(review), by=actor)
        return again(review)


def test_the_report_stands_on_what_was_agreed_with_the_evidence_of_both(cast: StateCast) -> None:
    review = locked(cast, {"ST1": 5})
    settle(cast, review, ST1=Settled(4, "Between the two, by the roster."))
    review = closed(cast, review, by=SECOND)
    assert (review.status, review.finished_by_id) == (Review.Status.DRAFT_REPORT, cast.people[SECOND].pk)
    with acting(cast, "admin"):
        snapshot = snapshots.draft(again(review))
        found = ItemReport.objects.get(review=review, item_code="ST1").found
        assert ConsensusRating.objects.filter(review=review).count() == 25
        originals = sorted(
            Rating.objects.filter(reviewer__review=review, item_code="ST1").values_list("score", flat=True)
        )
    assert snapshot["total"] == 24 * 3 + 4
    assert found == "Seen for ST1."  # both wrote the same: said once
    assert originals == [3, 5]


def test_what_differs_in_words_is_kept_from_both(cast: StateCast) -> None:
    review = rated_apart(cast, {})
    with acting(cast, SECOND):
        Rating.objects.filter(reviewer__review=review, item_code="ST1").update(note="The other roster.")
    reviews.finished(cast, review, by=SECOND)
    review = closed(cast, reviews.finished(cast, review, by=LEAD))
    with acting(cast, "admin"):
        assert ItemReport.objects.get(review=review, item_code="ST1").found == (
            "Seen for ST1.\n\nThe other roster."
        )


def test_only_its_reviewers_agree(cast: StateCast) -> None:
    review = locked(cast, {"ST1": 4})
    for persona in ("admin", "second_trainer", "supervisor", "leader"):
        with pytest.raises(NotPermitted):
            settle(cast, review, by=persona, ST1=Settled(4))
        with pytest.raises(NotPermitted), acting(cast, persona) as actor:
            consensus.close(again(review), by=actor)


def test_nothing_is_agreed_before_or_after(cast: StateCast) -> None:
    review = rated_apart(cast, {"ST1": 4})
    with pytest.raises(WrongStatus, match="opens when every reviewer"):
        settle(cast, review, ST1=Settled(4))
    reviews.finished(cast, review, by=SECOND)
    reviews.finished(cast, review, by=LEAD)
    settle(cast, review, ST1=Settled(4))
    closed(cast, review)
    with pytest.raises(WrongStatus, match="stays as it is"):
        settle(cast, review, ST1=Settled(3))
    with pytest.raises(DatabaseError), acting(cast, LEAD):  # nor by a statement
        assert not ConsensusRating.objects.filter(review=review).update(score=5)
        raise DatabaseError


def reopened(cast: StateCast, review: Review) -> Review:
    with acting(cast, "admin") as admin:
        finishing.reopen(again(review), reason="An item was read wrongly.", by=admin)
        return again(review)


def test_reopened_they_agree_again_and_their_sheets_stay(cast: StateCast) -> None:
    review = locked(cast, {"ST1": 4})
    settle(cast, review, ST1=Settled(4))
    review = reopened(cast, closed(cast, review))
    assert (review.status, review.finished_at) == (Review.Status.CONSENSUS, None)
    settle(cast, review, ST1=Settled(3, "", 1), ST2=Settled(2, "Read again.", 1))
    review = closed(cast, review)
    with acting(cast, "admin"):
        assert snapshots.draft(again(review))["total"] == 25 * 3 - 1
        assert Rating.objects.filter(reviewer__review=review, score=4).count() == 1


def test_a_sheet_locked_too_early_is_rated_again_unseen(cast: StateCast) -> None:
    review = rated_apart(cast, {"ST1": 5})
    reviews.finished(cast, review, by=SECOND)
    review = reopened(cast, review)
    assert review.status == Review.Status.RATING
    assert seen_ratings(cast, LEAD, SECOND) == 0
    reviews.finished(cast, review, by=LEAD)
    assert reviews.finished(cast, review, by=SECOND).status == Review.Status.CONSENSUS


def test_who_is_taken_off_before_beginning_no_longer_holds_the_review_up(cast: StateCast) -> None:
    review = reviews.scheduled(cast, lead=LEAD, others=(SECOND,))
    review = reviews.finished(cast, reviews.rate(cast, review, 3, by=LEAD), by=LEAD)
    assert review.status == Review.Status.RATING
    with acting(cast, "admin") as admin:
        naming.change_reviewers(again(review), lead=cast.memberships[LEAD], by=admin)
        assert again(review).status == Review.Status.DRAFT_REPORT
