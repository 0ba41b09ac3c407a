"""CSV and XLSX as people save them, read by the real child process. Source: bad-input catalogue, section E."""

import pytest

from ips_portal.uploads import apart
from ips_portal.uploads.sheets import Row, Unreadable
from tests.ips_portal.uploads.books import READ, saved, workbook

PLAIN = "Team,Quarter,People served\r\nNorth,2026 Q3,40\r\n"


def cells(content: bytes) -> tuple[tuple[str, ...], ...]:
    return tuple(row.cells for row in apart.read(content).rows)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_csv_is_read_in_the_encodings_that_spreadsheets_write(encoding: str) -> None:
    assert cells(PLAIN.encode(encoding)) == READ


def test_windows_1252_is_a_guess_that_is_told() -> None:
    found = apart.read("Team,Quarter\r\nÑandú,2026 Q3".encode("cp1252"))
    assert found.rows[1].cells[0] == "Ñandú"
    assert "Windows-1252" in found.notices[0]


@pytest.mark.parametrize(("separator", "name"), [(";", "semicolons"), ("\t", "tabs")])
def test_another_separator_is_found_and_told(separator: str, name: str) -> None:
    found = apart.read(PLAIN.replace(",", separator).encode())
    assert tuple(row.cells for row in found.rows) == READ
    assert name in found.notices[0]


def test_a_row_keeps_the_number_it_has_in_the_spreadsheet() -> None:
    assert apart.read(b"a,b\n\n,\n1,2\n").rows == (Row(1, ("a", "b")), Row(4, ("1", "2")))


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "no data rows"),
        (b"\n\n ,\n", "no data rows"),
        (b"Team,Quarter\r\n", "no data rows"),
        (b"Team\r\nNorth\r\n", "Is the separator a comma?"),
        (b'Team,Quarter\r\n"North,2026 Q3\r\n', "quotation mark is not closed"),
        (b"Team,Quarter\nN\xc3\xa9\xe9,1\n", "Row 2 has characters that cannot be read"),
        (b"Team,Quarter\nN\x81,1\n", "Row 2 has characters that cannot be read"),
        (b"Team,Quarter\nN\x00,1\n", "no text file"),
        (b"%PDF-1.7 a,b", "This is a PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old or a protected Excel"),
        (b"PK\x03\x04 cut off", "damaged"),
        (b"a,b\n" + b"1,2\n" * 5001, "more than 5,000 rows"),
        (b"," * 60 + b"a\n1,2\n", "Row 1 has 61 columns"),
        (b"a,b\n" * 600_000, "The file is 2.3 MB; the limit is 2 MB (5,000 rows)."),
    ],
)
def test_a_file_that_is_no_table_says_why(content: bytes, told: str) -> None:
    with pytest.raises(Unreadable) as refused:
        apart.read(content)
    assert told in str(refused.value)


def test_a_workbook_reads_like_the_csv() -> None:
    assert cells(saved(workbook(READ[0], ("North", "2026 Q3", 40)))) == READ


def test_numbers_texts_and_formulas_of_a_workbook_stay_what_they_are() -> None:
    book = workbook(("a", "b", "c", "d"), (12.0, 2.5, "=1+1", "#REF!"))
    assert cells(saved(book))[1] == ("12", "2.5", "=1+1", "#REF!")


def test_hidden_rows_are_left_out_and_told() -> None:
    book = workbook(("a", "b"), *((row, row) for row in range(2, 8)))
    book.active.row_dimensions[3].hidden = book.active.row_dimensions[4].hidden = True
    found = apart.read(saved(book))
    assert [row.number for row in found.rows] == [1, 2, 5, 6, 7]
    assert "3-4" in found.notices[0]


def test_merged_cells_and_macros_and_hidden_sheets_are_answered() -> None:
    merged = workbook(("a", "b"), (1, 2), (3, 4))
    merged.active.merge_cells("B2:B3")
    with pytest.raises(Unreadable, match="Cell B2 is merged; unmerge and try again"):
        apart.read(saved(merged))
    with pytest.raises(Unreadable, match="no data rows"):
        apart.read(saved(workbook()))


def test_another_sheet_than_the_one_named_data_is_told() -> None:
    book = workbook(("no", "data"), ("at", "all"), title="Notes")
    data = book.create_sheet("Data")
    for row in READ:
        data.append(row)
    found = apart.read(saved(book))
    assert tuple(row.cells for row in found.rows) == READ
    assert "“Notes”" in found.notices[0]
