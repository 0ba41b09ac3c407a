"""Louisiana's rules for a team, row by row, each worked by hand. Source: domain reference 2.2 and 2.6."""

from typing import Any

import pytest

from fidelity.lifecycle import Closed, Fact, Kind, PlanInUse, Position, Standing
from fidelity.policy import shipped_policy, state_policy
from tests.fidelity.lives import (
    awaited,
    began,
    created,
    day,
    decision,
    filed,
    rated,
    review,
    stands,
)

LOUISIANA = shipped_policy("louisiana")
NEW_TEAM = (created("2024-01-08"), filed("2024-02-01"), began("2024-03-04"))
ESTABLISHED = (*NEW_TEAM, review("2024-08-30", 104, issued="2024-09-13"))
# Below the mark on August 22, 2025; the plan was never approved, so the six months begin 30 days after the review.
CORRECTIVE = (*ESTABLISHED, review("2025-08-22", 96, issued="2025-09-05"))
# A second try in the six months failed, so they ended on March 21, 2026 without good fidelity.
RESTRICTED = (*CORRECTIVE, review("2026-02-20", 98, issued="2026-03-06"))

ENDED = (Closed(day("2025-11-30")),)
LOUISIANA_DATA: dict[str, Any] = {
    "preservice": {"required": True, "type": "self", "min_total": None},
    "baseline": {"window": "due_by"},
    "probation": {"enabled": True, "months": 6, "trigger_total_below": 100},
    "intake_restriction": {
        "enabled": True,
        "after_failed_probation": True,
        "re_review_months": 6,
        "lift_total": 100,
    },
}


def on(today: str, *facts: Fact) -> Standing:
    return stands(LOUISIANA, today, facts)


def keys(standing: Standing) -> set[str]:
    return {ask.key for ask in standing.asks}


def test_row_1_a_team_begins_as_an_applicant_and_serves_nobody_yet() -> None:
    standing = on("2024-01-31", created("2024-01-08"))
    assert standing.position is Position.APPLICANT
    assert standing.name == "Applicant"
    assert not standing.accepts_new
    assert standing.next_due is None
    assert standing.plan is None


def test_row_2_a_filed_self_evaluation_makes_it_new_and_the_first_review_is_due_six_months_after_the_start() -> (
    None
):
    standing = on("2024-03-04", *NEW_TEAM)
    assert (standing.position, standing.since) == (Position.NEW, day("2024-02-01"))
    assert standing.accepts_new
    assert standing.next_due == day("2024-09-04")
    assert standing.opens_on is None  # due by, not from
    assert standing.why == "6 months after the team began on March 4, 2024"


def test_row_2_no_total_is_asked_of_the_self_evaluation_unless_the_state_names_one() -> None:
    assert on("2024-03-04", created("2024-01-08"), filed("2024-02-01", 25)).position is Position.NEW
    asks_for = {"preservice": {"required": True, "type": "self", "min_total": 60}}
    facts = (created("2024-01-08"), filed("2024-02-01", 59), began("2024-03-04"))
    stays = stands(state_policy(asks_for), "2024-03-04", facts)
    assert stays.position is Position.APPLICANT
    assert stays.moves[-2].because == "Its total of 59 points is below the 60 asked for."
    enough = stands(state_policy(asks_for), "2024-03-04", (*facts, filed("2024-02-20", 60)))
    assert enough.position is Position.NEW


def test_row_2_the_start_may_be_recorded_before_or_after_the_self_evaluation() -> None:
    early = on("2024-03-04", created("2024-01-08"), began("2024-01-10"), filed("2024-02-01"))
    assert (early.position, early.next_due) == (Position.NEW, day("2024-07-10"))
    unknown = on("2024-03-04", created("2024-01-08"), filed("2024-02-01"))
    assert unknown.next_due is None
    assert keys(unknown) == {"start"}


def test_a_review_by_outsiders_takes_the_place_of_the_self_evaluation() -> None:
    standing = on("2024-09-30", created("2024-01-08"), began("2024-03-04"), review("2024-08-30", 104))
    assert (standing.position, standing.next_due) == (Position.EXISTING, day("2025-08-30"))


def test_row_3_below_good_fidelity_a_new_team_stays_new_with_a_plan_and_the_next_review_in_six_months() -> (
    None
):
    standing = on("2024-09-20", *NEW_TEAM, review("2024-08-30", 88, issued="2024-09-13"))
    assert (standing.position, standing.since) == (Position.NEW, day("2024-02-01"))
    assert standing.accepts_new
    assert standing.next_due == day("2025-02-28")  # August 30 plus six months, at the end of February
    assert standing.why == "6 months after the last review ended on August 30, 2024"
    plan = standing.plan
    assert plan is not None
    assert plan.due_on == day("2024-10-13")  # 30 days after the report
    assert plan.begins_at_once
    assert plan.approver == "MCO"
    assert len(plan.items) == 12  # 88 points: 13 items at 4, 12 at 3
    assert keys(standing) == set()


def test_row_3_a_new_team_should_show_continued_improvement() -> None:
    first, second = review("2024-08-30", 88), review("2025-02-20", 86)
    standing = on("2025-03-01", *NEW_TEAM, first, second)
    assert standing.notes == ("The last total, 86, is lower than the 88 before it.",)
    assert on("2025-03-01", *NEW_TEAM, first, review("2025-02-20", 88)).notes == ()


def test_row_3_after_two_results_below_good_fidelity_the_payer_is_asked_what_follows() -> None:
    first, second = review("2024-08-30", 88), review("2025-02-20", 92)
    standing = on("2025-03-01", *NEW_TEAM, first, second)
    assert standing.position is Position.NEW
    assert standing.next_due == day("2025-08-20")
    assert [ask.sentence for ask in standing.asks] == [
        "2 reviews in a row stayed below good fidelity. MCO decides how the team goes on."
    ]
    good = on("2025-09-01", *NEW_TEAM, first, second, review("2025-08-18", 101))
    assert (good.position, keys(good)) == (Position.EXISTING, set())


def test_row_4_good_fidelity_makes_it_an_existing_team_reviewed_yearly() -> None:
    standing = on("2024-09-20", *ESTABLISHED)
    assert (standing.position, standing.since) == (Position.EXISTING, day("2024-09-13"))
    assert standing.accepts_new
    assert standing.is_good
    assert standing.next_due == day("2025-08-30")
    assert standing.why == "12 months after the last review ended on August 30, 2024"


def test_row_4_a_new_team_that_reaches_good_fidelity_still_owes_a_plan_for_its_low_items() -> None:
    ratings = rated(104) | {"SV6": 3, "OR1": 5}
    standing = on("2024-09-20", *NEW_TEAM, review("2024-08-30", 104, ratings=ratings))
    assert standing.position is Position.EXISTING
    assert standing.plan is not None
    assert standing.plan.items == ("SV6",)
    no_low_items = on("2024-09-20", *NEW_TEAM, review("2024-08-30", 104))
    assert no_low_items.plan is None


def test_row_4_the_payer_may_set_a_shorter_interval() -> None:
    sooner = decision("2024-10-01", Kind.EARLIER_REVIEW, until="2025-03-31")
    standing = on("2024-10-02", *ESTABLISHED, sooner)
    assert standing.next_due == day("2025-03-31")
    assert standing.why == "a day set by a decision about this team"
    later = decision("2024-10-01", Kind.EARLIER_REVIEW, until="2026-03-31")
    assert on("2024-10-02", *ESTABLISHED, later).next_due == day("2025-08-30")


def test_row_5_the_highest_band_is_reviewed_yearly_until_a_longer_interval_is_decided() -> None:
    best = review("2025-08-20", 118, issued="2025-09-01")
    standing = on("2025-09-02", *ESTABLISHED, best)
    assert standing.position is Position.EXCEPTIONAL
    assert standing.name == "Existing team, exceptional practice"
    assert standing.next_due == day("2026-08-20")
    assert [(ask.sentence, ask.is_optional) for ask in standing.asks] == [
        ("MCO may let the next review wait 24 months.", True)
    ]
    longer = on("2025-10-02", *ESTABLISHED, best, decision("2025-10-01", Kind.LONGER_INTERVAL))
    assert longer.next_due == day("2027-08-20")
    assert keys(longer) == set()


def test_row_5_a_longer_interval_has_the_day_decided_and_never_passes_the_policy() -> None:
    best = review("2025-08-20", 115)
    to = {
        until: decision("2025-10-01", Kind.LONGER_INTERVAL, until=until)
        for until in ("2027-02-20", "2029-01-01")
    }
    assert on("2025-10-02", *ESTABLISHED, best, to["2027-02-20"]).next_due == day("2027-02-20")
    assert on("2025-10-02", *ESTABLISHED, best, to["2029-01-01"]).next_due == day("2027-08-20")


def test_row_5_a_longer_interval_ends_with_the_next_result() -> None:
    facts = (*ESTABLISHED, review("2025-08-20", 116), decision("2025-10-01", Kind.LONGER_INTERVAL))
    standing = on("2027-08-01", *facts, review("2027-07-15", 117))
    assert standing.next_due == day("2028-07-15")


def test_row_5_nobody_below_the_highest_band_waits_longer() -> None:
    standing = on("2024-10-02", *ESTABLISHED, decision("2024-10-01", Kind.LONGER_INTERVAL))
    assert standing.next_due == day("2025-08-30")


@pytest.mark.parametrize(("total", "position"), [(100, Position.EXISTING), (114, Position.EXISTING)])
def test_row_6_between_the_marks_a_team_is_an_existing_one(total: int, position: Position) -> None:
    from_good = on("2025-09-01", *ESTABLISHED, review("2025-08-20", total))
    from_best = on("2026-09-01", *ESTABLISHED, review("2025-08-20", 120), review("2026-08-18", total))
    assert (from_good.position, from_good.next_due) == (position, day("2026-08-20"))
    assert (from_best.position, from_best.next_due) == (position, day("2027-08-18"))
    assert from_good.plan is None  # items below 4 are recommended, not required


def test_row_6_low_items_of_an_existing_team_are_recommended_not_required() -> None:
    standing = on("2025-09-01", *ESTABLISHED, review("2025-08-20", 104, ratings=rated(104) | {"SV6": 2}))
    assert standing.plan is None
    assert standing.recommended == ("SV6",)


def test_row_7_below_good_fidelity_six_months_run_and_new_people_are_still_taken() -> None:
    standing = on("2025-09-10", *CORRECTIVE)
    assert (standing.position, standing.since) == (Position.CORRECTIVE, day("2025-09-05"))
    assert standing.accepts_new
    assert standing.plan is not None
    assert (standing.plan.due_on, standing.plan.approver) == (day("2025-10-05"), "MCO")
    assert standing.next_due == day("2026-03-21")  # August 22 plus 30 days, then six months
    assert [(clock.name, clock.since, clock.until) for clock in standing.clocks] == [
        ("Time to reach good fidelity again", day("2025-09-21"), day("2026-03-21")),
        ("Action plan", day("2025-09-05"), day("2025-10-05")),
    ]


def test_row_7_also_from_the_highest_band() -> None:
    standing = on("2026-09-10", *ESTABLISHED, review("2025-08-20", 120), review("2026-08-18", 99))
    assert standing.position is Position.CORRECTIVE


def test_row_7_the_six_months_start_with_the_approval_of_the_plan_where_that_comes_first() -> None:
    approval = decision("2025-09-12", Kind.PLAN_APPROVED, of="external 2025-08-22")
    standing = on("2025-09-15", *CORRECTIVE, approval)
    assert standing.next_due == day("2026-03-12")
    assert standing.why == "6 months after the action plan was approved on September 12, 2025"
    assert standing.plan is None
    late = on("2025-11-02", *CORRECTIVE, decision("2025-11-01", Kind.PLAN_APPROVED, of="external 2025-08-22"))
    assert late.next_due == day("2026-03-21")
    assert late.plan is None


def test_row_7_an_older_plan_approved_late_answers_for_its_own_review_alone() -> None:
    """The plan of August 2024 is approved on September 12, 2025, a week after the report of August 2025.

    It starts nothing: the six months still begin on September 21, and the plan of the last report is still owed. That
    one, approved on September 19, moves their end to March 19.
    """
    older = decision("2025-09-12", Kind.PLAN_APPROVED, of="external 2024-08-30")
    standing = on("2025-09-15", *CORRECTIVE, older)
    assert standing.next_due == day("2026-03-21")
    assert standing.plan is not None
    own = decision("2025-09-19", Kind.PLAN_APPROVED, of="external 2025-08-22")
    standing = on("2025-09-20", *CORRECTIVE, older, own)
    assert standing.next_due == day("2026-03-19")
    assert standing.plan is None


def test_row_7_a_state_may_count_the_six_months_from_the_review() -> None:
    data = {**LOUISIANA_DATA, "probation": {**LOUISIANA_DATA["probation"], "starts": "review_end"}}
    standing = stands(state_policy(data), "2025-09-10", CORRECTIVE)
    assert standing.next_due == day("2026-02-22")


def test_row_7_a_plan_in_use_still_waits_for_its_approval() -> None:
    standing = on("2025-09-15", *CORRECTIVE, PlanInUse(day("2025-09-14"), "external 2025-08-22"))
    assert standing.plan is not None
    assert standing.plan.is_in_use


def test_row_8_good_fidelity_within_the_time_resumes_the_yearly_rhythm() -> None:
    standing = on("2026-02-01", *CORRECTIVE, review("2026-01-20", 100, issued="2026-01-30"))
    assert (standing.position, standing.since) == (Position.EXISTING, day("2026-01-30"))
    assert standing.next_due == day("2027-01-20")
    assert standing.plan is None


def test_row_8_a_failed_try_leaves_the_rest_of_the_time() -> None:
    standing = on("2026-03-21", *RESTRICTED)  # the last day
    assert standing.position is Position.CORRECTIVE
    assert standing.accepts_new
    assert standing.next_due == day("2026-03-21")
    assert not standing.is_overdue


def test_row_9_after_the_time_without_good_fidelity_nobody_new_is_taken() -> None:
    standing = on("2026-03-22", *RESTRICTED)
    assert (standing.position, standing.since) == (Position.RESTRICTED, day("2026-03-22"))
    assert not standing.accepts_new
    assert standing.next_due == day("2026-09-22")
    assert standing.why == "6 months after new referrals were paused on March 22, 2026"
    assert standing.plan is not None  # the plan goes on
    assert ("New referrals paused", day("2026-03-22"), None) in [
        (clock.name, clock.since, clock.until) for clock in standing.clocks
    ]


def test_row_9_a_review_held_in_time_is_waited_for() -> None:
    waiting = on("2026-04-01", *CORRECTIVE, awaited("2026-03-20"))
    assert waiting.position is Position.CORRECTIVE
    assert (waiting.awaiting, waiting.next_due, waiting.is_overdue) == (day("2026-03-20"), None, False)
    reached = on("2026-04-10", *CORRECTIVE, review("2026-03-20", 105, issued="2026-04-03"))
    assert (reached.position, reached.next_due) == (Position.EXISTING, day("2027-03-20"))
    missed = on("2026-04-10", *CORRECTIVE, review("2026-03-20", 95, issued="2026-04-03"))
    assert (missed.position, missed.since) == (Position.RESTRICTED, day("2026-04-03"))


def test_row_9_without_any_review_the_standing_stays_and_a_decision_is_asked_for() -> None:
    standing = on("2026-03-22", *CORRECTIVE)
    assert standing.position is Position.CORRECTIVE
    assert standing.accepts_new
    assert standing.is_overdue
    assert [ask.sentence for ask in standing.asks] == [
        "The time to reach good fidelity again is over, and no review was held in it. MCO decides what follows."
    ]


def test_row_9_a_state_may_count_a_review_that_was_not_held_as_failed() -> None:
    strict = state_policy({**LOUISIANA_DATA, "overdue_effect": "treat_as_failed"})
    standing = stands(strict, "2026-03-22", CORRECTIVE)
    assert (standing.position, standing.next_due) == (Position.RESTRICTED, day("2026-09-22"))
    overdue_year = stands(strict, "2025-08-31", ESTABLISHED)
    assert (overdue_year.position, overdue_year.since) == (Position.CORRECTIVE, day("2025-08-31"))
    assert overdue_year.next_due == day("2026-02-28")


def test_row_10_good_fidelity_opens_referrals_again() -> None:
    standing = on("2026-09-10", *RESTRICTED, review("2026-09-01", 100, issued="2026-09-09"))
    assert (standing.position, standing.since) == (Position.EXISTING, day("2026-09-09"))
    assert standing.accepts_new
    assert standing.next_due == day("2027-09-01")


def test_row_11_another_result_below_the_mark_keeps_them_paused_and_asks_for_a_decision() -> None:
    standing = on("2026-09-10", *RESTRICTED, review("2026-09-01", 97, issued="2026-09-09"))
    assert (standing.position, standing.since) == (Position.RESTRICTED, day("2026-03-22"))
    assert standing.next_due == day("2027-03-01")
    assert standing.plan is not None
    assert standing.plan.due_on == day("2026-10-09")
    assert keys(standing) == {"restricted"}


@pytest.mark.parametrize("life", [NEW_TEAM, ESTABLISHED, CORRECTIVE])
def test_row_12_health_and_safety_pause_referrals_from_anywhere_until_a_decision_lifts_it(
    life: tuple[Fact, ...],
) -> None:
    before = on("2025-09-30", *life)
    found = decision("2025-10-01", Kind.SAFETY)
    paused = on("2025-10-02", *life, found)
    assert (paused.position, paused.since, paused.accepts_new) == (
        Position.RESTRICTED,
        day("2025-10-01"),
        False,
    )
    assert "safety" in keys(paused)
    good = on("2025-10-20", *life, found, review("2025-10-10", 110))
    assert good.position is Position.RESTRICTED  # no total makes people safe
    lifted = on("2025-10-20", *life, found, decision("2025-10-15", Kind.LIFTING, number=2))
    assert (lifted.position, lifted.since, lifted.next_due) == (
        before.position,
        before.since,
        before.next_due,
    )


def test_row_12_or_the_team_is_closed() -> None:
    found = decision("2025-10-01", Kind.SAFETY)
    asked = on("2025-10-03", *ESTABLISHED, found, decision("2025-10-02", Kind.CLOSURE, number=2))
    assert keys(asked) == {"safety", "closure"}
    standing = on("2025-12-01", *ESTABLISHED, found, *ENDED)
    assert standing.position is Position.CLOSED
    assert (standing.accepts_new, standing.next_due, standing.clocks, standing.asks) == (False, None, (), ())


def test_other_restrictions_end_by_a_good_result_by_their_day_or_by_a_decision() -> None:
    pause = decision("2025-01-10", Kind.RESTRICTION, until="2025-03-31")
    assert on("2025-03-31", *ESTABLISHED, pause).position is Position.RESTRICTED
    assert on("2025-04-01", *ESTABLISHED, pause).position is Position.EXISTING
    assert on("2025-02-20", *ESTABLISHED, pause, review("2025-02-10", 101)).position is Position.EXISTING
    assert on("2025-02-20", *ESTABLISHED, pause, review("2025-02-10", 99)).position is Position.RESTRICTED
    before = review("2025-01-09", 101, issued="2025-02-15")
    assert on("2025-02-20", *ESTABLISHED, pause, before).position is Position.RESTRICTED
    lifted = decision("2025-02-01", Kind.LIFTING, number=2)
    assert on("2025-02-01", *ESTABLISHED, pause, lifted).position is Position.EXISTING


def test_referrals_reopened_by_decision_below_the_mark_give_the_time_to_recover_anew() -> None:
    standing = on("2026-05-02", *RESTRICTED, decision("2026-05-01", Kind.LIFTING))
    assert (standing.position, standing.accepts_new) == (Position.CORRECTIVE, True)
    assert standing.next_due == day("2026-11-01")


@pytest.mark.parametrize("life", [NEW_TEAM, CORRECTIVE, RESTRICTED])
def test_a_total_of_115_counts_as_exceptional_from_anywhere(life: tuple[Fact, ...]) -> None:
    standing = on("2026-09-10", *life, review("2026-09-01", 115))
    assert standing.position is Position.EXCEPTIONAL
    assert keys(standing) == {"longer"}
