"""What a change of some cells would close and open, told without false alarms."""

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from funding.coverage import Gap, gaps
from funding.grid import Cell, Entry, Grid, Status
from funding.scenarios import Change, Comparison, applied, compared
from tests.funding.grids import (
    CELLS,
    COACHING,
    ELEMENTS,
    EMPLOYERS,
    GRANT,
    INTERVIEWS,
    KEYS,
    LIMITS,
    MEDICAID,
    NO,
    OUTREACH,
    RIDES,
    SCHOOL,
    STATE,
    TODAY,
    VR,
    grids,
    pays,
    phase_rows,
    plan,
    row,
)

CHANGES = st.lists(st.builds(Change, KEYS, KEYS, CELLS), max_size=3)
Told = list[tuple[str, tuple[int, ...]]]


def seen(grid: Grid, *changes: Change) -> Comparison:
    return compared(grid, changes, TODAY, LIMITS)


def told(found: tuple[Gap, ...]) -> Told:
    return [(gap.code, gap.elements) for gap in found]


def test_a_change_stands_in_the_scenario_and_nowhere_else() -> None:
    grid = plan()
    before = dict(grid.cells)
    there = applied(grid, [Change(SCHOOL, VR, pays(condition="A pilot")), Change(SCHOOL, STATE, NO)])
    assert there.cell(SCHOOL, VR) == pays(condition="A pilot")
    assert there.cell(SCHOOL, STATE) == NO
    assert grid.cells == before
    assert {**there.cells, (SCHOOL, VR): before[SCHOOL, VR], (SCHOOL, STATE): before[SCHOOL, STATE]} == before


def test_a_change_holds_the_whole_cell() -> None:
    grid = plan({(SCHOOL, VR): pays(service_code="V9")})
    assert applied(grid, [Change(SCHOOL, VR, pays())]).cell(SCHOOL, VR).service_code == ""


def test_the_last_of_two_changes_at_one_place_counts() -> None:
    twice = [Change(SCHOOL, VR, pays()), Change(SCHOOL, VR, NO)]
    assert applied(plan(), twice).cell(SCHOOL, VR) == NO


def test_new_money_closes_a_gap() -> None:
    found = seen(plan(row(RIDES)), Change(RIDES, GRANT, pays()))
    assert (told(found.closed), found.opened, found.kept) == ([("G2", (RIDES,))], (), ())


def test_money_that_is_taken_away_opens_one() -> None:
    found = seen(plan(row(RIDES, state=pays())), Change(RIDES, STATE, NO))
    assert (found.closed, told(found.opened), found.kept) == ((), [("G2", (RIDES,))], ())


def test_no_change_keeps_every_gap() -> None:
    grid = plan(row(RIDES))
    found = seen(grid)
    assert (found.closed, found.opened, found.kept) == ((), (), gaps(grid, TODAY, LIMITS))


def test_a_service_with_fewer_unknown_cells_is_no_new_trouble() -> None:
    grid = plan({(RIDES, VR): Cell(), (RIDES, GRANT): Cell()})
    found = seen(grid, Change(RIDES, VR, NO))
    assert (found.closed, found.opened, found.wider) == ((), (), ())
    (gap,) = found.kept
    assert (gap.code, gap.columns) == ("G9", (GRANT,))


def test_what_is_not_known_of_another_payer_is_no_new_trouble_either() -> None:
    found = seen(plan({(RIDES, VR): Cell()}), Change(RIDES, VR, NO), Change(RIDES, GRANT, Cell()))
    assert (found.closed, found.opened, found.wider) == ((), (), ())
    assert [gap.columns for gap in found.kept] == [(GRANT,)]


def test_gaps_of_the_plan_as_a_whole_are_kept() -> None:
    grid = plan(phase_rows([SCHOOL, RIDES, COACHING], state=pays()), elements=ELEMENTS[:-1])
    found = seen(grid, Change(SCHOOL, VR, pays(service_code="V", condition="A pilot")))
    assert [gap.code for gap in found.kept] == ["G7", "G11"]
    assert found.wider == ()


def test_a_service_that_is_paid_twice_once_it_is_paid_at_all_is_new_trouble() -> None:
    found = seen(plan(row(SCHOOL)), Change(SCHOOL, MEDICAID, pays()), Change(SCHOOL, STATE, pays()))
    assert told(found.closed) == [("G1", (SCHOOL,))]
    assert told(found.opened) == [("G10", (SCHOOL,))]


def test_an_unpaid_phase_that_gets_one_payer_opens_nothing_for_the_rest() -> None:
    unpaid = plan(phase_rows([INTERVIEWS, EMPLOYERS]))
    found = seen(unpaid, Change(EMPLOYERS, GRANT, pays()))
    assert told(found.closed) == [("G1", (INTERVIEWS, EMPLOYERS))]
    assert (found.opened, told(found.kept)) == ((), [("G2", (INTERVIEWS,))])


def test_a_phase_that_loses_its_last_payer_closes_nothing() -> None:
    grid = plan(phase_rows([INTERVIEWS, EMPLOYERS]) | row(EMPLOYERS, grant=pays()))
    found = seen(grid, Change(EMPLOYERS, GRANT, NO))
    assert found.closed == ()
    assert told(found.opened) == [("G1", (INTERVIEWS, EMPLOYERS))]


def test_money_that_would_end_later_but_soon_is_the_same_gap() -> None:
    grid = plan({(RIDES, GRANT): pays(service_code="G", valid_to=date(2026, 12, 31))})
    found = seen(grid, Change(RIDES, GRANT, pays(service_code="G", valid_to=date(2027, 3, 31))))
    assert (found.closed, found.opened) == ((), ())
    assert "March 31, 2027" in found.kept[0].reason


def test_one_of_two_dates_of_a_source_can_close() -> None:
    soon, later = (
        pays(service_code="G", valid_to=date(2026, 12, 31)),
        pays(service_code="G", valid_to=date(2027, 3, 31)),
    )
    grid = plan({(RIDES, GRANT): soon, (SCHOOL, GRANT): later})
    found = seen(grid, Change(SCHOOL, GRANT, replace(later, valid_to=None)))
    assert (told(found.closed), found.opened) == ([("G8", (SCHOOL,))], ())
    assert told(found.kept) == [("G8", (RIDES,))]


def test_the_same_trouble_at_another_payer_is_new() -> None:
    strict = pays(service_code="X", entry=Entry.SOBRIETY)
    found = seen(plan({(SCHOOL, VR): strict}), Change(SCHOOL, VR, NO), Change(SCHOOL, GRANT, strict))
    assert [gap.columns for gap in found.closed] == [(VR,)]
    assert [gap.columns for gap in found.opened] == [(GRANT,)]


def test_trouble_that_spreads_is_kept_and_said_to_be_wider() -> None:
    strict = pays(service_code="X", entry=Entry.SOBRIETY)
    found = seen(plan({(SCHOOL, VR): strict}), Change(OUTREACH, VR, strict))
    assert found.wider == found.kept
    assert told(found.kept) == [("G6", (OUTREACH, SCHOOL))]
    less = seen(plan({(SCHOOL, VR): strict, (OUTREACH, VR): strict}), Change(OUTREACH, VR, NO))
    assert (told(less.kept), less.wider, less.closed) == ([("G6", (SCHOOL,))], (), ())


def test_a_third_payer_of_one_service_widens_its_gap() -> None:
    grid = plan(row(SCHOOL, vr=pays(), state=pays()))
    found = seen(grid, Change(SCHOOL, GRANT, pays()))
    assert [gap.columns for gap in found.wider] == [(VR, STATE, GRANT)]
    assert seen(grid).wider == ()


def test_a_phase_keeps_its_gap_whichever_of_its_services_is_paid() -> None:
    grid = plan(phase_rows([COACHING, RIDES]) | row(COACHING, vr=pays()))
    found = seen(grid, Change(COACHING, VR, NO), Change(RIDES, VR, pays()))
    assert [gap.code for gap in found.kept] == ["G3"]
    assert "G3" not in {gap.code for gap in (*found.closed, *found.opened)}


@given(grids(), CHANGES)
def test_whatever_is_changed_the_plan_itself_is_not(grid: Grid, changes: list[Change]) -> None:
    cells, judged = dict(grid.cells), gaps(grid, TODAY, LIMITS)
    there = applied(grid, changes)
    assert grid.cells == cells
    assert gaps(grid, TODAY, LIMITS) == judged
    assert {place for place in there.cells if there.cells[place] != cells.get(place)} <= {
        (change.element, change.column) for change in changes
    }


@given(grids(), CHANGES)
def test_every_gap_is_told_once(grid: Grid, changes: list[Change]) -> None:
    found = compared(grid, changes, TODAY, LIMITS)
    then = gaps(applied(grid, changes), TODAY, LIMITS)
    assert sorted((*found.opened, *found.kept), key=str) == sorted(then, key=str)
    assert {*found.closed} <= {*gaps(grid, TODAY, LIMITS)}
    assert {*found.wider} <= {*found.kept}


@given(grids())
def test_paying_for_everything_that_is_unpaid_opens_no_hole(grid: Grid) -> None:
    paid = [
        Change(element.key, column.key, Cell(status=Status.PAYS))
        for element in grid.elements
        for column in grid.columns
    ]
    found = compared(grid, paid, TODAY, LIMITS)
    assert not {"G1", "G2"} & {gap.code for gap in found.opened}
