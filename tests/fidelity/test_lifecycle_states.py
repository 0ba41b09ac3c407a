"""The schedules of the other states, month arithmetic, the policy of the day, and whose day "today" is."""

from datetime import UTC, date, datetime

import pytest
import time_machine

from agencies.models import State
from fidelity.lifecycle import Fact, Kind, PlanInUse, Position, standing_of
from fidelity.lifecycle.months import months_after
from fidelity.policy import FidelityPolicy, shipped_policy, state_policy
from tests.fidelity.lives import awaited, began, created, day, decision, filed, rated, review, stands

NATIONAL = shipped_policy("national")
MISSOURI = shipped_policy("missouri")
WISCONSIN = shipped_policy("wisconsin")
NEW_YORK = shipped_policy("new_york_pros")
NEW_TEAM = (created("2025-01-02"), began("2025-01-15"))
ZONES = (
    *("America/New_York", "America/Chicago", "America/Denver", "America/Phoenix", "America/Los_Angeles"),
    *("America/Anchorage", "Pacific/Honolulu", "Pacific/Guam", "America/Puerto_Rico"),
)


@pytest.mark.parametrize("policy", [NATIONAL, MISSOURI, WISCONSIN])
def test_the_plan_form_reviews_after_six_months_then_every_six_until_good_then_yearly(
    policy: FidelityPolicy,
) -> None:
    first = stands(policy, "2025-03-01", NEW_TEAM)
    assert (first.position, first.accepts_new) == (Position.NEW, True)
    assert (first.opens_on, first.next_due) == (day("2025-07-15"), day("2025-08-15"))
    below = (*NEW_TEAM, review("2025-07-22", 84, issued="2025-08-05"))
    second = stands(policy, "2025-08-06", below)
    assert (second.position, second.next_due) == (Position.NEW, day("2026-01-22"))
    good = (*below, review("2026-01-20", 102))
    third = stands(policy, "2026-01-21", good)
    assert (third.position, third.next_due) == (Position.EXISTING, day("2027-01-20"))
    best = stands(policy, "2027-01-20", (*good, review("2027-01-19", 117)))
    assert (best.position, best.next_due) == (Position.EXCEPTIONAL, day("2028-01-19"))
    assert best.asks == ()  # no longer interval is offered


@pytest.mark.parametrize("policy", [NATIONAL, MISSOURI, WISCONSIN])
def test_below_good_fidelity_the_half_yearly_rhythm_returns_and_nothing_else_follows(
    policy: FidelityPolicy,
) -> None:
    life = (*NEW_TEAM, review("2025-07-22", 102), review("2026-07-20", 97))
    standing = stands(policy, "2026-07-25", life)
    assert (standing.position, standing.accepts_new, standing.is_good) == (Position.EXISTING, True, False)
    assert standing.next_due == day("2027-01-20")
    overdue = stands(policy, "2027-01-21", life)
    assert (overdue.position, overdue.is_overdue) == (Position.EXISTING, True)


@pytest.mark.parametrize("policy", [NATIONAL, MISSOURI, WISCONSIN, NEW_YORK])
def test_a_plan_follows_every_report_until_it_is_in_use(policy: FidelityPolicy) -> None:
    kind = "self" if policy is NEW_YORK else "external"
    result = review("2025-07-22", 102, issued="2025-08-05", kind=kind)
    plan = stands(policy, "2025-08-06", (*NEW_TEAM, result)).plan
    assert plan is not None
    assert (plan.due_on, plan.approver, plan.begins_at_once) == (day("2025-09-04"), "", False)
    assert plan.is_late(day("2025-09-05"))
    assert not plan.is_late(day("2025-09-04"))
    in_use = PlanInUse(day("2025-08-20"), result.key)
    assert stands(policy, "2025-08-21", (*NEW_TEAM, result, in_use)).plan is None


def test_a_self_review_moves_nothing_where_outsiders_are_official() -> None:
    life = (*NEW_TEAM, review("2025-07-22", 102))
    with_self = (*life, filed("2025-10-01", 60), review("2025-11-01", 70, kind="guided_self"))
    assert stands(MISSOURI, "2025-12-01", with_self) == stands(MISSOURI, "2025-12-01", life)


def test_new_york_names_no_interval_and_its_self_reviews_count() -> None:
    before = stands(NEW_YORK, "2025-03-01", NEW_TEAM)
    assert (before.position, before.accepts_new, before.next_due, before.is_overdue) == (
        Position.NEW,
        True,
        None,
        False,
    )
    good = stands(NEW_YORK, "2031-01-01", (*NEW_TEAM, filed("2025-06-10", 103)))
    assert (good.position, good.is_good, good.next_due, good.is_overdue) == (
        Position.EXISTING,
        True,
        None,
        False,
    )
    low = stands(NEW_YORK, "2031-01-01", (*NEW_TEAM, filed("2025-06-10", 103), filed("2026-06-10", 80)))
    assert (low.position, low.accepts_new, low.next_due) == (Position.EXISTING, True, None)


def test_new_york_sets_a_day_for_a_team_by_decision() -> None:
    life = (*NEW_TEAM, filed("2025-06-10", 103), decision("2025-07-01", Kind.EARLIER_REVIEW, "2026-03-31"))
    standing = stands(NEW_YORK, "2025-07-02", life)
    assert (standing.next_due, standing.why) == (day("2026-03-31"), "a day set by a decision about this team")
    assert stands(NEW_YORK, "2026-04-01", life).is_overdue
    assert stands(NEW_YORK, "2026-04-01", (*life, filed("2026-03-01", 104))).next_due is None


def test_a_longer_interval_may_apply_by_itself() -> None:
    rule = {"exemplary_extension": {"allowed": True, "months": 18, "needs_decision": False}}
    standing = stands(state_policy(rule), "2026-01-21", (*NEW_TEAM, review("2026-01-20", 116)))
    assert (standing.next_due, standing.asks) == (day("2027-07-20"), ())


def test_intervals_may_count_from_the_report() -> None:
    policy = state_policy({"interval_anchor": "report_issued_date"})
    standing = stands(policy, "2025-09-01", (*NEW_TEAM, review("2025-07-22", 102, issued="2025-08-05")))
    assert standing.next_due == day("2026-08-05")
    assert standing.why == "12 months after the report of the last review was issued on August 5, 2025"


def test_a_team_nobody_knows_the_start_of_is_asked_for_it() -> None:
    standing = stands(MISSOURI, "2025-03-01", [created("2025-01-02")])
    assert standing.next_due is None
    assert [ask.key for ask in standing.asks] == ["start"]
    assert stands(MISSOURI, "2025-03-01", []).position is Position.NEW


def test_time_to_recover_without_a_pause_of_referrals_ends_in_a_question() -> None:
    policy = state_policy({"probation": {"enabled": True, "months": 6, "trigger_total_below": 100}})
    life = [*NEW_TEAM, review("2025-07-22", 102), review("2026-01-10", 95), review("2026-06-01", 96)]
    standing = stands(policy, "2026-09-01", life)  # February 9 plus six months is August 9
    assert (standing.position, standing.accepts_new, standing.is_overdue) == (Position.CORRECTIVE, True, True)
    assert [ask.sentence for ask in standing.asks] == [
        "The time to reach good fidelity again is over. The state decides what follows."
    ]


def test_a_total_between_a_lower_mark_and_good_fidelity_needs_no_recovery() -> None:
    policy = state_policy({"probation": {"enabled": True, "months": 6, "trigger_total_below": 90}})
    life = [*NEW_TEAM, review("2025-07-22", 102), review("2026-01-10", 95)]
    standing = stands(policy, "2026-02-01", life)
    assert (standing.position, standing.next_due) == (Position.EXISTING, day("2026-07-10"))


def test_reports_that_come_out_of_turn_never_set_a_team_back() -> None:
    older = review("2025-07-22", 90, issued="2025-10-30")
    newer = review("2025-09-01", 101, issued="2025-09-20")
    standing = stands(MISSOURI, "2025-11-01", (*NEW_TEAM, older, newer))
    assert (standing.position, standing.next_due, standing.awaiting) == (
        Position.EXISTING,
        day("2026-09-01"),
        None,
    )


def test_a_second_review_that_is_still_written_up_is_waited_for() -> None:
    life = (*NEW_TEAM, review("2025-07-22", 90, issued="2025-10-30"), awaited("2025-10-01"))
    standing = stands(MISSOURI, "2025-11-01", life)
    assert (standing.awaiting, standing.next_due) == (day("2025-10-01"), None)


def test_a_result_is_judged_by_the_policy_of_its_day() -> None:
    strict = state_policy({"thresholds": {"good": 105}, "after_good_months": 9})
    change = day("2026-01-01")

    def policies(on: date) -> FidelityPolicy:
        return strict if on >= change else NATIONAL

    early = review("2025-12-31", 102, issued="2026-01-10")
    late = review("2026-01-01", 102, issued="2026-01-10")
    best = review("2026-01-01", 106, issued="2026-01-10")
    told = {
        each.key + str(each.total): standing_of((*NEW_TEAM, each), policies=policies, today=day("2026-02-01"))
        for each in (early, late, best)
    }
    assert [(each.position, each.next_due) for each in told.values()] == [
        (Position.EXISTING, day("2026-12-31")),
        (Position.NEW, day("2026-07-01")),
        (Position.EXISTING, day("2026-10-01")),
    ]


def test_a_rule_about_overdue_reviews_holds_from_its_own_day() -> None:
    strict = state_policy({"overdue_effect": "treat_as_failed"})
    life = (*NEW_TEAM, review("2025-07-22", 102))

    def from_day(change: str) -> Position | date | None:
        policies = lambda on: strict if on >= day(change) else NATIONAL  # noqa: E731
        return standing_of(life, policies=policies, today=day("2026-08-01")).next_due

    assert from_day("2026-07-23") == day(
        "2027-01-23"
    )  # the day it became overdue: a missed one, six months on
    assert from_day("2026-07-24") == day("2026-07-22")  # overdue before the rule: a reminder


def test_a_date_that_has_passed_when_the_report_comes_counts_from_the_report() -> None:
    """The story of a team never runs backwards, however late a report is."""
    strict = state_policy({"overdue_effect": "treat_as_failed"})
    late = review("2025-07-22", 90, issued="2026-03-01")  # six months after the visit was January 22
    standing = stands(strict, "2026-03-02", (*NEW_TEAM, late))
    assert standing.next_due == day("2026-09-01")
    assert [move.on for move in standing.moves[-2:]] == [day("2026-03-01"), day("2026-03-01")]
    told = stands(NATIONAL, "2026-03-02", (*NEW_TEAM, late))
    assert (told.next_due, told.is_overdue) == (day("2026-01-22"), True)


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ("2025-01-31", 1, "2025-02-28"),
        ("2024-01-31", 1, "2024-02-29"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2024-02-29", 48, "2028-02-29"),
        ("2025-08-31", 6, "2026-02-28"),
        ("2023-08-31", 6, "2024-02-29"),
        ("2025-08-30", 6, "2026-02-28"),
        ("2025-03-31", 6, "2025-09-30"),
        ("2025-12-31", 2, "2026-02-28"),
        ("2025-06-30", 6, "2025-12-30"),  # not the month's last day: the same day
        ("2025-10-15", 15, "2027-01-15"),
        ("2025-05-05", 0, "2025-05-05"),
    ],
)
def test_months_are_calendar_months_and_end_with_the_month(start: str, months: int, end: str) -> None:
    assert months_after(day(start), months) == day(end)


def test_a_clamped_day_does_not_drift() -> None:
    """A team that began on August 31 opens on February 28 and is due on March 31, not on March 28."""
    standing = stands(NATIONAL, "2025-09-01", [began("2025-08-31")])
    assert (standing.opens_on, standing.next_due) == (day("2026-02-28"), day("2026-03-31"))


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize(
    "due", ["2026-03-31", "2026-06-30", "2026-12-31", "2028-02-29", "2026-03-08", "2026-11-01"]
)
def test_a_review_is_in_time_until_the_last_minute_of_the_states_own_day(zone: str, due: str) -> None:
    """At one moment Guam is a day ahead of Honolulu. Source: trust reference F20."""
    state = State(zone=zone)
    life: list[Fact] = [
        *NEW_TEAM,
        review("2025-07-22", 102),
        decision("2025-08-01", Kind.EARLIER_REVIEW, due),
    ]
    if day(due) > day("2026-07-22"):
        rule = {"exemplary_extension": {"allowed": True, "months": 36}}
        policy = state_policy(rule)
        life[1:] = [
            began("2025-01-15"),
            review("2025-07-22", 116),
            decision("2025-08-01", Kind.LONGER_INTERVAL, due),
        ]
    else:
        policy = NATIONAL
    midnight = datetime.combine(day(due), datetime.max.time(), state.now().tzinfo)
    with time_machine.travel(midnight.astimezone(UTC), tick=False):
        last_minute = standing_of(life, policies=lambda _: policy, today=state.today())
    with time_machine.travel(datetime.fromtimestamp(midnight.timestamp() + 1, UTC), tick=False):
        minute_after = standing_of(life, policies=lambda _: policy, today=state.today())
    assert (last_minute.next_due, last_minute.is_overdue) == (day(due), False)
    assert (minute_after.next_due, minute_after.is_overdue) == (day(due), True)


def test_low_items_are_recommended_only_where_no_plan_is_required() -> None:
    low = review("2025-07-22", 104, ratings=rated(104) | {"SV6": 2})
    standing = stands(MISSOURI, "2025-08-01", (*NEW_TEAM, low))
    assert standing.plan is not None
    assert standing.plan.items == ("SV6",)
    assert standing.recommended == ()
