"""The quarter as a value: its dates, its neighbours, and how people write it."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from ips_portal.quarters import NotAQuarter, Quarter

ZONES = (
    "New_York",
    "Chicago",
    "Denver",
    "Phoenix",
    "Los_Angeles",
    "Anchorage",
    "Honolulu",
    "Guam",
    "Puerto_Rico",
)
PACIFIC = {"Honolulu", "Guam"}


@pytest.mark.parametrize("text", ["2026-q3", "2026 Q3", "2026Q3", " 2026-Q3 ", "2026/q3"])
def test_a_quarter_is_read_however_it_is_written(text: str) -> None:
    assert Quarter.parse(text) == Quarter(2026, 3)


@pytest.mark.parametrize(
    "text", ["2026Q5", "Q1 26", "1/2026", "2026-q", "", "\uff12\uff10\uff12\uff16 Q1", "1026 Q1"]
)
def test_what_is_no_quarter_is_answered_with_how_to_write_one(text: str) -> None:
    with pytest.raises(NotAQuarter, match="2026 Q1"):
        Quarter.parse(text)


def test_a_federal_fiscal_quarter_is_told_from_a_calendar_one() -> None:
    with pytest.raises(NotAQuarter, match="FFY 2026 Q1 is October-December 2025") as refused:
        Quarter.parse("FFY26 Q1")
    assert "write 2025 Q4" in str(refused.value)
    with pytest.raises(NotAQuarter, match="not those of a fiscal year"):
        Quarter.parse("SFY26 Q1")


def test_quarters_follow_each_other_over_the_years() -> None:
    assert Quarter(2026, 4) + 1 == Quarter(2027, 1)
    assert Quarter(2026, 1) - 5 == Quarter(2024, 4)
    assert Quarter(2026, 1).since(Quarter(2024, 4)) == 5
    assert Quarter(2026, 2).last(4) == (
        Quarter(2025, 3),
        Quarter(2025, 4),
        Quarter(2026, 1),
        Quarter(2026, 2),
    )


def test_a_quarter_names_its_months_and_days() -> None:
    third = Quarter(2026, 3)
    assert (third.months, third.starts_on, third.ends_on) == (
        "July-September 2026",
        date(2026, 7, 1),
        date(2026, 9, 30),
    )
    assert third.due_on(30) == date(2026, 10, 30)
    assert not third.is_open(date(2026, 8, 31))
    assert third.is_open(date(2026, 9, 1))
    assert not third.has_ended(date(2026, 9, 30))
    assert third.has_ended(date(2026, 10, 1))


@pytest.mark.parametrize("zone", ZONES)
def test_no_moment_at_a_quarters_edge_is_misfiled(zone: str) -> None:
    """Each edge of forty years, a second and an hour before and after, in the state's own zone."""
    place = ZoneInfo(f"{'Pacific' if zone in PACIFIC else 'America'}/{zone}")
    for year in range(2000, 2041):
        for number in (1, 2, 3, 4):
            quarter = Quarter(year, number)
            last_second = datetime(
                quarter.ends_on.year, quarter.ends_on.month, quarter.ends_on.day, 23, 59, 59, tzinfo=place
            ).astimezone(UTC)
            for before in (timedelta(0), timedelta(hours=1)):
                assert Quarter.of((last_second - before).astimezone(place).date()) == quarter
            for after in (timedelta(seconds=1), timedelta(hours=1)):
                assert Quarter.of((last_second + after).astimezone(place).date()) == quarter + 1


@pytest.mark.parametrize("quarter", [Quarter(1990, 1), Quarter(2026, 4)])
def test_a_quarter_and_its_index_name_each_other(quarter: Quarter) -> None:
    assert Quarter.at(quarter.index) == quarter
    assert (quarter + 1).index == quarter.index + 1
