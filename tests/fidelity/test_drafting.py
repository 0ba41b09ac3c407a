"""The first words of a report and an action plan."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fidelity.drafting import goal, is_priority, plan_rows, recommendation, steps, strengths, target_on
from fidelity.scales import Item, UnknownItem, load

IPS25 = load("ips25-2008")
THREES = dict.fromkeys(IPS25.codes, 3)
ISSUED = date(2026, 10, 30)


@pytest.mark.parametrize("item", IPS25.items, ids=IPS25.codes)
@pytest.mark.parametrize("rating", [1, 2, 3, 4])
def test_a_recommendation_is_the_next_better_anchor(item: Item, rating: int) -> None:
    assert recommendation(item, rating) == f"To reach {rating + 1}: {item.anchor(rating + 1)}"


def test_nothing_is_recommended_at_the_highest_rating() -> None:
    assert recommendation(IPS25.item("ST1"), 5) == ""
    assert goal(5) == 5


def test_items_rated_3_or_lower_come_first() -> None:
    assert [rating for rating in range(1, 6) if is_priority(rating)] == [1, 2, 3]


def test_strengths_name_what_is_rated_5_and_what_rose_by_2() -> None:
    now = THREES | {"ST1": 5, "SV4": 5, "SV1": 4, "OR2": 4}
    before = THREES | {"ST1": 5, "SV4": 3, "SV1": 2, "OR2": 3}
    assert strengths(IPS25, now, before) == (
        "The team has the highest rating in 2 items: Caseload size, Rapid search for a competitive job.\n\n"
        "Clearly better than at the last review: Work incentives planning (2 to 4), "
        "Rapid search for a competitive job (3 to 5)."
    )


def test_strengths_of_a_first_review_compare_with_nothing() -> None:
    assert (
        strengths(IPS25, THREES | {"ST1": 5}) == "The team has the highest rating in one item: Caseload size."
    )


def test_a_review_without_strengths_gets_no_invented_ones() -> None:
    assert strengths(IPS25, THREES, THREES) == ""


@pytest.mark.parametrize(
    ("code", "days"),
    [("SV3", 30), ("SV2", 30), ("ST1", 60), ("OR5", 60), ("SV6", 60), ("OR2", 90), ("OR3", 90), ("OR8", 120)],
)
def test_target_dates_follow_the_kind_of_change(code: str, days: int) -> None:
    assert target_on(IPS25.item(code), ISSUED) == ISSUED + timedelta(days=days)


def test_a_target_lies_a_month_before_the_next_review() -> None:
    assert target_on(IPS25.item("OR8"), ISSUED, ISSUED + timedelta(days=100)) == ISSUED + timedelta(days=70)
    assert target_on(IPS25.item("OR8"), ISSUED, ISSUED + timedelta(days=400)) == ISSUED + timedelta(days=120)


@given(st.sampled_from(IPS25.items), st.integers(0, 800))
def test_a_target_is_never_before_the_report_nor_in_the_last_month(item: Item, days: int) -> None:
    review = ISSUED + timedelta(days=days)
    target = target_on(item, ISSUED, review)
    assert target >= ISSUED
    assert target <= max(ISSUED, review - timedelta(days=30))


def test_steps_begin_with_the_next_anchor_and_end_with_where_progress_is_looked_at() -> None:
    first, *_, last = steps(IPS25.item("OR8"), 3)
    assert first == f"Compare today's practice with rating 4: {IPS25.item('OR8').anchor(4)}"
    assert "steering committee" in last


def test_steps_of_a_count_item_list_its_components() -> None:
    drafted = steps(IPS25.item("SV2"), 3)[1]
    assert all(component.text in drafted for component in IPS25.item("SV2").components)


def test_steps_of_an_averaged_item_go_through_each_specialist() -> None:
    assert "each specialist" in steps(IPS25.item("SV6"), 2)[1]


def test_every_step_stays_on_one_line() -> None:
    for item in IPS25.items:
        for rating in range(1, 6):
            assert all(step and "\n" not in step for step in steps(item, rating))


def test_a_plan_starts_with_the_lowest_ratings() -> None:
    rows = plan_rows(IPS25, THREES | {"SV6": 1, "OR7": 2}, ["ST1", "OR7", "SV6"], issued_on=ISSUED)
    assert [(row.code, row.rating, row.goal) for row in rows] == [("SV6", 1, 2), ("OR7", 2, 3), ("ST1", 3, 4)]
    assert rows[0].target_on == ISSUED + timedelta(days=60)


def test_a_plan_for_no_items_is_empty_and_an_unknown_item_is_refused() -> None:
    assert plan_rows(IPS25, THREES, [], issued_on=ISSUED) == ()
    with pytest.raises(UnknownItem):
        plan_rows(IPS25, THREES, ["SV15"], issued_on=ISSUED)
