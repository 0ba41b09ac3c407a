"""What a file gets for an answer: sections E and F of the bad-input catalogue, and A and C in a file."""

from collections.abc import Callable
from io import BytesIO
from unicodedata import normalize
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from agencies import tenancy
from agencies.models import Team, TeamPartner
from agencies.refusals import Unacceptable
from outcomes.importing.preview import Outcome
from outcomes.models import OutcomeImport
from tests.cast import StateCast, make_cast, refused
from tests.ips_portal.uploads.books import saved, workbook
from tests.outcomes import files, quarters
from tests.outcomes.files import csv_of, head, one, row

Make = Callable[[StateCast], str | bytes]
ONE, TWO = "Meridian North Team One", "Meridian North Team Two"


@pytest.fixture
def cast(db: None) -> StateCast:
    found = make_cast().meridian
    quarters.expected(found)
    return found


def bomb(cast: StateCast) -> bytes:
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", b" " * 60_000_000)
    return out.getvalue()


def macros(cast: StateCast) -> bytes:
    out = BytesIO()
    with ZipFile(BytesIO(saved(workbook(head(), one(cast))))) as plain, ZipFile(out, "w") as archive:
        for name in plain.namelist():
            archive.writestr(name, plain.read(name))
        archive.writestr("xl/vbaProject.bin", b"macro")
    return out.getvalue()


def merged(cast: StateCast) -> bytes:
    book = workbook(head(), one(cast), one(cast))
    book.active.merge_cells("B2:B3")
    return saved(book)


def far_rows(cast: StateCast) -> bytes:
    book = workbook(head(), one(cast))
    book.active.cell(row=1_048_576, column=1, value=" ")
    return saved(book)


WHOLE: dict[str, tuple[Make, str]] = {
    "E1 empty": (lambda cast: b"", "The file has no data rows."),
    "E1 header": (lambda cast: csv_of(head()), "The file has no data rows."),
    "E1 blank rows": (lambda cast: csv_of(head(), [" "] * 10, [""] * 10), "The file has no data rows."),
    "E2 large": (lambda cast: b"a,b\n" * 800_000, "The file is 3.1 MB; the limit is 2 MB (5,000 rows)."),
    "E4 bomb": (bomb, "expands to far more data than a report needs"),
    "E6 macros": (macros, "Macros are not accepted. Save as .xlsx."),
    "E7 claims": (far_rows, "delete the empty rows below your data"),
    "E9 merged": (merged, "Cell B2 is merged; unmerge and try again."),
    "E13 mixed": (
        lambda cast: csv_of(head(), one(cast)).encode() + b"\r\nN\xc3\xa9\xe9,1",
        "Save the file as “CSV UTF-8”",
    ),
    "E14 one column": (lambda cast: "Team\r\nNorth", "One column found. Is the separator a comma?"),
    "E16 missing": (
        lambda cast: csv_of(head(employed="Unrelated"), one(cast)),
        "The column “People working” is missing.",
    ),
    "E16 misspelt": (
        lambda cast: csv_of(head(employed="Peple workin"), one(cast)),
        "Column D is “Peple workin”: rename it if you mean “People working”.",
    ),
    "E16 twice": (
        lambda cast: csv_of(head("people SERVED"), one(cast, 1)),
        "“People served” appears twice (columns C and K). Keep one.",
    ),
    "E16 no quarter": (
        lambda cast: csv_of(head(quarter="When"), one(cast)),
        "The column “Quarter” is missing.",
    ),
}


@pytest.mark.parametrize("case", WHOLE)
def test_a_file_that_cannot_be_taken_says_why_and_nothing_is_kept(cast: StateCast, case: str) -> None:
    make, told = WHOLE[case]
    with refused(Unacceptable) as refusal:
        files.upload(cast, make(cast))
    assert told in refusal.value.message
    with cast.entered("leader"):
        assert not OutcomeImport.objects.exists()


CLIENTS: dict[str, tuple[list[str], list[object]]] = {
    "Client name": (["Client name"], ["Jo Doe"]),
    "DOB": (["DOB"], ["2/3/1980"]),
    "SSN": (["SSN"], [""]),
    "Medicaid ID": (["Medicaid ID"], ["1"]),
    "ClientID": (["ClientID"], ["1"]),
    "first name": (["First name"], ["Jo"]),
    "a number like a social security number": (["Remark"], ["123-45-6789"]),
    "nine digits": (["Number"], ["123456789"]),
    "a date of birth": (["Begun"], ["2/3/1980"]),
    "a Medicaid number": (["Code"], ["AB12345C"]),
    "an e-mail address": (["Whom"], ["jo@example.org"]),
    "in a note": (["Note"], ["Her SSN is 123-45-6789."]),
    "named in a note": (["Note"], ["DOB 2/3/80 was wrong"]),
}


@pytest.mark.parametrize("case", CLIENTS)
def test_client_details_refuse_the_whole_file_and_go_nowhere(
    cast: StateCast, case: str, caplog: pytest.LogCaptureFixture
) -> None:
    more, values = CLIENTS[case]
    text = csv_of(head(*more), one(cast, *values))
    with refused(Unacceptable) as refusal:
        files.upload(cast, text)
    assert "seems to hold client details (column K)" in refusal.value.message
    assert "It was not stored." in refusal.value.message
    for value in (*more, *map(str, values)):
        assert len(value) < 4 or (value not in refusal.value.message and value not in caplog.text)
    assert refusal.value.__cause__ is None
    with cast.entered("leader"):
        assert not OutcomeImport.objects.exists()


def other(team: str) -> Callable[[StateCast], str]:
    return lambda cast: csv_of(head(), one(cast, team=team))


ROWS: dict[str, tuple[Make, Outcome, str]] = {
    "A1 blank": (
        lambda cast: csv_of(head(), one(cast, served="")),
        Outcome.WRONG,
        "“People served” is empty",
    ),
    "A3 half": (
        lambda cast: csv_of(head(), one(cast, served="12.5")),
        Outcome.WRONG,
        "Enter a whole number of people. You entered 12.5.",
    ),
    "A4 12.0": (lambda cast: csv_of(head(), one(cast, served="40.0")), Outcome.GOOD, "40.0 was read as 40."),
    "A5 grouped": (
        lambda cast: csv_of(head(), one(cast, served="1,23")),
        Outcome.WRONG,
        "Check the comma in “1,23”.",
    ),
    "A7 digits": (lambda cast: csv_of(head(), one(cast, served="٣٤")), Outcome.WRONG, "Enter digits 0-9."),
    "A8 ½": (lambda cast: csv_of(head(), one(cast, served="½")), Outcome.WRONG, "Enter digits 0-9."),
    "A10 plus": (lambda cast: csv_of(head(), one(cast, served="+40")), Outcome.GOOD, "+40 was read as 40."),
    "A13 many": (
        lambda cast: csv_of(head(), one(cast, served="99999999999999999999")),
        Outcome.WRONG,
        "larger than the portal accepts (9,999)",
    ),
    "A13 thousands": (
        lambda cast: csv_of(head(), one(cast, served="9" * 5000)),
        Outcome.WRONG,
        "larger than the portal accepts (9,999)",
    ),
    "A15 n/a": (
        lambda cast: csv_of(head(), one(cast, served="n/a")),
        Outcome.WRONG,
        "write “not collected: ”",
    ),
    "A16 <11": (
        lambda cast: csv_of(head(), one(cast, served="<11")),
        Outcome.WRONG,
        "looks like a suppressed value",
    ),
    "A16 star": (
        lambda cast: csv_of(head(), one(cast, served="*")),
        Outcome.WRONG,
        "looks like a suppressed value",
    ),
    "A18 formula": (lambda cast: csv_of(head(), one(cast, served="=C2-2")), Outcome.WRONG, "is a formula"),
    "A19 comma": (lambda cast: csv_of(head(), one(cast, specialist_fte="2,5")), Outcome.WRONG, "use a point"),
    "B1 more working": (lambda cast: csv_of(head(), one(cast, employed=41)), Outcome.WRONG, "41"),
    "C1 shape": (
        lambda cast: csv_of(head(), one(cast, quarter="2026Q5")),
        Outcome.WRONG,
        "Use year and quarter",
    ),
    "C2 future": (
        lambda cast: csv_of(head(), one(cast, quarter="2099 Q1")),
        Outcome.CLOSED,
        "2099 Q1 has not ended.",
    ),
    "C5 fiscal": (
        lambda cast: csv_of(head(), one(cast, quarter="FFY26 Q1")),
        Outcome.WRONG,
        "FFY 2026 Q1 is October-December 2025",
    ),
    "E11 error": (
        lambda cast: csv_of(head(), one(cast, in_education="#REF!")),
        Outcome.WRONG,
        "Cell G2 shows an error of the spreadsheet (#REF!)",
    ),
    "E13 utf-16": (lambda cast: csv_of(head(), one(cast)).encode("utf-16"), Outcome.GOOD, ""),
    "E14 semicolons": (lambda cast: csv_of(head(), one(cast)).replace('","', '";"'), Outcome.GOOD, ""),
    "E16 order": (lambda cast: csv_of(head()[::-1], one(cast)[::-1]), Outcome.GOOD, ""),
    "F1 unknown": (
        other("Meridian Nroth Team One"),
        Outcome.WRONG,
        "There is no team called “Meridian Nroth Team One” among those you may enter in your agencies. "
        f"Did you mean “{ONE}”",
    ),
    "F1 of others": (other("Meridian South Team One"), Outcome.WRONG, "There is no team called"),
    "F6 few": (
        lambda cast: csv_of(head(), one(cast)[:3]),
        Outcome.WRONG,
        "The row has 3 values; 10 were expected.",
    ),
    "F6 many": (
        lambda cast: csv_of(head(), one(cast, 1, 2)),
        Outcome.WRONG,
        "The row has 12 values; 10 were expected.",
    ),
    "F7 total": (lambda cast: csv_of(head(), one(cast, team="Total")), Outcome.SKIPPED, "looks like a total"),
    "F7 subtotal": (
        lambda cast: csv_of(head(), one(cast, team="North subtotal:")),
        Outcome.SKIPPED,
        "looks like a total",
    ),
    "F7 total behind an agency": (
        lambda cast: csv_of(["Agency", *head()], ["Meridian North Center", *one(cast, team="Total")]),
        Outcome.SKIPPED,
        "looks like a total",
    ),
    "F7 words": (
        lambda cast: csv_of(head(), ["Note: figures are provisional"]),
        Outcome.SKIPPED,
        "remark below",
    ),
    "F8 case and spaces": (other("  meridian  NORTH Team\u00a0One "), Outcome.GOOD, ""),
    "F8 slug": (other("north-one"), Outcome.GOOD, ""),
    "F10 hard space": (
        lambda cast: csv_of(head(), one(cast, served="\u00a040")),
        Outcome.GOOD,
        "Signs that nobody sees were left out around 40.",
    ),
    "F11 long": (
        lambda cast: csv_of(head("Note"), one(cast, "x" * 5000)),
        Outcome.WRONG,
        "The note in row 2 has 5,000 characters; the limit is 2,000.",
    ),
    "F11 kept": (lambda cast: csv_of(head("Note"), one(cast, "two\nlines\tand 🙂")), Outcome.GOOD, ""),
    "not collected": (
        lambda cast: csv_of(head(), one(cast, in_school="Not collected: the record was down")),
        Outcome.GOOD,
        "",
    ),
    "not collected, too long": (
        lambda cast: csv_of(head(), one(cast, in_school="not collected: " + "x" * 2001)),
        Outcome.WRONG,
        "Why it was not collected is told in 2,001 characters; the limit is 2,000. Shorten it.",
    ),
    "not collected, why?": (
        lambda cast: csv_of(head(), one(cast, in_school="not collected")),
        Outcome.WRONG,
        "Say why it was not collected",
    ),
}


@pytest.mark.parametrize("case", ROWS)
def test_a_row_gets_its_answer_at_its_cell(cast: StateCast, case: str) -> None:
    make, outcome, told = ROWS[case]
    found = files.preview(cast, make(cast))
    assert found.lines[0].outcome is outcome, files.texts(found)
    assert any(told in text for text in files.texts(found)) if told else not files.texts(found)


def test_a_problem_says_its_row_and_column_and_what_stands_there(cast: StateCast) -> None:
    found = files.preview(cast, csv_of(head(), one(cast, served="12.5")))
    remark = found.remarks[0]
    assert (remark.number, remark.where, remark.typed) == (2, "C2", "12.5")


def test_the_same_team_and_quarter_twice_is_wrong_in_both_rows(cast: StateCast) -> None:
    found = files.preview(cast, csv_of(head(), one(cast), one(cast, served=41)))
    quarter = quarters.last_quarter(cast)
    assert files.texts(found) == [f"Rows 2 and 3 are both for {ONE}, {quarter}. Keep one."] * 2
    assert found.count(Outcome.WRONG) == 2


def test_names_alike_but_for_apostrophes_and_accents_are_the_same_team(cast: StateCast) -> None:
    with tenancy.as_system(cast.state.pk):
        Team.objects.filter(pk=cast.teams["north_one"].pk).update(name=normalize("NFC", "Café d'Été"))
    found = files.preview(cast, csv_of(head(), one(cast, team=normalize("NFD", "CAFÉ d\u2019Été"))))
    assert [line.outcome for line in found.lines] == [Outcome.GOOD]


def test_two_teams_of_one_name_ask_which_and_the_agency_tells_them_apart(cast: StateCast) -> None:
    with tenancy.as_system(cast.state.pk):
        away = cast.teams["south_one"]
        Team.objects.filter(pk=cast.teams["north_two"].pk).update(name="Twin\u2019s team")
        Team.objects.filter(pk=cast.teams["north_one"].pk).update(name="Twin's team")
        assert away.name
    found = files.preview(cast, csv_of(head(), one(cast, team="Twin's team")))
    text = files.texts(found)[0]
    assert "There is more than one “Twin's team”. Choose which" in text
    assert "north-one (Meridian North Center)" in text
    assert "north-two (Meridian North Center)" in text
    again = files.preview(cast, csv_of(head(), one(cast, team="north-one")))
    assert again.good[0].team is not None


def test_an_agency_that_does_not_run_the_team_keeps_the_row_out(cast: StateCast) -> None:
    with tenancy.as_system(cast.state.pk):
        TeamPartner.objects.create(
            state=cast.state, team=cast.teams["north_one"], agency=cast.agencies["south"]
        )
    found = [
        files.preview(cast, csv_of(["Agency", *head()], [agency, *one(cast)]), persona)
        for agency, persona in (("Zeta Services", "leader"), ("Meridian South Center", "other_leader"))
    ]
    assert [each.lines[0].outcome for each in found] == [Outcome.WRONG, Outcome.GOOD]
    assert "is a team of “Meridian North Center”, not of “Zeta Services”." in files.texts(found[0])[0]


def test_a_row_for_a_submitted_or_locked_quarter_is_left_out_with_its_reason(cast: StateCast) -> None:
    report = quarters.expected(cast)
    quarters.enter(cast, report)
    quarters.submit(cast, report)
    found = files.preview(cast, csv_of(head(), one(cast)))
    assert found.lines[0].outcome is Outcome.CLOSED
    assert "It was submitted on" in files.texts(found)[0]
    quarters.accept(cast, report)
    found = files.preview(cast, csv_of(head(), one(cast, served=42)))
    assert "It was accepted on" in files.texts(found)[0]
    assert "The row was left out." in files.texts(found)[0]


def test_hidden_rows_are_imported_only_if_the_person_says_so(cast: StateCast) -> None:
    quarters.expected(cast, "north_two")
    book = workbook(head(), one(cast), one(cast, team=TWO))
    book.active.row_dimensions[3].hidden = True
    content = saved(book)
    found = files.preview(cast, content)
    assert found.count(Outcome.GOOD) == 1
    assert "Hidden rows are left out unless you say otherwise: 3." in found.staged.notices
    assert files.preview(cast, content, takes_hidden=True).count(Outcome.GOOD) == 2


def test_numbers_kept_as_text_in_a_workbook_are_read_and_told(cast: StateCast) -> None:
    found = files.preview(cast, saved(workbook(head(), one(cast))))
    assert found.count(Outcome.GOOD) == 1
    assert found.staged.notices[0].startswith(
        "Numbers kept as text were read as numbers: C2, D2, E2, F2, G2 and"
    )


def test_unknown_columns_are_named_and_not_kept(cast: StateCast) -> None:
    found = files.upload(cast, csv_of(head("Color"), one(cast, "mauve")))
    assert [column[0] for column in found.staged["unknown"]] == ["Color"]
    assert "mauve" not in str(found.staged)


def test_a_shifted_column_shows_in_all_rows_together(cast: StateCast) -> None:
    with tenancy.as_system(cast.state.pk):
        for number in range(8):
            Team.objects.create(
                state=cast.state,
                agency=cast.agencies["north"],
                slug=f"more-{number}",
                name=f"More {number}",
                implementation_started_on=cast.teams["north_one"].implementation_started_on,
            )
    quarters.expected(cast, quarter=quarters.last_quarter(cast))
    rows = [row(f"More {number}", quarters.last_quarter(cast), employed=99) for number in range(8)]
    found = files.preview(cast, csv_of(head(), *rows))
    assert found.suspicions, files.texts(found)
    assert "8 rows with 99 for “People working”" in found.suspicions[0].text


def test_the_rows_above_the_headings_are_not_read(cast: StateCast) -> None:
    found = files.preview(cast, csv_of(["State", "Meridian"], [""], head(), one(cast)))
    assert [line.outcome for line in found.lines] == [Outcome.GOOD]
