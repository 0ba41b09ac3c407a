"""Whole percents round half up, in one place for every page, file and paper."""

import pytest

from ips_portal.percent import whole_percent


@pytest.mark.parametrize(
    ("part", "whole", "told"), [(1, 8, 13), (1, 200, 1), (1, 3, 33), (7, 7, 100), (0, 9, 0)]
)
def test_percentages_round_half_up(part: int, whole: int, told: int) -> None:
    assert whole_percent(part, whole) == told


@pytest.mark.parametrize(("part", "whole"), [(0, 0), (None, 8), (3, None), (None, None)])
def test_nothing_of_nothing_is_no_percentage(part: int | None, whole: int | None) -> None:
    assert whole_percent(part, whole) is None
