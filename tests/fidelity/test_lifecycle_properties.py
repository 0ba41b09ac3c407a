"""What holds for every life of a team under every policy: one standing, and no silent date in the past."""

import random
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from fidelity.lifecycle import (
    Closed,
    Created,
    Decided,
    Fact,
    Kind,
    PlanInUse,
    Position,
    Reviewed,
    Standing,
    Started,
    standing_of,
)
from fidelity.policy import FidelityPolicy, shipped_policy, state_policy
from tests.fidelity.lives import POSSIBLE, rated

FIRST = date(2023, 1, 1)
SHIPPED = [shipped_policy(key) for key in ("louisiana", "missouri", "national", "new_york_pros", "wisconsin")]
DAYS = st.integers(0, 60).map(
    lambda weeks: FIRST + timedelta(days=30 * weeks)
)  # few days: many fall together
MONTHS = st.integers(1, 24)
MAYBE_MONTHS = st.none() | MONTHS


@st.composite
def made_up(draw: st.DrawFn) -> FidelityPolicy:
    """Any policy that a state could write down."""
    good = draw(st.integers(60, 110))
    data: dict[str, Any] = {
        "thresholds": {"fair": 50, "good": good, "exemplary": draw(st.integers(good + 1, 125))},
        "preservice": {"required": draw(st.booleans()), "min_total": draw(st.none() | st.integers(25, 60))},
        "baseline": {
            "due_months_after_start": draw(MAYBE_MONTHS),
            "window": draw(st.sampled_from(["due_by", "not_before"])),
            "open_months": draw(st.integers(0, 6)),
        },
        **{key: draw(MAYBE_MONTHS) for key in ("until_good_months", "after_good_months")},
        "after_exemplary_months": draw(st.none() | st.integers(1, 12)),
        "exemplary_extension": {
            "allowed": draw(st.booleans()),
            "months": draw(st.integers(12, 36)),
            "needs_decision": draw(st.booleans()),
        },
        "interval_anchor": draw(st.sampled_from(["review_end_date", "report_issued_date"])),
        "overdue_effect": draw(st.sampled_from(["alert_only", "treat_as_failed"])),
        "official_review_types": draw(st.sampled_from([["external"], ["self", "external"]])),
        "action_plan": {"required": draw(st.sampled_from(["after_every_report", "conditional"]))},
    }
    if draw(st.booleans()):
        data["probation"] = {
            "enabled": True,
            "months": draw(MONTHS),
            "trigger_total_below": draw(st.integers(50, good)),
            "starts": draw(st.sampled_from(["plan_approval", "review_end"])),
        }
        data["intake_restriction"] = {
            "enabled": draw(st.booleans()),
            "after_failed_probation": draw(st.booleans()),
            "re_review_months": draw(MONTHS),
            "lift_total": draw(st.integers(50, good)),
        }
    return state_policy(data)


@st.composite
def reviews(draw: st.DrawFn) -> Reviewed:
    ended = draw(DAYS)
    issued = draw(st.none() | st.integers(0, 120).map(lambda days: ended + timedelta(days=days)))
    total = draw(st.integers(25, 125))
    kind = draw(st.sampled_from(["external", "external", "self", "guided_self"]))
    key = str(draw(st.integers(1, 9999)))
    known = total if issued else None
    possible = draw(st.sampled_from([POSSIBLE, POSSIBLE, POSSIBLE, 150]))
    return Reviewed(key, kind, ended, issued, known, rated(total), possible=possible)


@st.composite
def decisions(draw: st.DrawFn) -> Decided:
    until = draw(st.none() | DAYS)
    return Decided(draw(DAYS), draw(st.sampled_from(list(Kind))), until, draw(st.integers(0, 3)))


FACTS = st.one_of(
    reviews(),
    reviews(),
    decisions(),
    st.builds(Started, DAYS),
    st.builds(PlanInUse, DAYS, st.integers(1, 9999).map(str)),
)


def told_of_reviews(facts: list[Fact]) -> list[Fact]:
    """An approval names the plan of a review of the same life."""
    keys = [fact.key for fact in facts if isinstance(fact, Reviewed)] or [""]
    return [
        replace(fact, review=keys[fact.number % len(keys)]) if isinstance(fact, Decided) else fact
        for fact in facts
    ]


LIVES = st.builds(
    lambda facts, end: [Created(FIRST), *told_of_reviews(facts), *end],
    st.lists(FACTS, max_size=14),
    st.lists(st.builds(Closed, DAYS), max_size=1),
)
POLICIES = st.sampled_from(SHIPPED) | made_up()
DATED = st.tuples(POLICIES, POLICIES, DAYS)


def stand(life: list[Fact], dated: tuple[FidelityPolicy, FidelityPolicy, date], today: date) -> Standing:
    first, second, change = dated
    return standing_of(life, policies=lambda on: second if on >= change else first, today=today)


@given(LIVES, DATED, DAYS, st.randoms(use_true_random=False))
@settings(max_examples=400, deadline=None)
def test_no_history_leads_to_two_standings(
    life: list[Fact], dated: tuple[FidelityPolicy, FidelityPolicy, date], today: date, chance: random.Random
) -> None:
    shuffled = list(life)
    chance.shuffle(shuffled)
    assert stand(shuffled, dated, today) == stand(life, dated, today)


@given(LIVES, DATED, DAYS)
@settings(max_examples=400, deadline=None)
def test_a_due_date_in_the_past_is_overdue_and_a_standing_agrees_with_itself(
    life: list[Fact], dated: tuple[FidelityPolicy, FidelityPolicy, date], today: date
) -> None:
    standing = stand(life, dated, today)
    assert standing.is_overdue == (standing.next_due is not None and standing.next_due < today)
    assert standing.next_due is None or standing.why
    assert standing.next_due is None or standing.awaiting is None
    assert standing.since <= today
    assert standing.accepts_new == (
        standing.position in (Position.NEW, Position.EXISTING, Position.EXCEPTIONAL, Position.CORRECTIVE)
    )
    assert (standing.paused_since is not None) == (standing.position is Position.RESTRICTED)
    assert all(clock.until is None or clock.since <= clock.until for clock in standing.clocks)
    assert [move.on for move in standing.moves] == sorted(move.on for move in standing.moves)
    if standing.position is Position.CLOSED:
        assert (standing.next_due, standing.plan, standing.asks, standing.clocks) == (None, None, (), ())


@given(LIVES, DATED, DAYS, DAYS)
@settings(max_examples=200, deadline=None)
def test_the_past_does_not_depend_on_what_happens_later(
    life: list[Fact], dated: tuple[FidelityPolicy, FidelityPolicy, date], today: date, other: date
) -> None:
    """What was shown on a day can be worked out again from the facts known by then."""
    today, later = min(today, other), max(today, other)
    moves = stand(life, dated, today).moves
    assert stand(life, dated, later).moves[: len(moves)] == moves


@given(LIVES, made_up(), DAYS)
@settings(max_examples=200, deadline=None)
def test_where_a_missed_review_counts_as_failed_no_date_stays_in_the_past(
    life: list[Fact], policy: FidelityPolicy, today: date
) -> None:
    strict = state_policy({**_data(policy), "overdue_effect": "treat_as_failed"})
    standing = stand(life, (strict, strict, FIRST), today)
    unanswered = {"recovery"}  # a state that recovers without a pause of referrals is asked instead
    if standing.is_overdue:
        assert {ask.key for ask in standing.asks} & unanswered


def _data(policy: FidelityPolicy) -> dict[str, Any]:
    nested: dict[str, Any] = {}
    for path in policy.stated:
        first, _, rest = path.partition(".")
        if rest:
            nested.setdefault(first, {})[rest] = policy.values[path]
        else:
            nested[first] = policy.values[path]
    return nested
