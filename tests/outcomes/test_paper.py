"""The summary of a quarter says on paper what the pages and the file say, and no more than is accepted."""

import csv
import io
import subprocess

import pytest
from django.urls import reverse

from agencies import tenancy
from ips_portal.reports.models import ReportRequest
from outcomes import printing, reports
from outcomes.models import QuarterlyReport
from tests.cast import StateCast, make_cast
from tests.outcomes import quarters
from tests.pdfua import verify


@pytest.fixture
def cast(db: None) -> StateCast:
    return make_cast().meridian


@pytest.fixture
def report(cast: StateCast) -> QuarterlyReport:
    found = quarters.expected(cast)
    quarters.enter(cast, found)
    quarters.submit(cast, found)
    return quarters.accept(cast, found)


def text_of(made: bytes) -> str:
    command = ["pdftotext", "-layout", "-", "-"]
    return subprocess.run(command, input=made, capture_output=True, check=True).stdout.decode()


def address(report: QuarterlyReport, name: str = "report-pdf") -> str:
    return reverse(f"outcomes:{name}", args=["meridian", "north-one", report.quarter])


def test_paper_page_and_file_give_the_same_numbers(cast: StateCast, report: QuarterlyReport) -> None:
    with cast.entered("trainer"):
        content = reports.quarter_content(report.pk)
    made = printing.quarter_pdf(content)
    paper = text_of(made)
    page = cast.seen_by("trainer").get(address(report, "report-page")).content.decode()
    listed = (
        cast.seen_by("trainer")
        .get(reverse("outcomes:quarter-file", args=["meridian", "csv"]))
        .content.decode()
    )
    row = next(line for line in csv.reader(io.StringIO(listed)) if cast.teams["north_one"].name in line)
    for number, in_file in (("45%", "0.45"), ("18 people working of 40 people served", "18"), ("3.6", "3.6")):
        assert number in " ".join(paper.split())
        assert number in page
        assert any(cell.startswith(in_file) or cell == "45" for cell in row)
    assert "Provisional" in paper
    assert "not told" in paper  # two agencies are too few for a rate of the state
    assert verify(made) == []


def test_the_team_asks_for_its_paper_and_strangers_do_not_find_it(
    cast: StateCast, report: QuarterlyReport
) -> None:
    answer = cast.seen_by("supervisor").post(address(report))
    with tenancy.as_system(cast.state.pk):
        made = ReportRequest.objects.get(kind=reports.QUARTER)
    assert answer.status_code == 302
    assert str(made.public_id) in answer["Location"]
    again = cast.seen_by("leader").post(address(report))
    assert again["Location"] == answer["Location"]  # the same numbers, the same file
    page = reverse("reports:report-page", args=["meridian", made.public_id])
    seen = {
        name: cast.seen_by(name).get(page).status_code for name in ("trainer", "vr_liaison", "other_leader")
    }
    assert seen == {"trainer": 200, "vr_liaison": 200, "other_leader": 404}
    assert cast.seen_by("other_supervisor").post(address(report)).status_code == 404


def test_what_is_not_accepted_has_no_paper(cast: StateCast) -> None:
    found = quarters.expected(cast)
    quarters.enter(cast, found)
    quarters.submit(cast, found)
    answer = cast.seen_by("supervisor").post(address(found))
    assert answer.status_code == 409
    assert "once figures of the quarter are accepted" in answer.content.decode()
    assert (
        "Quarterly summary (PDF)"
        not in cast.seen_by("supervisor").get(address(found, "report-page")).content.decode()
    )
