"""What a count suggests for an item: thresholds, open values, combinations and caps (R6 to R8)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fidelity.measuring import (
    MeasureError,
    Suggestion,
    cap,
    combine,
    count_components,
    look_up,
    mean,
    weekly_contacts,
    whole_percent,
)
from fidelity.scales import load

IPS25 = load("ips25-2008")
MEASURED = [item.code for item in IPS25.items if item.floors]
PERCENT = [item.code for item in IPS25.items if item.unit == "percent"]

# Both sides of every threshold of the domain reference, section 1.2.
EDGES = {
    "ST1": {0: 5, 20: 5, 21: 4, 25: 4, 26: 3, 30: 3, 31: 2, 40: 2, 41: 1, 90: 1},
    "ST2": {0: 1, 59: 1, 60: 2, 74: 2, 75: 3, 89: 3, 90: 4, 95: 4, 96: 5, 100: 5},
    "ST3": {0: 2, 1: 3, 4: 3, 5: 4, 6: 5},
    "OR1": {0: 2, 49: 2, 50: 3, 74: 3, 75: 4, 89: 4, 90: 5, 100: 5},
    "OR2": {0: 1, 1: 1, 2: 2, 3: 3, 4: 4, 5: 5},
    "OR5": {0: 1, 1: 1, 2: 2, 3: 3, 4: 4, 5: 5},
    "OR7": {0: 1, 1: 1, 2: 2, 3: 3, 4: 4, 5: 5},
    "OR8": {0: 1, 1: 1, 2: 2, 3: 3, 4: 4, 5: 5},
    "SV2": {0: 1, 1: 2, 2: 3, 3: 4, 4: 5},
    "SV4": {0: 5, 30: 5, 31: 4, 60: 4, 61: 3, 150: 3, 151: 2, 270: 2, 271: 1, 900: 1},
    "SV5": {0: 1, 24: 1, 25: 2, 49: 2, 50: 3, 74: 3, 75: 4, 89: 4, 90: 5, 100: 5},
    "SV6": {0: 1, 1: 1, 2: 2, 3: 2, 4: 3, 5: 4, 6: 5, 12: 5},
    "SV8": {0: 1, 49: 1, 50: 2, 59: 2, 60: 3, 69: 3, 70: 4, 84: 4, 85: 5, 100: 5},
    "SV9": {0: 1, 49: 1, 50: 2, 59: 2, 60: 3, 69: 3, 70: 4, 84: 4, 85: 5, 100: 5},
    "SV10": {0: 1, 63: 1, 64: 1, 65: 2, 74: 2, 75: 3, 84: 3, 85: 4, 94: 4, 95: 5, 100: 5},
    "SV13": {0: 1, 29: 1, 30: 2, 39: 2, 40: 3, 49: 3, 50: 4, 64: 4, 65: 5, 100: 5},
    "SV14": {0: 1, 2: 1, 3: 2, 4: 3, 5: 4, 6: 5},
}


@pytest.mark.parametrize(
    ("code", "value", "rating"), [(c, v, r) for c, e in EDGES.items() for v, r in e.items()]
)
def test_each_threshold_changes_the_rating_exactly_there(code: str, value: int, rating: int) -> None:
    assert look_up(IPS25.item(code), value).rating == rating


def test_no_measured_item_is_missing_from_the_table_of_thresholds() -> None:
    assert list(EDGES) == MEASURED


@given(st.sampled_from(MEASURED), st.integers(0, 100), st.integers(0, 100))
def test_ratings_move_in_one_direction_with_the_value(code: str, one: int, other: int) -> None:
    low, high = sorted((one, other))
    below, above = look_up(IPS25.item(code), low).rating, look_up(IPS25.item(code), high).rating
    assert below >= above if code in {"ST1", "SV4"} else below <= above


@pytest.mark.parametrize(
    ("code", "at", "usual", "chosen"), [("SV6", 3, 2, 3), ("SV10", 64, 1, 2), ("SV13", 30, 2, 1)]
)
def test_an_open_value_is_read_by_its_note_unless_the_state_chose_otherwise(
    code: str, at: int, usual: int, chosen: int
) -> None:
    item = IPS25.item(code)
    assert look_up(item, at) == Suggestion(usual, (item.boundary_note,))
    assert look_up(item, at, chosen).rating == chosen
    assert look_up(item, at - 1, chosen) == look_up(item, at - 1)
    assert look_up(item, at + 1, chosen) == look_up(item, at + 1)


def test_a_state_can_only_choose_between_the_two_neighbours() -> None:
    with pytest.raises(MeasureError, match="SV6 Job development: frequency: 3 is read as 2 or 3, not 5"):
        look_up(IPS25.item("SV6"), 3, 5)


@pytest.mark.parametrize("code", PERCENT)
@pytest.mark.parametrize("value", [-1, 101])
def test_an_impossible_percentage_is_refused(code: str, value: int) -> None:
    with pytest.raises(MeasureError, match=f"{value} is not possible. Enter 0 to 100"):
        look_up(IPS25.item(code), value)


def test_a_negative_count_is_refused() -> None:
    with pytest.raises(MeasureError, match=r"-1 is not possible. Enter 0 or more"):
        look_up(IPS25.item("ST1"), -1)


def test_an_item_rated_by_description_has_no_number() -> None:
    with pytest.raises(MeasureError, match="OR4 Vocational unit is rated by description"):
        look_up(IPS25.item("OR4"), 3)


@pytest.mark.parametrize(
    ("part", "of", "percent"), [(1, 8, 13), (1, 3, 33), (2, 3, 67), (179, 200, 90), (0, 9, 0), (9, 9, 100)]
)
def test_percentages_are_whole_and_half_goes_up(part: int, of: int, percent: int) -> None:
    assert whole_percent(part, of) == percent


@given(st.integers(1, 500), st.integers(0, 500), st.sampled_from(PERCENT))
def test_no_share_falls_into_a_hole_between_two_bands(of: int, part: int, code: str) -> None:
    assert 1 <= look_up(IPS25.item(code), whole_percent(min(part, of), of)).rating <= 5


@pytest.mark.parametrize(("part", "of"), [(1, 0), (3, 2), (-1, 2)])
def test_a_share_of_nothing_or_more_than_everything_is_refused(part: int, of: int) -> None:
    with pytest.raises(MeasureError):
        whole_percent(part, of)


def test_a_mean_is_whole_and_half_goes_up() -> None:
    assert (mean(61, 2), mean(60, 2), mean(41, 2)) == (31, 30, 21)
    with pytest.raises(MeasureError, match="at least one value"):
        mean(0, 0)


def test_components_are_counted_once_each() -> None:
    item = IPS25.item("OR2")
    assert count_components(item, ["a", "b", "b", "a"]).rating == 2
    assert count_components(item, [c.code for c in item.components]).rating == 5
    assert count_components(item, []).rating == 1


def test_a_component_the_item_does_not_have_is_refused() -> None:
    with pytest.raises(MeasureError, match="no component “z”"):
        count_components(IPS25.item("OR2"), ["a", "z"])


@pytest.mark.parametrize(
    ("contact", "meeting", "rating"),
    [
        ("rarer", "rarer", 1),
        ("quarterly", "rarer", 2),
        ("monthly", "rarer", 3),
        ("weekly", "rarer", 4),
        ("rarer", "quarterly", 4),
        ("monthly", "quarterly", 4),
        ("monthly", "monthly", 4),
        ("weekly", "quarterly", 4),
        ("weekly", "monthly", 5),
    ],
)
def test_contact_and_meetings_with_counselors_combine(contact: str, meeting: str, rating: int) -> None:
    assert combine(IPS25.item("OR3"), {"contact": contact, "meeting": meeting}).rating == rating


@pytest.mark.parametrize(
    ("support", "timing", "rating"),
    [
        ("first_month_only", "kept", 1),
        ("under_half_four_months", "kept", 2),
        ("half_four_months", "kept", 3),
        ("weekly_then_monthly_about_a_year", "not_kept", 4),
        ("weekly_then_monthly_about_a_year", "kept", 5),
    ],
)
def test_support_around_a_job_combines(support: str, timing: str, rating: int) -> None:
    assert combine(IPS25.item("SV12"), {"support": support, "timing": timing}).rating == rating


def test_a_combination_needs_every_fact_and_an_item_that_combines() -> None:
    with pytest.raises(MeasureError, match="choose meeting from rarer, quarterly, monthly"):
        combine(IPS25.item("OR3"), {"contact": "weekly"})
    with pytest.raises(MeasureError, match="choose contact from"):
        combine(IPS25.item("OR3"), {"contact": "daily", "meeting": "monthly"})
    with pytest.raises(MeasureError, match="has no combination rule"):
        combine(IPS25.item("ST1"), {})


@pytest.mark.parametrize(
    ("contacts", "looking", "rating"),
    [(2, 1, 5), (1, 1, 1), (4, 2, 5), (3, 2, 2), (4, 3, 3), (6, 3, 5), (5, 10, 4), (3, 10, 2)],
)
def test_few_people_looking_need_fewer_contacts(contacts: int, looking: int, rating: int) -> None:
    assert weekly_contacts(IPS25.item("SV6"), contacts, looking).rating == rating


def test_a_specialist_with_nobody_looking_stays_out_of_the_average() -> None:
    with pytest.raises(MeasureError, match="leave the specialist out"):
        weekly_contacts(IPS25.item("SV6"), 0, 0)


@pytest.mark.parametrize(
    ("code", "gate", "highest"),
    [
        ("ST3", "vendors_only", 1),
        ("OR1", "separate_program", 1),
        ("OR1", "three_teams", 2),
        ("OR1", "no_teams", 2),
        ("OR4", "small_unit", 3),
        ("SV4", "not_tracked", 4),
        ("SV5", "not_in_plan", 3),
        ("SV5", "no_job_options", 4),
        ("SV6", "no_log", 2),
        ("SV6", "log_not_reviewed", 2),
        ("SV6", "log_monthly", 3),
        ("SV10", "few_jobs", 1),
    ],
)
@pytest.mark.parametrize("rating", [1, 2, 3, 4, 5])
def test_each_gate_caps_and_says_why_only_when_it_does(
    code: str, gate: str, highest: int, rating: int
) -> None:
    item = IPS25.item(code)
    capped = cap(item, Suggestion(rating), [gate])
    assert capped.rating == min(rating, highest)
    assert bool(capped.reasons) == (rating > highest)
    if capped.reasons:
        assert capped.reasons[0].endswith(f"Not above {highest}, though the numbers alone give {rating}.")


def test_no_gate_is_missing_from_the_table_above() -> None:
    assert sum(len(item.gates) for item in IPS25.items) == 12


def test_the_strictest_gate_wins_and_the_open_values_note_stays() -> None:
    sv6 = IPS25.item("SV6")
    capped = cap(sv6, look_up(sv6, 6), ["log_monthly", "no_log"])
    assert (capped.rating, len(capped.reasons)) == (2, 1)
    noted = cap(sv6, look_up(sv6, 3, 3), ["no_log"])
    assert noted.rating == 2
    assert noted.reasons[0] == sv6.boundary_note


def test_no_gate_changes_nothing_and_an_unknown_gate_is_refused() -> None:
    assert cap(IPS25.item("SV10"), Suggestion(5), []) == Suggestion(5)
    with pytest.raises(MeasureError, match="no circumstance “few_jobs”"):
        cap(IPS25.item("SV9"), Suggestion(5), ["few_jobs"])
