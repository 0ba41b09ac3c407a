"""A file of quarters from its template to drafts, as a browser without scripts goes through it."""

import csv
from io import StringIO
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from agencies import tenancy
from ips_portal.uploads import apart
from outcomes.models import OutcomeImport, QuarterlyReport, Revision
from tests.cast import StateCast, make_cast
from tests.ips_portal.uploads.books import saved, workbook
from tests.outcomes import quarters
from tests.outcomes.files import csv_of, head, one

NEW = reverse("outcomes:import-new", args=["meridian"])


@pytest.fixture
def cast(db: None) -> StateCast:
    return make_cast().meridian


def sent(browser: Client, text: str | bytes, name: str = "quarters.csv", **more: Any) -> Any:
    content = text.encode() if isinstance(text, str) else text
    return browser.post(NEW, {"file": SimpleUploadedFile(name, content), **more})


def filled(text: str, **values: Any) -> str:
    """The template as a person fills it in: the same figures in every row."""
    rows = list(csv.reader(StringIO(text.removeprefix("\ufeff"))))
    figures = {**quarters.ORDINARY, **values}
    order = {
        "People served": "served",
        "People working": "employed",
        "Job starts": "job_starts",
        "People in school": "in_school",
        "People in school or vocational training": "in_education",
        "Left while working": "transitioned_working",
        "Left while not working": "transitioned_unemployed",
        "Specialists (full-time equivalents)": "specialist_fte",
    }
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow(rows[0])
    for row in rows[1:]:
        writer.writerow(
            [
                str(figures[order[head]]) if head in order else cell
                for head, cell in zip(rows[0], row, strict=True)
            ]
        )
    return out.getvalue()


def test_a_template_is_filled_in_uploaded_and_saved_as_drafts(cast: StateCast) -> None:
    first = quarters.expected(cast)
    second = quarters.expected(cast, "north_two")
    browser = cast.seen_by("leader")
    listed = browser.get(reverse("outcomes:report-list", args=["meridian"]))
    assert NEW in listed.content.decode()
    page = browser.get(NEW).content.decode()
    assert f"template.csv?quarter={first.quarter.slug}" in page
    template = browser.get(reverse("outcomes:import-template-file", args=["meridian", "csv"]))
    assert f"outcomes-template-{first.quarter.slug}.csv" in template.headers["Content-Disposition"]
    answer = sent(browser, filled(template.content.decode()))
    assert answer.status_code == 302, answer.content.decode()
    here = answer.headers["Location"]
    shown = browser.get(here).content.decode()
    assert "2 of 2 rows can be saved as drafts." in shown, shown[shown.index("<main") :][:3000]
    assert "Save the 2 good rows as drafts" in shown
    done = browser.post(here, {"key": str(uuid4()), "choice": "good"}, follow=True).content.decode()
    assert "2 rows saved as drafts" in done
    with tenancy.as_system(cast.state.pk):
        reports = QuarterlyReport.objects.filter(pk__in=[first.pk, second.pk])
        assert {report.status for report in reports} == {"draft"}
        assert {report.begun_by_id for report in reports} == {cast.people["leader"].pk}
    with cast.entered("leader"):
        row = Revision.objects.get(report=first)
        assert (row.served, row.employed, row.is_draft) == (40, 18, True)
        assert OutcomeImport.objects.get().staged == {}


def uploaded(browser: Client, text: str) -> str:
    answer = sent(browser, text)
    assert answer.status_code == 302, answer.content.decode()
    return str(answer.headers["Location"])


def test_a_refused_file_is_answered_on_the_page_and_not_kept(cast: StateCast) -> None:
    quarters.expected(cast)
    browser = cast.seen_by("leader")
    answer = sent(browser, csv_of(head("Client name"), one(cast, "Jo Doe")))
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "seems to hold client details (column K)" in text
    assert "Jo Doe" not in text
    assert "Choose a file." in browser.post(NEW, {}).content.decode()
    large = sent(browser, b"a,b\n" * 600_000)
    assert "The file is 2.3 MB; the limit is 2 MB (5,000 rows)." in large.content.decode()


def test_problems_stand_in_one_table_and_can_be_listed_alone(cast: StateCast) -> None:
    quarters.expected(cast)
    browser = cast.seen_by("leader")
    bad, noticed = one(cast, served="<11"), one(cast, team="Meridian North Team Two", served="40.0")
    here = uploaded(browser, csv_of(head(), bad, noticed))
    page = browser.get(here).content.decode()
    assert "1 of 2 rows can be saved as a draft. 1 row has problems and would not be saved." in page
    assert "&lt;11" in page
    assert "40.0 was read as 40." in page
    assert "Save the 1 good row as a draft" in page
    assert 'value="all"' not in page
    alone = browser.get(f"{here}?problems=on").content.decode()
    assert "looks like a suppressed value" in alone
    assert "40.0 was read as 40." not in alone


def test_the_rows_come_back_as_a_file_with_what_to_look_at_and_can_be_sent_again(cast: StateCast) -> None:
    quarters.expected(cast)
    browser = cast.seen_by("leader")
    here = uploaded(browser, csv_of(head("Note"), one(cast, "=SUM(A1)", served="many")))
    given = browser.get(f"{here}corrected.csv").content.decode()
    assert "What to look at" in given.splitlines()[0]
    assert "Enter a whole number of people" in given
    assert "'=SUM(A1)" in given
    again = uploaded(browser, given.replace("many", "40"))
    assert "1 of 1 row can be saved as a draft." in browser.get(again).content.decode()
    browser.post(again, {"key": str(uuid4()), "choice": "good"})
    with cast.entered("leader"):
        assert Revision.objects.get().note == "=SUM(A1)"


def test_a_file_is_discarded_and_its_page_says_so(cast: StateCast) -> None:
    quarters.expected(cast)
    browser = cast.seen_by("leader")
    here = uploaded(browser, csv_of(head(), one(cast)))
    assert "quarters.csv" in browser.get(NEW).content.decode()
    told = browser.post(f"{here}discard/", follow=True).content.decode()
    assert "The file was thrown away. Nothing was saved." in told
    assert "quarters.csv" not in told
    assert "This file was discarded" in browser.get(here).content.decode()
    assert browser.post(here, {"key": str(uuid4()), "choice": "good"}).status_code == 409
    assert browser.get(f"{here}corrected.csv").status_code == 409


def test_unknown_columns_and_hidden_rows_ask_on_the_page(cast: StateCast) -> None:
    quarters.expected(cast)
    browser = cast.seen_by("leader")
    book = workbook(head("Color"), one(cast, "mauve"), one(cast, "red", team="Meridian North Team Two"))
    book.active.row_dimensions[3].hidden = True
    here = sent(browser, saved(book), "q.xlsx").headers["Location"]
    assert "Leave out column K (“Color”)" in browser.get(here).content.decode()
    shown = browser.get(f"{here}?hidden=on").content.decode()
    assert "2 of 2 rows can be saved as drafts." in shown
    form = {"key": str(uuid4()), "choice": "good", "hidden": "on"}
    refused = browser.post(here, form)
    assert refused.status_code == 422
    assert "Agree that these columns are left out" in refused.content.decode()
    done = browser.post(here, form | {"leaves_out": "on"}, follow=True).content.decode()
    assert "2 rows saved as drafts" in done


def test_the_rows_to_correct_are_those_of_the_preview_hidden_ones_among_them(cast: StateCast) -> None:
    browser = cast.seen_by("leader")
    book = workbook(head(), one(cast), one(cast, team="Meridian North Team Two", served="many"))
    book.active.row_dimensions[3].hidden = True
    here = sent(browser, saved(book), "q.xlsx").headers["Location"]
    assert f'href="{here}corrected.csv?hidden=on"' in browser.get(f"{here}?hidden=on").content.decode()
    api = f"/api/v1/meridian/outcomes/import/{here.rstrip('/').rpartition('/')[2]}/corrected.csv"
    for taken, left in (
        (f"{here}corrected.csv?hidden=on", f"{here}corrected.csv"),
        (f"{api}?hidden=taken", api),
    ):
        assert "Meridian North Team Two" in browser.get(taken).content.decode()
        assert "Meridian North Team Two" not in browser.get(left).content.decode()


@pytest.mark.parametrize("persona", ["leader", "sibling_supervisor", "admin", "other_leader"])
def test_a_staged_file_is_no_page_for_anybody_else(cast: StateCast, persona: str) -> None:
    quarters.expected(cast)
    here = uploaded(cast.seen_by("supervisor"), csv_of(head(), one(cast)))
    browser = cast.seen_by(persona)
    for address in (here, f"{here}corrected.csv"):
        assert browser.get(address).status_code == 404
    assert browser.post(f"{here}discard/").status_code == 404


@pytest.mark.parametrize(("persona", "status"), [("admin", 404), ("trainer", 404), ("stakeholder", 404)])
def test_who_edits_no_draft_finds_no_import_and_no_link_to_it(
    cast: StateCast, persona: str, status: int
) -> None:
    browser = cast.seen_by(persona)
    assert browser.get(NEW).status_code == status
    listed = browser.get(reverse("outcomes:report-list", args=["meridian"]))
    assert NEW not in listed.content.decode()


def test_the_template_as_a_workbook_is_read_like_the_text(cast: StateCast) -> None:
    quarters.expected(cast)
    browser = cast.seen_by("leader")
    text, book = (
        browser.get(reverse("outcomes:import-template-file", args=["meridian", file])).content
        for file in ("csv", "xlsx")
    )
    assert [row.cells for row in apart.read(book).rows] == [row.cells for row in apart.read(text).rows]


def test_a_template_holds_the_own_teams_only(cast: StateCast) -> None:
    text = (
        cast.seen_by("supervisor")
        .get(reverse("outcomes:import-template-file", args=["meridian", "csv"]))
        .content.decode()
    )
    assert "Meridian North Team One" in text
    assert "Meridian North Team Two" not in text


def test_who_enters_only_what_they_began_is_led_to_no_import_and_to_no_percentage_of_nothing(
    cast: StateCast,
) -> None:
    quarters.expected(cast)
    listed = cast.seen_by("specialist").get(reverse("outcomes:report-list", args=["meridian"]))
    assert NEW not in listed.content.decode()
    assert "of 0 expected" not in listed.content.decode()
