"""One number field: the verdict is the same at every door. Source: bad-input catalogue, section A."""

from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outcomes.measures import edition
from outcomes.reading import NotANumber, read

SERVED, FTE = edition().measure("served"), edition().measure("specialist_fte")
WAGE, HOURS = edition().measure("avg_hourly_wage"), edition().measure("avg_weekly_hours")
TAKEN = [
    ("12", 12),
    ("1,234", 1234),
    ("+5", 5),
    ("00012", 12),
    ("-0", 0),
    (" 12\u00a0", 12),
    ("\t12", 12),
    ("9,999", 9999),
]
REFUSED = [
    ("12.5", "Enter a whole number of people. You entered 12.5."),
    ("12.0", "without a decimal point"),
    ("1,23", "Check the comma in “1,23”."),
    ("12,34,567", "Check the comma"),
    ("٣٤", "Enter digits 0-9"),
    ("\uff11\uff12", "Enter digits 0-9"),
    ("1۲", "Enter digits 0-9"),
    ("²", "Enter digits 0-9"),
    ("½", "Enter digits 0-9"),
    ("Ⅻ", "Enter digits 0-9"),
    ("99999999999999999999", r"larger than the portal accepts \(9,999\)"),
    ("10000", "Check for extra digits"),
    pytest.param("9" * 5000, r"^9{23}… is larger than the portal accepts \(9,999\)", id="5000 digits"),
    pytest.param(
        "9" * 5000 + ".0", r"larger than the portal accepts \(9,999\)", id="5000 digits and a point"
    ),
    pytest.param("-" + "9" * 5000, "cannot be less than 0", id="5000 digits below 0"),
    ("n/a", "choose “Not collected” and say why. Blank is not zero."),
    ("-", "choose “Not collected”"),
    ("unk", "choose “Not collected”"),
    (".", "choose “Not collected”"),
    ("<11", "looks like a suppressed value"),
    ("*", "looks like a suppressed value"),
    ("=C2-2", "is a formula. Enter its result."),
    ("+1+1", "is a formula"),
    ("@SUM(1)", "is a formula"),
    ("#REF!", "an error of a spreadsheet"),
    ("-3", "cannot be less than 0"),
    ("about ten", "Enter a whole number of people. You entered “about ten”."),
    ("1e3", "Enter a whole number of people"),
    ("NaN", "Enter a whole number of people"),
]


@pytest.mark.parametrize(("text", "value"), TAKEN)
def test_a_count_is_taken_however_it_is_typed(text: str, value: int) -> None:
    reading = read(text, SERVED)
    assert reading is not None
    assert reading.value == value
    assert bool(reading.notice) == (str(value) != text.strip())


@pytest.mark.parametrize(("text", "answer"), REFUSED)
def test_what_is_no_count_is_answered_with_what_to_do(text: str, answer: str) -> None:
    with pytest.raises(NotANumber, match=answer):
        read(text, SERVED)


@pytest.mark.parametrize("text", ["", "  ", "\u00a0"])
def test_an_empty_field_is_open_and_not_zero(text: str) -> None:
    assert read(text, SERVED) is None


def test_only_an_import_takes_a_whole_number_with_a_decimal_point() -> None:
    reading = read("12.00000", SERVED, lenient=True)
    assert reading is not None
    assert (reading.value, reading.notice) == (12, "12.00000 was read as 12.")
    with pytest.raises(NotANumber, match="whole number of people"):
        read("12.5", SERVED, lenient=True)


@pytest.mark.parametrize(
    ("text", "notice"),
    [
        ("2.5", ""),
        ("2.50", ""),
        ("3", ""),
        ("3.0", ""),
        ("0", ""),
        ("+2", "+2 was read as 2."),
        (".5", ".5 was read as 0.5."),
    ],
)
def test_a_decimal_that_is_read_as_it_was_typed_needs_no_notice(text: str, notice: str) -> None:
    reading = read(text, FTE)
    assert reading is not None
    assert reading.notice == notice


@pytest.mark.parametrize(("text", "value"), [("2.5", "2.50"), (".5", "0.50"), ("3", "3"), ("0", "0")])
def test_staff_is_counted_to_two_decimals(text: str, value: str) -> None:
    reading = read(text, FTE)
    assert reading is not None
    assert reading.value == Decimal(value)


@pytest.mark.parametrize("text", ["2,5", "2.555", "two"])
def test_staff_with_a_comma_or_more_decimals_is_asked_about(text: str) -> None:
    with pytest.raises(NotANumber, match="at most two decimals"):
        read(text, FTE)


def test_leading_zeros_do_not_count() -> None:
    reading = read("0" * 5000 + "12", SERVED)
    assert reading is not None
    assert reading.value == 12


def test_an_average_of_nothing_is_no_zero() -> None:
    with pytest.raises(NotANumber, match="cannot be 0"):
        read("0", WAGE)
    with pytest.raises(NotANumber, match=r"larger than the portal accepts \(80\)"):
        read("81", HOURS)
    with pytest.raises(NotANumber, match="larger than the portal accepts"):
        read("1" + "0" * 26, WAGE)
    dollars = read("$15.50", WAGE)
    assert dollars is not None
    assert dollars.value == Decimal("15.50")


@given(st.text(max_size=30))
def test_any_text_is_a_number_an_answer_or_nothing(text: str) -> None:
    for measure in (SERVED, FTE, WAGE):
        with suppress(NotANumber):  # any other error fails
            reading = read(text, measure)
            assert reading is None or 0 <= reading.value <= measure.maximum


@given(st.integers(0, 9999))
def test_every_count_is_read_as_itself(value: int) -> None:
    for text in (str(value), f"{value:,}", f" {value} "):
        reading = read(text, SERVED)
        assert reading is not None
        assert reading.value == value
