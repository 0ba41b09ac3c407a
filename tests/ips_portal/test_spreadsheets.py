"""No text of anybody becomes a formula in the spreadsheet of somebody else."""

import csv
from decimal import Decimal
from io import BytesIO, StringIO

import pytest
from openpyxl import Workbook, load_workbook

from ips_portal.spreadsheets import Table, as_csv, as_xlsx, safe

FORMULAS = [
    *("=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "\x00=1", " =1", "\u00a0=1"),
    *("\uff1d1+1", "\uff0b1", "\uff0d1", "\uff20SUM(A1)", '=HYPERLINK("http://x")', "=cmd|'/c calc'!A0"),
]


@pytest.mark.parametrize("text", FORMULAS)
def test_a_text_that_looks_like_a_formula_is_kept_as_text(text: str) -> None:
    assert safe(text) == f"'{text}"


@pytest.mark.parametrize("value", [-3, 2.5, Decimal("-0.5"), 0, None, "plain", "a=b", 'O\'Brien, "quoted"'])
def test_numbers_and_plain_words_stay_as_they_are(value: object) -> None:
    assert safe(value) == value  # type: ignore[arg-type]


def test_a_table_says_what_it_is_before_its_rows() -> None:
    text = as_csv(Table((("State", "Meridian"),), ("Team", "Served"), (("=North", 40), ("South", None))))
    assert text.startswith("\ufeff")
    lines = list(csv.reader(StringIO(text.removeprefix("\ufeff"))))
    assert lines == [["State", "Meridian"], [], ["Team", "Served"], ["'=North", "40"], ["South", ""]]


def workbook(table: Table) -> Workbook:
    return load_workbook(BytesIO(as_xlsx(table)))


def test_a_workbook_says_what_it_is_on_a_sheet_of_its_own() -> None:
    rows = (("North", 40, Decimal("0.45")), ("South", None, -1))
    table = Table((("State", "Meridian"),), ("Team", "Served", "Rate"), rows)
    book = workbook(table)
    assert book.sheetnames == ["About", "Rows"]
    assert [[cell.value for cell in row] for row in book["About"]] == [["State", "Meridian"]]
    found = [[cell.value for cell in row] for row in book["Rows"]]
    assert found == [["Team", "Served", "Rate"], ["North", 40, 0.45], ["South", None, -1]]
    assert book["Rows"].freeze_panes == "A2"
    assert as_xlsx(table) == as_xlsx(table)


def test_a_table_beside_it_has_a_sheet_of_its_own() -> None:
    book = workbook(
        Table((), ("Team",), (("North",),), beside=(("Notes", Table((), ("Note",), (("=1",),))),))
    )
    assert book.sheetnames == ["About", "Rows", "Notes"]
    assert [[cell.value for cell in row] for row in book["Notes"]] == [["Note"], ["=1"]]
    assert book["Notes"]["A2"].data_type == "s"


@pytest.mark.parametrize("text", [*FORMULAS, "https://example.org", "{=1+1}", "mailto:a@example.org"])
def test_no_text_is_a_formula_or_a_link_in_a_workbook(text: str) -> None:
    book = workbook(Table((("Note", text),), (text,), ((text,),)))
    cells = [book["About"]["B1"], book["Rows"]["A1"], book["Rows"]["A2"]]
    assert {cell.data_type for cell in cells} == {"s"}
    assert [cell.hyperlink for cell in cells] == [None] * 3
