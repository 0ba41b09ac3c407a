"""For how long: money that ends, what nobody has checked, and planned money that is waited for."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from funding.grid import Cell, Grid, Status
from tests.funding.grids import (
    COACHING,
    COLUMNS,
    GRANT,
    LIMITS,
    MEDICAID,
    NO,
    OUTREACH,
    RIDES,
    SCHOOL,
    STATE,
    TODAY,
    VR,
    found,
    one,
    pays,
    plan,
    planned,
    row,
)

IN_A_YEAR = date(2027, 11, 28)
TWO_YEARS_AGO = date(2024, 11, 28)
DAY = timedelta(days=1)
PAYS = pays()


def granted(ends_on: date | None, *cells: tuple[int, Cell]) -> Grid:
    columns = (*COLUMNS[:3], replace(COLUMNS[3], ends_on=ends_on))
    return plan({(element, GRANT): cell for element, cell in cells}, columns=columns)


def test_a_source_that_ends_within_a_year_is_a_gap() -> None:
    gap = one("G8", granted(IN_A_YEAR, (OUTREACH, PAYS), (SCHOOL, PAYS)))
    assert (gap.phase, gap.elements, gap.columns) == ("", (OUTREACH, SCHOOL), (GRANT,))
    assert "Money of Grant" in gap.reason
    assert "ends on November 28, 2027" in gap.reason
    assert "“Outreach” and “School applications”" in gap.reason


def test_one_that_ends_a_day_later_is_not() -> None:
    assert found("G8", granted(IN_A_YEAR + DAY, (OUTREACH, PAYS))) == []
    assert found("G8", granted(None, (OUTREACH, PAYS))) == []
    longer = replace(LIMITS, expiring_months=13)
    assert found("G8", granted(IN_A_YEAR + DAY, (OUTREACH, PAYS)), longer) != []


def test_a_source_nothing_is_paid_from_may_end() -> None:
    assert found("G8", granted(TODAY, (OUTREACH, NO))) == []


def test_a_cell_that_ends_is_told_with_its_own_date() -> None:
    spring = pays(valid_to=date(2027, 3, 31))
    grid = granted(IN_A_YEAR, (OUTREACH, spring), (COACHING, spring), (SCHOOL, PAYS))
    told = {gap.elements: gap.reason for gap in found("G8", grid)}
    assert {*told} == {(OUTREACH, COACHING), (SCHOOL,)}
    assert "March 31, 2027" in told[OUTREACH, COACHING]
    assert "November 28, 2027" in told[SCHOOL,]


def test_money_that_has_ended_says_so() -> None:
    assert "ended on November 27, 2026" in one("G8", granted(TODAY - DAY, (SCHOOL, PAYS))).reason
    assert "ends on November 28, 2026" in one("G8", granted(TODAY, (SCHOOL, PAYS))).reason
    assert "who pays now" in one("G8", granted(TODAY - DAY, (SCHOOL, PAYS))).advice
    assert "before the last day" in one("G8", granted(TODAY, (SCHOOL, PAYS))).advice
    own = one("G8", plan({(SCHOOL, GRANT): pays(valid_to=date(2020, 1, 1))}))
    assert "ended on January 1, 2020" in own.reason
    assert own.phase == "education"


def test_what_nobody_knows_is_one_gap_of_its_service() -> None:
    gap = one("G9", plan({(SCHOOL, VR): Cell(), (SCHOOL, GRANT): Cell(status=Status.UNKNOWN)}))
    assert (gap.phase, gap.elements, gap.columns) == ("education", (SCHOOL,), (VR, GRANT))
    assert "2 payers" in gap.reason
    assert "Vocational Rehabilitation (Milestone payments) and Grant" in gap.reason


def test_what_was_checked_too_long_ago_counts_too() -> None:
    stale, never = pays(checked_on=TWO_YEARS_AGO - DAY), replace(NO, checked_on=None)
    gap = one("G9", plan({(SCHOOL, VR): stale, (SCHOOL, GRANT): never}))
    assert gap.columns == (VR, GRANT)
    assert "more than 24 months ago" in gap.reason
    assert "Never checked: 1 payer, Grant." in gap.reason


def test_exactly_two_years_are_not_too_long() -> None:
    assert found("G9", plan({(SCHOOL, VR): pays(checked_on=TWO_YEARS_AGO)})) == []
    shorter = replace(LIMITS, stale_months=23)
    assert found("G9", plan({(SCHOOL, VR): pays(checked_on=TWO_YEARS_AGO)}), shorter) != []


def test_a_day_to_come_is_not_long_ago() -> None:
    for day in (TODAY + DAY, date.max):
        assert found("G9", plan({(SCHOOL, VR): pays(checked_on=day)})) == []


def test_an_unknown_cell_is_not_asked_when_it_was_checked() -> None:
    assert "24 months" not in one("G9", plan({(SCHOOL, VR): Cell()})).reason


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        (planned(bridge=STATE), "no date is given"),
        (planned(expected_on=IN_A_YEAR), "nobody is named who pays until then"),
        (planned(expected_on=IN_A_YEAR, bridge=99), "nobody is named who pays until then"),
        (planned(expected_on=TODAY - DAY, bridge=STATE), "expected by November 27, 2026"),
        (planned(expected_on=IN_A_YEAR, bridge=VR), "Vocational Rehabilitation (Milestone payments)"),
        (planned(expected_on=IN_A_YEAR, bridge=MEDICAID), "is to pay until then"),
    ],
    ids=[
        "no date",
        "no bridge",
        "a bridge that is gone",
        "past",
        "a bridge that does not pay",
        "its own bridge",
    ],
)
def test_planned_money_that_is_only_waited_for_is_a_gap(cell: Cell, words: str) -> None:
    gap = one("G12", plan(row(RIDES, medicaid=cell, state=PAYS)))
    assert (gap.phase, gap.elements, gap.columns) == ("job_supports", (RIDES,), (MEDICAID,))
    assert words in gap.reason
    assert "Medicaid (1915(i))" in gap.reason


def test_planned_money_with_a_date_and_a_payer_until_then_is_not() -> None:
    for day in (TODAY, IN_A_YEAR):
        waiting = planned(expected_on=day, bridge=STATE)
        assert found("G12", plan(row(RIDES, medicaid=waiting, state=PAYS))) == []


def test_everything_that_is_missing_is_said_in_one_sentence() -> None:
    gap = one("G12", plan(row(RIDES, medicaid=planned(), state=PAYS)))
    assert "no date is given and nobody is named" in gap.reason


def test_two_plans_that_wait_for_each_other_are_bridged_by_nobody() -> None:
    cells = row(
        RIDES,
        medicaid=planned(expected_on=IN_A_YEAR, bridge=GRANT),
        grant=planned(expected_on=IN_A_YEAR, bridge=MEDICAID),
    )
    assert [gap.columns for gap in found("G12", plan(cells))] == [(MEDICAID,), (GRANT,)]
