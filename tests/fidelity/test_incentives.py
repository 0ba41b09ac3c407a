"""What a state offers agencies for reviews: said while it is offered, and who has earned it by the rule of its day."""

import dataclasses

import pytest

from fidelity.lifecycle import Position, standing_of
from fidelity.policy import FidelityPolicy, PolicyError, shipped_policy, state_policy
from tests.fidelity.lives import began, created, day, review, stands

TEAM = (created("2025-01-02"), began("2025-01-15"))
OFFER = "The state offers for reviews: paid training days."


def policy(earned: str = "good") -> FidelityPolicy:
    what = {"what": "paid training days", "earned": earned, "decided_by": "the mental health liaison"}
    return state_policy({"name": "Meridian", "incentive": what})


@pytest.mark.parametrize(
    ("earned", "total", "is_earned"),
    [
        ("review", 60, True),
        ("good", 99, False),
        ("good", 100, True),
        ("exemplary", 114, False),
        ("exemplary", 115, True),
    ],
)
def test_a_review_earns_what_the_policy_says(earned: str, total: int, is_earned: bool) -> None:
    notes = stands(policy(earned), "2025-08-01", (*TEAM, review("2025-07-22", total))).notes
    assert notes[0].startswith(OFFER)
    assert notes[0].endswith("granted by the mental health liaison.")
    assert (f"The last review, with {total} points, earned it: paid training days." in notes) is is_earned


def test_nothing_is_said_where_nothing_is_offered() -> None:
    assert stands(shipped_policy("national"), "2025-08-01", (*TEAM, review("2025-07-22", 120))).notes == ()


def test_a_review_from_before_the_offer_earned_nothing_and_one_from_its_time_keeps_it() -> None:
    offered, before = policy("review"), shipped_policy("national")
    life = (*TEAM, review("2025-07-22", 120))
    later = standing_of(
        life, policies=lambda on: offered if on > day("2025-07-30") else before, today=day("2025-08-01")
    )
    assert later.notes == (
        f"{OFFER} It is earned by every review that counts, and granted by the mental health liaison.",
    )
    ended = standing_of(
        life, policies=lambda on: before if on > day("2025-07-30") else offered, today=day("2025-08-01")
    )
    assert ended.notes == ("The last review, with 120 points, earned it: paid training days.",)


def test_an_imported_review_earns_nothing_here() -> None:
    old = dataclasses.replace(review("2025-07-22", 120), is_imported=True)
    assert not any("earned it" in note for note in stands(policy("review"), "2025-08-01", (*TEAM, old)).notes)


def test_an_offer_says_who_grants_it() -> None:
    with pytest.raises(PolicyError, match=r"incentive\.decided_by"):
        state_policy({"name": "Meridian", "incentive": {"what": "Money"}})
    assert policy().incentive.earned == "good"
    assert stands(policy(), "2025-03-01", TEAM).position is Position.NEW
