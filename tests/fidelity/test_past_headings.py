"""Headings of past reviews: codes that a state chose for itself, long ones, and columns that nobody knows."""

from dataclasses import replace

import pytest

from fidelity.past.columns import heading_of, layout, named
from fidelity.past.preview import preview
from fidelity.past.staging import stage
from fidelity.scales import Item, load
from ips_portal.importing.lines import corrected
from ips_portal.importing.staging import HoldsClientDetails
from ips_portal.uploads.sheets import Row as SheetRow
from ips_portal.uploads.sheets import Sheet
from tests.fidelity.past import EDITIONS, HEAD, KNOWN, SCALE, row, staged

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


def test_a_long_heading_comes_back_whole_and_is_cut_where_it_is_shown() -> None:
    """What the portal hands out to be corrected it reads again."""
    long = replace(SCALE.items[0], name="Caseload size of a specialist who works for the team full time")
    heading, rest = f"{long.code} {long.name}", [*EDITIONS.items[1:]]
    cells = [heading if name == long.code else name for name in HEAD]
    sheet = Sheet((SheetRow(1, tuple(cells)), SheetRow(2, tuple(row(ST1="6")))))
    found = preview(stage(sheet, [long, *rest]), KNOWN)
    table = corrected(found.staged, found.lines)
    assert heading in table.columns
    (remark,) = found.remarks
    assert remark.column is not None
    assert remark.column.shown == "ST1 Caseload size of a specialist who w…"
    assert table.rows[0][-1].startswith("ST1 Caseload size of a specialist who w…: Choose a whole number")
    again = layout([str(name) for name in table.columns], [long, *rest])
    assert again.unknown == ()
    assert again.at("item ST1") is not None


def test_of_an_unknown_heading_no_more_is_kept_than_is_shown() -> None:
    (unknown,) = layout([*HEAD, "x" * 50], EDITIONS.items).unknown
    assert unknown.heading == f"{'x' * 39}…"


@pytest.mark.parametrize("day", ["3/5/2008", "1998-06-01"])
def test_a_column_of_old_days_that_nobody_knows_is_no_client_detail(day: str) -> None:
    found = staged([*row(), day], head=[*HEAD, "Contract began"])
    assert [column.heading for column in found.layout.unknown] == ["Contract began"]


@pytest.mark.parametrize(
    ("heading", "cell"),
    [("Date of birth", "3/5/1978"), ("DOB", "none"), ("Other", "123-45-6789"), ("Other", "A1234567")],
)
def test_headings_and_ids_of_clients_refuse_the_file_all_the_same(heading: str, cell: str) -> None:
    with pytest.raises(HoldsClientDetails, match="column AG"):
        staged([*row(), cell], head=[*HEAD, heading])
