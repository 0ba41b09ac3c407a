"""The shape of a row of numbers beside them."""

from decimal import Decimal

import pytest
from django.template.loader import render_to_string

from ips_portal.sparks import spark


def test_a_missing_number_is_a_gap_and_no_zero() -> None:
    whole, gap = spark([0.4, 0.41, 0.42, 0.43]), spark([0.4, 0.41, None, 0.43])
    assert whole
    assert gap
    assert [line.count(",") for line in whole.lines] == [4]
    assert [line.count(",") for line in gap.lines] == [2]
    assert len(whole.dots) == 1
    assert len(gap.dots) == 1


def test_a_number_without_a_neighbor_is_a_dot() -> None:
    found = spark([0.4, None, 0.42, None])
    assert found
    assert not found.lines
    assert [x for x, _ in found.dots] == ["3", "52.33"]


@pytest.mark.parametrize("values", [[], [None], [0.4], [None, Decimal("0.4"), None]])
def test_one_number_has_no_shape(values: list[float | None]) -> None:
    assert spark(values) is None


def test_the_higher_number_stands_higher_and_little_change_stays_little() -> None:
    steep, level, flat = spark([0.2, 0.6]), spark([0.50, 0.51]), spark([0.0, 0.0])
    assert steep
    assert level
    assert flat
    assert steep.lines == ("3,17 77,3",)
    assert level.lines == ("3,10.55 77,9.446",)
    assert flat.lines == ("3,10 77,10",)


def test_assistive_technology_passes_over_it() -> None:
    svg = render_to_string("_spark.html", {"spark": spark([0.3, None, 0.4, 0.42])})
    assert 'aria-hidden="true"' in svg
    assert svg.count("<polyline") == svg.count("<circle") - 1 == 1
    assert render_to_string("_spark.html", {"spark": None}).strip() == ""
