"""A review is judged by marks for its own scale, which is settled when it is booked, or it moves nothing."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agencies.models import StatePolicy
from fidelity.actions import policies, scheduling
from fidelity.actions.scales import add_scale
from fidelity.histories import standings
from fidelity.lifecycle import Fact, Policies, Position, Reviewed, Standing, standing_of
from fidelity.models import Review
from fidelity.policy import FidelityPolicy, shipped_policy, state_policy
from tests.cast import StateCast, make_cast
from tests.fidelity import reviews, two_parts
from tests.fidelity.lives import awaited, began, created, day, filed, review, stands

NATIONAL, LOUISIANA = shipped_policy("national"), shipped_policy("louisiana")
TEAM = (created("2025-01-02"), began("2025-01-15"))
PARTS = replace(
    state_policy({"thresholds": {"fair": 70, "good": 75, "exemplary": 100}}),
    own_ends=frozenset({(100, "EMP")}),
)


@pytest.fixture
def cast(db: None) -> StateCast:
    return make_cast().meridian


def of_part(ended: str, total: int) -> Reviewed:
    return replace(review(ended, total), possible=100, leads="EMP", part="Employment")


def from_july(before: FidelityPolicy = NATIONAL) -> Policies:
    return lambda on: PARTS if on >= day("2025-07-01") else before


def told(standing: Standing) -> str:
    return standing.moves[-1].because


def last_of(cast: StateCast, team: str = "north_one") -> Standing:
    with cast.entered("admin"):
        return standings([cast.teams[team]], cast.state)[cast.teams[team].pk]


def two_parts_from(cast: StateCast, on: date) -> None:
    with cast.entered("admin") as admin:
        add_scale(cast.state, text=two_parts.written(), by=admin)
        StatePolicy.objects.create(
            state=cast.state,
            subject=StatePolicy.Subject.FIDELITY,
            name="Two parts",
            effective_from=on,
            data={"scale_version": "our-youth", "thresholds": two_parts.MARKS},
        )


def test_a_visit_booked_under_another_scale_moves_nothing() -> None:
    life = (*TEAM, review("2025-07-10", 101))
    standing = standing_of(life, policies=from_july(), today=day("2025-08-01"))
    assert (standing.position, standing.last_total, standing.last_part) == (Position.NEW, None, "")
    assert told(standing) == (
        "The review that ended on July 10, 2025 gave 101 of 125 points by a scale that these rules are not for. "
        "It moved nothing."
    )
    assert standing_of(
        (*TEAM, awaited("2025-07-10")), policies=from_july(), today=day("2025-07-20")
    ).next_due == day("2025-08-15")


def test_what_is_told_of_another_scale_says_where_it_comes_from_and_of_which_part() -> None:
    other = replace(of_part("2025-06-10", 76), is_imported=True)
    assert told(stands(NATIONAL, "2025-08-01", (*TEAM, other))) == (
        "The imported review that ended on June 10, 2025 gave 76 of 100 points in Employment by a scale that these "
        "rules are not for. It moved nothing."
    )


def test_a_self_review_that_never_counts_is_not_said_to_have_moved_nothing() -> None:
    own = replace(filed("2025-06-10", 60), possible=75)
    assert stands(NATIONAL, "2025-08-01", (*TEAM, own)) == stands(NATIONAL, "2025-08-01", TEAM)


def test_a_self_review_before_the_start_is_asked_for_and_so_its_scale_is_spoken_of() -> None:
    own = replace(filed("2025-01-10", 60), possible=75)
    standing = stands(LOUISIANA, "2025-01-12", (created("2025-01-02"), own))
    assert standing.position is Position.APPLICANT
    assert "by a scale that these rules are not for" in told(standing)


def test_a_total_is_named_after_the_part_of_its_own_scale() -> None:
    life = (*TEAM, of_part("2025-07-10", 76))
    standing = standing_of(life, policies=from_july(), today=day("2025-08-01"))
    assert (standing.position, standing.last_total, standing.last_part) == (
        Position.EXISTING,
        76,
        "Employment",
    )
    assert told(standing) == "The review that ended on July 10, 2025 gave 76 points in Employment."
    before = standing_of((*TEAM, review("2025-06-20", 101)), policies=from_july(), today=day("2025-08-01"))
    assert (before.last_total, before.last_part) == (101, "")
    assert told(before) == "The review that ended on June 20, 2025 gave 101 points."


@pytest.mark.parametrize(
    ("life", "note"),
    [
        ((review("2025-06-10", 70), of_part("2025-07-10", 65)), ""),
        (
            (of_part("2025-07-10", 70), of_part("2025-12-10", 65)),
            "The last total in Employment, 65, is lower than the 70 before it.",
        ),
    ],
)
def test_a_total_is_called_lower_than_one_of_the_same_scale_alone(life: tuple[Fact, ...], note: str) -> None:
    standing = standing_of((*TEAM, *life), policies=from_july(), today=day("2026-01-02"))
    assert (standing.position, standing.last_total) == (Position.NEW, 65)
    assert standing.notes == ((note,) if note else ())


def test_the_note_of_a_scale_with_one_total_names_no_part() -> None:
    life = (*TEAM, review("2025-06-10", 70), review("2025-12-10", 65))
    assert stands(NATIONAL, "2026-01-02", life).notes == (
        "The last total, 65, is lower than the 70 before it.",
    )


def test_what_a_review_earned_names_the_part_of_its_total() -> None:
    offer = {"what": "training", "earned": "review", "decided_by": "the state"}
    policy = replace(PARTS, incentive=state_policy({"incentive": offer}).incentive)
    notes = stands(policy, "2025-08-01", (*TEAM, of_part("2025-07-10", 76))).notes
    assert "The last review, with 76 points in Employment, earned it: training." in notes


def test_a_review_of_the_portal_keeps_its_scale_when_the_rules_name_another(cast: StateCast) -> None:
    reviews.issued(cast, score=4, days_ago=20)
    found = last_of(cast)
    assert (found.position, found.last_total, found.last_part) == (Position.EXISTING, 100, "")
    two_parts_from(cast, cast.state.today() - timedelta(days=10))
    assert last_of(cast) == found
    two_parts_from_before = cast.state.today() - timedelta(days=19)  # the last day of the visit
    two_parts_from(cast, two_parts_from_before)
    standing = last_of(cast)
    assert (standing.position, standing.last_total) == (Position.NEW, None)
    assert "gave 100 of 125 points by a scale that these rules are not for" in told(standing)


def test_histories_cost_the_same_with_more_reviews_and_scales(cast: StateCast) -> None:
    def asked() -> int:
        last_of(cast)  # each edition is parsed once
        with CaptureQueriesContext(connection) as found:
            last_of(cast)
        return len(found)

    reviews.issued(cast, score=4, days_ago=400)
    few = asked()
    two_parts_from(cast, cast.state.today() - timedelta(days=100))
    for days in (90, 60, 30):
        two_parts.issued(cast, two_parts.drafted(cast, two_parts.rated(4, 3), days_ago=days))
    with_own = asked()
    assert with_own == few + 1  # where the totals of an own scale end


def test_a_visit_that_is_booked_goes_by_the_scale_that_is_decided_for_its_day(cast: StateCast) -> None:
    today = cast.state.today()
    soon, later = today + timedelta(days=10), today + timedelta(days=40)
    before = reviews.scheduled(cast, starts_on=soon)
    after = reviews.scheduled(cast, team="north_two", starts_on=later)
    begun = reviews.rate(cast, reviews.scheduled(cast, team="south_one"), {"ST1": 3})
    with cast.entered("admin") as admin:
        add_scale(cast.state, text=two_parts.written(), by=admin)
        marks = {f"thresholds.{name}": mark for name, mark in two_parts.MARKS.items()}
        given: dict[str, Any] = {
            "effective_from": today + timedelta(days=30),
            "values": {"scale_version": "our-youth", **marks},
            "source": "The committee.",
            "by": admin,
        }
        policies.decide(cast.state, seen=policies.consider(cast.state, **given).mark, **given)
    assert [scale_key(cast, each) for each in (before, after, begun)] == [
        "ips25-2008",
        "our-youth",
        "ips25-2008",
    ]
    with cast.entered("trainer") as trainer:
        scheduling.reschedule(
            before, mode="onsite", starts_on=later, ends_on=later + timedelta(days=1), by=trainer
        )
    assert scale_key(cast, before) == "our-youth"


def scale_key(cast: StateCast, booked: Review) -> str:
    with cast.entered("admin"):
        return str(Review.objects.values_list("scale__key", flat=True).get(pk=booked.pk))
