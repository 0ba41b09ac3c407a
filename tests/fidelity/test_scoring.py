"""What a review adds up to: R1 to R6 and R12 of the domain reference."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fidelity.scales import Scale, UnknownItem, load
from fidelity.scoring import (
    RatingError,
    average_rating,
    band,
    check_rating,
    parse_rating,
    round_half_up,
    score,
    to_next_band,
    without_evidence,
)

IPS25 = load("ips25-2008")
THREES = dict.fromkeys(IPS25.codes, 3)
some_ratings = st.dictionaries(st.sampled_from(IPS25.codes), st.integers(1, 5))
all_ratings = st.fixed_dictionaries({code: st.integers(1, 5) for code in IPS25.codes})
totals = st.integers(25, 125)


def unbanded(na_policy: str = "require_rating") -> Scale:
    item = {"name": "n", "measure": "m", "kind": "anchor", "anchors": ["1", "2", "3", "4", "5"]}
    items = [item | {"code": f"A{n}", "seq": n} for n in (1, 2, 3)]
    return Scale.parse(
        {
            "key": "small",
            "version": "1",
            "name": "Small scale",
            "year": 2026,
            "effective_from": "2026-01-01",
            "na_policy": na_policy,
            "tie_rule": "down",
            "sections": [{"code": "A", "name": "First", "items": items}],
        }
    )


@pytest.mark.parametrize("rating", [1, 2, 3, 4, 5])
def test_whole_numbers_from_1_to_5_are_ratings(rating: int) -> None:
    assert check_rating(rating) == rating
    assert parse_rating(str(rating)) == rating


@pytest.mark.parametrize(
    ("value", "seen"),
    [
        (0, "You entered 0."),
        (6, "You entered 6."),
        (-1, "You entered -1."),
        (3.5, "You entered 3.5."),
        (3.0, "You entered 3.0."),
        (float("nan"), "You entered nan."),
        (True, "You entered yes."),
        (False, "You entered no."),
        (None, "Nothing was entered."),
        ("", "Nothing was entered."),
        ("abc", "You entered the text “abc”."),
        ("3", "You entered the text “3”."),
        ("٣", "You entered the text “٣”."),
        ("x" * 500, f"You entered the text “{'x' * 20}…”."),
        ([3], "You entered something that is not a number (list)."),
    ],
)
def test_anything_else_is_refused_and_says_what_was_seen(value: Any, seen: str) -> None:
    with pytest.raises(RatingError) as refusal:
        check_rating(value)
    assert str(refusal.value) == f"Choose a whole number from 1 to 5. {seen}"


@pytest.mark.parametrize(
    "text", ["", "0", "6", "3.5", "3.0", " 3", "3 ", "+3", "03", "٣", "\uff13", "³", "3\x00", "abc"]
)
def test_form_text_must_be_one_plain_digit(text: str) -> None:
    with pytest.raises(RatingError, match="Choose a whole number from 1 to 5"):
        parse_rating(text)


def test_a_rating_error_is_a_value_error() -> None:
    assert issubclass(RatingError, ValueError)


@given(all_ratings)
def test_the_total_is_the_sum_and_the_sections_add_up_to_it(ratings: dict[str, int]) -> None:
    result = score(IPS25, ratings)
    assert result.is_complete
    assert result.total == result.provisional_total == sum(ratings.values())
    assert sum(section.total or 0 for section in result.subtotals) == result.total
    assert result.band is not None
    assert result.band.minimum <= sum(ratings.values()) <= result.band.maximum


@given(some_ratings)
def test_an_incomplete_review_has_no_total_and_no_band(ratings: dict[str, int]) -> None:
    if len(ratings) == 25:
        return
    result = score(IPS25, ratings)
    assert (result.total, result.band, result.to_next_band, result.prorated) == (None, None, None, None)
    assert result.provisional_total == sum(ratings.values())
    assert result.summary == f"provisional, {len(ratings)} of 25"
    assert set(result.missing) == set(IPS25.codes) - set(ratings)


@given(all_ratings, st.randoms())
def test_the_order_of_rating_changes_nothing(ratings: dict[str, int], random: Any) -> None:
    shuffled = list(ratings.items())
    random.shuffle(shuffled)
    assert score(IPS25, dict(shuffled)) == score(IPS25, ratings)


@given(totals, totals)
def test_a_higher_total_never_falls_into_a_lower_band(one: int, other: int) -> None:
    low, high = sorted((one, other))
    below, above = band(IPS25, low), band(IPS25, high)
    assert below is not None
    assert above is not None
    assert below.minimum <= above.minimum


@given(totals)
def test_the_points_to_the_next_band_lead_exactly_into_it(total: int) -> None:
    ahead = to_next_band(IPS25, total)
    if ahead is None:
        assert total >= 115
        return
    reached, just_before = band(IPS25, total + ahead.points), band(IPS25, total + ahead.points - 1)
    assert reached is not None
    assert reached.key == ahead.key
    assert just_before == band(IPS25, total)


@pytest.mark.parametrize(
    ("total", "key", "label", "ahead"),
    [
        (25, "none", "Not supported employment", ("Fair", 49)),
        (73, "none", "Not supported employment", ("Fair", 1)),
        (74, "fair", "Fair", ("Good", 26)),
        (99, "fair", "Fair", ("Good", 1)),
        (100, "good", "Good", ("Exemplary", 15)),
        (114, "good", "Good", ("Exemplary", 1)),
        (115, "exemplary", "Exemplary", None),
        (125, "exemplary", "Exemplary", None),
    ],
)
def test_bands_begin_and_end_where_the_scale_says(
    total: int, key: str, label: str, ahead: tuple[str, int] | None
) -> None:
    found, following = band(IPS25, total), to_next_band(IPS25, total)
    assert found is not None
    assert (found.key, found.label) == (key, label)
    assert (following and (following.label, following.points)) == ahead


@pytest.mark.parametrize("total", [24, 126, 0, -5])
def test_an_impossible_total_has_no_band_but_an_error(total: int) -> None:
    with pytest.raises(ValueError, match="impossible"):
        band(IPS25, total)


def test_a_states_own_names_for_bands_are_used() -> None:
    labels = {"exemplary": "Exceptional practice"}
    fours = score(IPS25, dict.fromkeys(IPS25.codes, 4), labels=labels)
    fives = score(IPS25, dict.fromkeys(IPS25.codes, 5), labels=labels)
    assert fours.to_next_band is not None
    assert (fours.to_next_band.label, fours.to_next_band.points) == ("Exceptional practice", 15)
    assert fives.band is not None
    assert (fives.band.key, fives.band.label) == ("exemplary", "Exceptional practice")
    assert fives.summary == "125 of 125, Exceptional practice"


def test_a_section_is_complete_before_the_review_is() -> None:
    result = score(IPS25, {"ST1": 5, "ST2": 4, "ST3": 3, "OR1": 2})
    staffing, organization, services = result.subtotals
    assert (staffing.total, staffing.possible) == (12, 15)
    assert (organization.total, organization.provisional, organization.rated, organization.of) == (
        None,
        2,
        1,
        8,
    )
    assert (services.total, services.provisional) == (None, 0)


def test_nothing_rated_is_zero_of_25_and_not_a_total_of_zero() -> None:
    result = score(IPS25, {})
    assert (result.total, result.provisional_total, result.rated, result.of) == (None, 0, 0, 25)


def test_a_26th_item_is_refused() -> None:
    with pytest.raises(UnknownItem, match="SV15"):
        score(IPS25, THREES | {"SV15": 3})


@pytest.mark.parametrize("value", [0, 6, 3.5, True, None, "3"])
def test_a_bad_rating_is_refused_with_its_item(value: Any) -> None:
    ratings: Mapping[str, Any] = THREES | {"OR2": value}
    with pytest.raises(RatingError, match="OR2 Integration by frequent team contact: Choose a whole number"):
        score(IPS25, ratings)


def test_a_scale_without_bands_has_totals_and_no_band() -> None:
    result = score(unbanded(), {"A1": 1, "A2": 5, "A3": 4})
    assert (result.total, result.possible, result.band, result.to_next_band) == (10, 15, None, None)
    assert result.summary == "10 of 15"


def without(code: str) -> dict[str, int]:
    return {key: value for key, value in THREES.items() if key != code}


def test_not_applicable_is_refused_where_every_item_must_be_rated() -> None:
    with pytest.raises(
        RatingError, match="OR3 Collaboration with vocational rehabilitation: “does not apply”"
    ):
        score(IPS25, without("OR3"), not_applicable=["OR3"])


def test_not_applicable_may_count_as_1() -> None:
    result = score(IPS25, without("OR3"), not_applicable=["OR3"], na_policy="score_1")
    assert (result.total, result.rated, result.prorated) == (24 * 3 + 1, 25, None)


def test_a_scale_brings_its_own_answer_to_not_applicable() -> None:
    assert score(unbanded("score_1"), {"A1": 5, "A2": 5}, not_applicable=["A3"]).total == 11


def test_a_prorated_figure_is_shown_and_never_becomes_a_total_or_a_band() -> None:
    result = score(IPS25, without("OR3"), not_applicable=["OR3"], na_policy="prorate_display_only")
    assert (result.total, result.band, result.to_next_band) == (None, None, None)
    assert result.prorated == 75
    assert result.summary == "provisional, 24 of 25"


def test_nothing_is_prorated_while_other_items_wait_for_a_rating() -> None:
    ratings = {key: value for key, value in without("OR3").items() if key != "SV1"}
    assert score(IPS25, ratings, not_applicable=["OR3"], na_policy="prorate_display_only").prorated is None


def test_an_item_cannot_be_rated_and_not_applicable() -> None:
    with pytest.raises(RatingError, match="has a rating and is also marked"):
        score(IPS25, THREES, not_applicable=["OR3"], na_policy="score_1")


def test_an_unknown_item_cannot_be_not_applicable() -> None:
    with pytest.raises(UnknownItem):
        score(IPS25, THREES, not_applicable=["XX1"], na_policy="score_1")


def test_an_unknown_answer_to_not_applicable_is_refused() -> None:
    with pytest.raises(ValueError, match="“ignore” is not one of require_rating"):
        score(IPS25, THREES, na_policy="ignore")


def test_rated_items_without_evidence_are_found_in_scale_order() -> None:
    found = without_evidence(IPS25, {"SV1": 3, "ST1": 4, "OR1": 2}, {"ST1": "caseload list", "OR1": " \n"})
    assert [item.code for item in found] == ["OR1", "SV1"]


@pytest.mark.parametrize(
    ("ratings", "down", "up"),
    [([4], 4, 4), ([3, 4], 3, 4), ([1, 2, 2], 2, 2), ([1, 1, 2], 1, 1), ([5, 5, 4, 4], 4, 5), ([1, 5], 3, 3)],
)
def test_specialists_ratings_are_averaged_to_the_nearest_and_ties_follow_the_rule(
    ratings: list[int], down: int, up: int
) -> None:
    assert average_rating(ratings) == down
    assert average_rating(ratings, "up") == up


@given(st.lists(st.integers(1, 5), min_size=1, max_size=12))
def test_an_average_is_never_more_than_half_a_point_away(ratings: list[int]) -> None:
    down, up = average_rating(ratings, "down"), average_rating(ratings, "up")
    assert 2 * abs(down * len(ratings) - sum(ratings)) <= len(ratings)
    assert down <= up <= down + 1
    assert min(ratings) <= down
    assert up <= max(ratings)


def test_an_average_needs_specialists_whole_ratings_and_a_known_tie_rule() -> None:
    with pytest.raises(RatingError, match="at least one specialist"):
        average_rating([])
    with pytest.raises(RatingError, match="You entered 7"):
        average_rating([3, 7])
    with pytest.raises(ValueError, match="“even” is not one of down, up"):
        average_rating([3, 4], "even")


@pytest.mark.parametrize(("part", "of", "whole"), [(1, 2, 1), (3, 2, 2), (149, 100, 1), (0, 7, 0), (7, 7, 1)])
def test_exactly_half_rounds_up(part: int, of: int, whole: int) -> None:
    assert round_half_up(part, of) == whole


def test_dividing_by_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="greater than zero"):
        round_half_up(1, 0)
