"""Headings of past reviews: codes that a state chose for itself, long ones, and columns that nobody knows."""

from dataclasses import replace

import pytest

from fidelity.past.columns import heading_of, layout, named
from fidelity.scales import Item, load

ITEM = load("ips25-2008").items[0]


def items(*codes: str) -> list[Item]:
    return [replace(ITEM, code=code, name=f"Item of {code}") for code in codes]


def keys(*headings: str, codes: tuple[str, ...]) -> list[str]:
    names = named(items(*codes))
    return [names.key(heading) for heading in headings]


def test_codes_that_differ_by_a_sign_alone_are_told_apart_letter_by_letter() -> None:
    codes = ("1-11", "11-1", "ST1", "S-T1")
    assert keys(*codes, codes=codes) == [f"item {code}" for code in codes]
    assert keys("11-1 Item of 11-1", "1-11  Item of 1-11", codes=codes) == ["item 11-1", "item 1-11"]
    assert keys("1 11", "st1", codes=codes) == ["", ""]  # nobody knows which
    assert keys("st1", "ST 1", codes=("ST1", "OR1")) == ["item ST1"] * 2


@pytest.mark.parametrize("code", ["Date", "TOTAL", "Total", "Team", "Type"])
def test_a_general_column_and_an_item_of_its_name_do_not_take_each_other(code: str) -> None:
    heading = heading_of(code)
    assert heading == f"Item {code}"
    found = layout(["Team", "Scale", "Kind", "Date", heading, "ST1", "Total"], items(code, "ST1"))
    expected = ["team", "scale", "kind", "first", f"item {code}", "item ST1", "total"]
    assert [column.key for column in found.columns] == expected


def test_the_template_names_other_items_by_their_code() -> None:
    assert [heading_of(code) for code in ("ST1", "1-11")] == ["ST1", "1-11"]
