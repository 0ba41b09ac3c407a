"""A pause of new referrals that was decided: which reviews lift it, and what a team is told."""

import pytest

from fidelity.lifecycle import Fact, Kind, Position, Standing
from fidelity.policy import shipped_policy, state_policy
from tests.fidelity.lives import began, created, day, decision, review, stands

NATIONAL = shipped_policy("national")
ESTABLISHED = (created("2024-01-02"), began("2024-01-15"), review("2024-07-20", 104))
PAUSE = decision("2025-01-10", Kind.RESTRICTION, number=1)
STAYS = "That visit was over when the pause was decided, so the pause stays"
SAFETY = decision("2025-01-10", Kind.SAFETY, number=1)


def on(today: str, *facts: Fact) -> Standing:
    return stands(NATIONAL, today, (*ESTABLISHED, *facts))


def told(standing: Standing) -> tuple[str, ...]:
    return tuple(move.because for move in standing.moves)


def keys(standing: Standing) -> list[str]:
    return [ask.key for ask in standing.asks]


@pytest.mark.parametrize(
    ("ended", "is_lifted"), [("2025-01-09", False), ("2025-01-10", False), ("2025-01-11", True)]
)
def test_a_pause_is_lifted_by_a_visit_that_ended_after_it_was_decided(ended: str, is_lifted: bool) -> None:
    standing = on("2025-02-20", PAUSE, review(ended, 101, issued="2025-02-15"))
    assert (standing.position is Position.EXISTING) is is_lifted
    assert standing.accepts_new is is_lifted


def test_a_pause_lasts_the_day_on_which_it_is_decided_at_least() -> None:
    back = decision("2025-01-10", Kind.RESTRICTION, until="2025-01-01")
    clocks = on("2025-01-10", back).clocks
    assert [(each.since, each.until) for each in clocks if each.name == "New referrals paused"] == [
        (day("2025-01-10"), day("2025-01-10"))
    ]
    assert on("2025-01-11", back).accepts_new


def test_a_team_is_told_that_a_review_lifted_the_pause() -> None:
    standing = on("2025-02-20", PAUSE, review("2025-02-10", 101, issued="2025-02-15"))
    assert standing.moves[-1].on == day("2025-02-15")
    assert told(standing)[-2:] == (
        "The review that ended on February 10, 2025 gave 101 points.",
        "New referrals are open again: the review reached the 100 points that lift a pause.",
    )


def test_a_team_is_told_why_a_good_total_did_not_lift_the_pause() -> None:
    late = review("2025-01-10", 101, issued="2025-02-15")
    assert told(on("2025-02-20", PAUSE, late))[-1] == f"{STAYS} until it is lifted."
    dated = decision("2025-01-10", Kind.RESTRICTION, until="2025-03-31")
    assert (
        told(on("2025-02-20", dated, late))[-1]
        == f"{STAYS} until March 31, 2025, unless it is lifted before."
    )


@pytest.mark.parametrize(
    "life",
    [
        (PAUSE, review("2025-02-10", 99, issued="2025-02-15")),
        (PAUSE, review("2025-01-05", 99, issued="2025-02-15")),
        (SAFETY, review("2025-02-10", 101, issued="2025-02-15")),
        (review("2025-02-10", 101, issued="2025-02-15"),),
    ],
)
def test_nothing_is_told_of_a_pause_that_the_review_has_nothing_to_do_with(life: tuple[Fact, ...]) -> None:
    assert told(on("2025-02-20", *life))[-1].startswith("The review that ended on")


def test_nobody_is_told_that_referrals_are_open_where_the_same_result_pauses_them() -> None:
    """The mark that lifts a pause may lie below the one a team in its time to recover has to reach."""
    policy = state_policy(
        {
            "probation": {"enabled": True, "months": 6, "trigger_total_below": 100},
            "intake_restriction": {
                **{"enabled": True, "after_failed_probation": True},
                **{"re_review_months": 6, "lift_total": 90},
            },
        }
    )
    falls = review("2025-01-10", 85, issued="2025-01-20")
    late = review("2025-07-01", 95, issued="2025-09-30")  # the six months ended in August
    pause = decision("2025-03-01", Kind.RESTRICTION)
    standing = stands(policy, "2025-10-01", (*ESTABLISHED, falls, pause, late))
    assert (standing.position, standing.accepts_new) == (Position.RESTRICTED, False)
    assert (
        told(standing)[-1]
        == "The pause that was decided has ended: the review reached the 90 points that lift a pause."
    )


def test_those_who_decide_are_asked_about_an_open_pause_after_a_good_review_of_a_visit_before_it() -> None:
    late = review("2025-01-09", 101, issued="2025-02-15")
    asked = on("2025-02-20", PAUSE, late)
    assert [(ask.key, ask.sentence, ask.is_optional) for ask in asked.asks] == [
        (
            "pause",
            "The last review reached the mark, and its visit was over when new referrals were paused. The state "
            "decides whether they reopen.",
            False,
        )
    ]
    assert keys(on("2025-02-14", PAUSE, late)) == []  # its report is not issued yet
    lifted = decision("2025-02-18", Kind.LIFTING, number=2)
    assert keys(on("2025-02-20", PAUSE, late, lifted)) == []
    anew = decision("2025-02-18", Kind.RESTRICTION, number=2)
    assert keys(on("2025-02-20", PAUSE, late, anew)) == []  # by people who knew the result


@pytest.mark.parametrize(
    "life",
    [
        (
            decision("2025-01-10", Kind.RESTRICTION, until="2025-03-31"),
            review("2025-01-09", 101, issued="2025-02-15"),
        ),
        (PAUSE, review("2025-01-09", 99, issued="2025-02-15")),
        (PAUSE, review("2025-01-09", 101, issued="2025-01-10")),
        (PAUSE,),
    ],
)
def test_nobody_is_asked_where_the_pause_ends_by_itself_or_was_decided_with_the_result(
    life: tuple[Fact, ...],
) -> None:
    assert keys(on("2025-02-20", *life)) == []
