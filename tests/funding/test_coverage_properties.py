"""What holds for every plan: it can be judged, always alike, and more money makes no hole."""

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from funding.coverage import gaps, link_faults
from funding.grid import Cell, Column, Grid, Status
from tests.funding.grids import LIMITS, TODAY, grids

DAYS = st.dates(date(2020, 1, 1), date(2035, 1, 1))


@given(grids(), DAYS)
def test_every_plan_can_be_judged(grid: Grid, today: date) -> None:
    for gap in gaps(grid, today, LIMITS):
        assert gap.reason.endswith((".", "”"))
        assert {*gap.elements} <= {element.key for element in grid.elements}
        assert {*gap.columns} <= {column.key for column in grid.columns}
        assert gap.phase in {"", *(phase.key for phase in grid.phases)}
        assert gap.advice
        assert gap.source
    assert {fault.link for fault in link_faults(grid)} <= {*grid.links}


@given(grids())
def test_the_same_plan_has_the_same_gaps(grid: Grid) -> None:
    again = replace(grid, cells=dict(reversed(grid.cells.items())))
    assert gaps(grid, TODAY, LIMITS) == gaps(grid, TODAY, LIMITS) == gaps(again, TODAY, LIMITS)


@given(grids())
def test_a_new_payer_of_everything_leaves_nothing_unpaid(grid: Grid) -> None:
    payer = Column(100, "state", "A law for IPS")
    everything = {(element.key, payer.key): Cell(status=Status.PAYS) for element in grid.elements}
    richer = replace(grid, columns=(*grid.columns, payer), cells={**grid.cells, **everything})
    assert not {gap.code for gap in gaps(richer, TODAY, LIMITS)} & {"G1", "G2"}
