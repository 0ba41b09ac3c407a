"""What is worked out from the figures, from whole numbers somebody gave. Source: domain reference 3.4."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ips_portal.quarters import Quarter
from outcomes.figures import Figure, Figures, Number
from outcomes.rates import FORMULAS, Formula, new_intakes, penetration, rate, rates, rolling

QUARTER = Quarter(2026, 3)
TEAM: dict[str, Number] = {"served": 40, "employed": 18, "in_school": 3, "in_education": 6, "job_starts": 9}
TEAM |= {"transitioned_working": 6, "transitioned_unemployed": 2, "specialist_fte": Decimal("2.50")}
TEAM |= {"vr_closures": 20, "closed_successful_vr": 11}


def figures(values: dict[str, Number | None]) -> Figures:
    return Figures(
        {key: Figure(why="No record.") if value is None else Figure(value) for key, value in values.items()}
    )


@pytest.mark.parametrize(
    ("key", "above", "below", "value", "shown"),
    [
        ("employment", 18, 40, "0.45", "45%"),
        ("education", 6, 40, "0.15", "15%"),
        ("job_starts_per_fte", 9, Decimal("2.5"), "3.6", "3.6"),
        ("end_caseload", 32, None, "32", "32"),
        ("end_caseload_per_fte", 32, Decimal("2.5"), "12.8", "12.8"),
        ("served_per_fte", 40, Decimal("2.5"), "16", "16.0"),
        ("transition", 8, 40, "0.2", "20%"),
        ("working_transitions", 6, 8, "0.75", "75%"),
        ("successful_closure", 6, 8, "0.75", "75%"),
        ("vr_success", 11, 20, "0.55", "55%"),
    ],
)
def test_a_rate_says_what_was_divided_by_what(
    key: str, above: Number, below: Number | None, value: str, shown: str
) -> None:
    found = rate(key, figures({**TEAM}))
    assert (found.numerator, found.denominator) == (above, below)
    assert found.value == Decimal(value)
    assert (found.shown, found.missing) == (shown, ())


def test_a_rate_reads_as_a_sentence() -> None:
    assert rate("employment", figures({**TEAM})).sentence == "45%: 18 people working of 40 people served"
    assert (
        rate("job_starts_per_fte", figures({**TEAM})).sentence
        == "3.6: 9 job starts for 2.5 full-time specialists"
    )
    assert rate("end_caseload", figures({**TEAM})).sentence == "32: people served who did not leave"


@pytest.mark.parametrize(
    ("key", "zero"),
    [
        ("employment", "served"),
        ("job_starts_per_fte", "specialist_fte"),
        ("vr_success", "vr_closures"),
    ],
)
def test_nothing_is_divided_by_zero(key: str, zero: str) -> None:
    found = rate(key, figures({**TEAM, zero: 0}))
    assert (found.value, found.denominator, found.missing, found.shown) == (None, 0, (), "")
    assert found.sentence == f"No value: {found.denominator_is} is 0"


@pytest.mark.parametrize("formula", FORMULAS, ids=lambda formula: formula.key)
def test_what_was_not_collected_leaves_no_value_and_is_named(formula: Formula) -> None:
    for key in (*formula.above, *formula.below):
        found = rate(formula.key, figures({**TEAM, key: None}))
        assert found.value is None
        assert len(found.missing) == 1
        assert found.missing[0] in found.sentence


def test_what_is_not_entered_yet_is_not_called_not_collected() -> None:
    open_yet, half = figures({}), figures({"employed": None})
    assert rate("employment", open_yet).sentence == "No value yet: not entered: People working, People served"
    assert (
        rate("employment", half).sentence
        == "No value: not collected: People working; not entered yet: People served"
    )
    assert "not collected" in rate("employment", figures({"served": None, "employed": 3})).sentence


def test_zero_is_a_number() -> None:
    assert rate("employment", figures({**TEAM, "employed": 0})).shown == "0%"


def test_half_a_percent_goes_up() -> None:
    assert rate("employment", figures({"served": 8, "employed": 1})).shown == "13%"


def test_new_people_are_those_who_were_not_on_the_caseload_before() -> None:
    found = new_intakes(figures({"served": 44}), figures({**TEAM}))
    assert (found.numerator, found.shown) == (12, "12")
    assert new_intakes(figures({"served": 30}), figures({**TEAM})).value == -2
    assert new_intakes(figures({"served": 30}), None).missing == (
        "People served in the quarter before",
        "Left while working in the quarter before",
        "Left while not working in the quarter before",
    )
    assert new_intakes(figures({}), figures({**TEAM})).missing == ("People served",)


def test_the_share_of_the_need_needs_both_numbers() -> None:
    assert penetration(200, 20000).shown == "1%"
    assert penetration(200, None).missing == ("People eligible for IPS",)
    assert penetration(200, 0).value is None


def test_a_rolling_rate_adds_up_person_quarters_and_says_how_many() -> None:
    several = {QUARTER - back: figures({"served": 40 + back, "employed": 20}) for back in range(6)}
    found = rolling(several, "employment", until=QUARTER)
    assert (found.numerator, found.denominator) == (80, 40 + 41 + 42 + 43)
    assert (found.basis, found.missing) == ("person-quarters, 4 of 4 quarters", ())


def test_a_rolling_rate_makes_nothing_up_and_reaches_no_further_back() -> None:
    several = {
        QUARTER: figures({"served": 40, "employed": 20}),
        QUARTER - 1: figures({"served": 40, "employed": None}),
        QUARTER - 3: figures({"served": 20, "employed": 10}),
        QUARTER - 4: figures({"served": 900, "employed": 0}),
    }
    found = rolling(several, "employment")
    assert (found.shown, found.denominator) == ("50%", 60)
    assert found.missing == ("2026 Q1", "2026 Q2")
    assert found.sentence.endswith("(person-quarters, 2 of 4 quarters)")


def test_a_rolling_rate_of_nothing_has_no_value() -> None:
    found = rolling({}, "employment")
    assert (found.value, found.numerator, found.basis) == (None, None, "person-quarters, 0 of 4 quarters")
    assert len(rolling({}, "employment", until=QUARTER).missing) == 4


@given(st.dictionaries(st.sampled_from(sorted(TEAM)), st.none() | st.integers(0, 9999)))
def test_any_figures_give_every_rate_a_value_or_a_reason(values: dict[str, Number | None]) -> None:
    for found in rates(figures(values)):
        assert (found.value is None) == bool(found.missing or found.denominator == 0)
        assert found.sentence
