"""The consensus in a browser's requests: what is seen, saved, refused and closed."""

from datetime import timedelta
from typing import Any

import pytest

from fidelity.models import ConsensusRating, Review
from ips_portal.templatetags.pieces import anchors_to_choose, drawn
from tests.cast import StateCast, make_cast
from tests.fidelity import reviews
from tests.fidelity.pages import at, get, opened_form, post, queries, signed_in, text
from tests.fidelity.test_consensus import LEAD, SECOND, locked, rated_apart


@pytest.fixture
def cast(db: None) -> StateCast:
    return make_cast().meridian


def agreed(cast: StateCast, review: Review) -> dict[str, tuple[int, str]]:
    with reviews.acting(cast, LEAD):
        rows = ConsensusRating.objects.filter(review=review)
        return {row.item_code: (row.score, row.reason) for row in rows}


def form(cast: StateCast, review: Review, persona: str = LEAD) -> dict[str, Any]:
    return opened_form(get(cast, persona, at(review, "consensus/")))


def test_what_differs_stands_first_the_widest_gap_above(cast: StateCast) -> None:
    review = locked(cast, {"ST2": 4, "SV1": 5})
    page = get(cast, LEAD, at(review, "consensus/")).content.decode()
    assert page.index('id="item-SV1"') < page.index('id="item-ST2"') < page.index('id="item-ST1"')
    assert "2 points apart" in page
    assert "1 point apart" in page
    assert page.count("Seen for SV1.") == 2


def test_items_are_saved_together_and_said_back(cast: StateCast) -> None:
    review = locked(cast, {"ST2": 4, "SV1": 5})
    typed = form(cast, review) | {"ST2-score": "4", "SV1-score": "4", "SV1-reason": "The log says so."}
    answer = post(cast, LEAD, at(review, "consensus/"), **typed)
    assert answer.status_code == 302
    assert agreed(cast, review) == {"ST2": (4, ""), "SV1": (4, "The log says so.")}
    assert "Everything is settled" in text(get(cast, SECOND, at(review, "consensus/")))


def test_a_missing_reason_is_asked_for_at_its_item_and_nothing_typed_is_lost(cast: StateCast) -> None:
    review = locked(cast, {"ST2": 4, "SV1": 5})
    typed = form(cast, review) | {"ST2-score": "4", "ST2-reason": "Kept on the page.", "SV1-score": "4"}
    answer = post(cast, LEAD, at(review, "consensus/"), **typed)
    assert answer.status_code == 422
    assert "two points or more apart" in text(answer)
    assert "Kept on the page." in text(answer)
    assert agreed(cast, review) == {}


def test_what_is_no_rating_is_kept_in_no_process(cast: StateCast) -> None:
    """A page is kept by what stands on it, so that nobody fills the memory with what they send."""
    review = locked(cast, {"ST2": 4, "SV1": 5})
    typed = form(cast, review)

    def chosen(sent: str) -> str:
        answer = post(cast, LEAD, at(review, "consensus/"), **(typed | {"ST2-score": sent}))
        assert answer.status_code == 422
        return next(
            str(each["chosen"]) for each in answer.context["differing"] if each["item"].item.code == "ST2"
        )

    chosen("x")
    kept = anchors_to_choose.cache_info().currsize, drawn.cache_info().currsize
    assert [chosen(sent) for sent in ("y" * 5000, "9", "٣", "4 ")] == ["", "", "", ""]
    assert (anchors_to_choose.cache_info().currsize, drawn.cache_info().currsize) == kept
    sent_well = typed | {"ST2-score": "4", "SV1-score": "x"}
    page = text(post(cast, LEAD, at(review, "consensus/"), **sent_well))
    assert 'id="id_ST2-score_4" value="4" checked' in page


def test_two_who_settle_one_item_both_see_what_the_other_saved(cast: StateCast) -> None:
    review = locked(cast, {"ST2": 4})
    mine, yours = form(cast, review), form(cast, review, SECOND)
    post(cast, SECOND, at(review, "consensus/"), **(yours | {"ST2-score": "4"}))
    answer = post(cast, LEAD, at(review, "consensus/"), **(mine | {"ST2-score": "3"}))
    assert answer.status_code == 409
    assert "Stored meanwhile:" in text(answer)
    assert agreed(cast, review)["ST2"] == (4, "")
    again = opened_form(answer)
    assert post(cast, LEAD, at(review, "consensus/"), **again).status_code == 302
    assert agreed(cast, review)["ST2"] == (3, "")


def test_what_nobody_touched_here_never_overwrites_what_somebody_settled(cast: StateCast) -> None:
    review = locked(cast, {"ST2": 4, "SV1": 4})
    mine, yours = form(cast, review), form(cast, review, SECOND)
    post(cast, SECOND, at(review, "consensus/"), **(yours | {"ST2-score": "4"}))
    assert post(cast, LEAD, at(review, "consensus/"), **(mine | {"SV1-score": "4"})).status_code == 302
    assert agreed(cast, review) == {"ST2": (4, ""), "SV1": (4, "")}


def test_closing_asks_first_and_leads_to_the_report(cast: StateCast) -> None:
    review = locked(cast, {"ST2": 4})
    typed = form(cast, review) | {"ST2-score": "4", "then": "close"}
    answer = post(cast, LEAD, at(review, "consensus/"), **typed)
    assert answer.headers["Location"].endswith("consensus/close/")
    assert "76 of 125" in text(get(cast, LEAD, at(review, "consensus/close/")))
    post(cast, LEAD, at(review, "consensus/close/"))
    with reviews.acting(cast, LEAD):
        assert Review.objects.get(pk=review.pk).status == Review.Status.DRAFT_REPORT


def test_closing_too_early_says_what_is_left(cast: StateCast) -> None:
    review = locked(cast, {"ST2": 4})
    answer = post(cast, LEAD, at(review, "consensus/close/"))
    assert answer.status_code == 422
    assert "1 item is still to settle" in text(answer)


@pytest.mark.parametrize("persona", [LEAD, SECOND])
def test_before_all_are_finished_the_page_shows_nothing(cast: StateCast, persona: str) -> None:
    review = rated_apart(cast, {"ST1": 5})
    reviews.finished(cast, review, by=SECOND)
    answer = get(cast, persona, at(review, "consensus/"))
    assert answer.status_code == 409
    assert "Seen for" not in text(answer)


def test_who_was_let_into_the_team_for_another_review_sees_no_sheet_of_this_one(cast: StateCast) -> None:
    review = reviews.drafted(cast, others=("second_trainer",))
    reviews.scheduled(cast, others=(SECOND,), starts_on=cast.state.today() + timedelta(days=60))
    assert get(cast, SECOND, at(review, "consensus/")).status_code == 404
    assert get(cast, "second_trainer", at(review, "consensus/")).status_code == 200


def test_who_finishes_first_is_told_what_happens(cast: StateCast) -> None:
    review = rated_apart(cast, {})
    page = text(get(cast, SECOND, at(review, "check/")))
    assert f"until {cast.people[LEAD]} has finished, too" in page
    told = text(signed_in(cast, SECOND).post(f"/meridian/{at(review, 'check/')}", follow=True))
    assert "Until then nobody sees what you rated." in told
    assert f"{cast.people[LEAD]} finishes rating, unseen by the others." in told


def test_the_page_asks_no_more_of_the_database_when_more_differs(cast: StateCast) -> None:
    few = locked(cast, {"ST1": 4})
    counted = queries(cast, LEAD, at(few, "consensus/"))
    many = locked_elsewhere(cast)
    assert queries(cast, LEAD, at(many, "consensus/")) == counted


def locked_elsewhere(cast: StateCast) -> Review:
    review = rated_apart(cast, dict.fromkeys(("ST1", "ST2", "SV1", "SV2", "SV3", "OR1"), 5), team="south_one")
    reviews.finished(cast, review, by=SECOND)
    return reviews.finished(cast, review, by=LEAD)
