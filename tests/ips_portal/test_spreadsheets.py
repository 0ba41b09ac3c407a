"""No text of anybody becomes a formula in the spreadsheet of somebody else."""

import csv
from decimal import Decimal
from io import StringIO

import pytest

from ips_portal.spreadsheets import Table, as_csv, safe

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
