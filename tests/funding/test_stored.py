"""A version of a plan keeps it as it was, whatever it says."""

import json
from dataclasses import replace

from hypothesis import given

from funding.grid import Cell, Grid
from funding.stored import from_data, to_data
from tests.funding.grids import SCHOOL, VR, grids, pays, plan


@given(grids())
def test_a_plan_comes_back_as_it_was(grid: Grid) -> None:
    assert from_data(json.loads(json.dumps(to_data(grid)))) == grid


def test_what_is_not_said_takes_no_room() -> None:
    grid = replace(plan(), cells={(SCHOOL, VR): Cell()})
    assert to_data(grid)["cells"] == [{"at": [SCHOOL, VR]}]
    assert from_data(to_data(grid)).cells == {(SCHOOL, VR): Cell()}


def test_days_are_written_as_everywhere() -> None:
    kept = to_data(plan({(SCHOOL, VR): pays()}))["cells"]
    assert {"at": [SCHOOL, VR], "status": "pays", "method": "hourly", "checked_on": "2026-11-28"} in kept
