"""One accepted quarter of a team: screen, CSV, Excel, paper and API give the same figures and the same rates."""

import csv
import subprocess
from decimal import Decimal
from io import BytesIO, StringIO
from typing import Any

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from outcomes import printing, reports
from outcomes.figures import written
from outcomes.measures import edition
from outcomes.models import QuarterlyReport
from tests.cast import StateCast, make_cast
from tests.outcomes import quarters

LABELS = {measure.key: measure.label for measure in edition("ips-2026").measures}
RATES = {
    "employment": "Employment rate",
    "education": "Education rate",
    "job_starts_per_fte": "Job starts per specialist",
}


@pytest.fixture
def cast(db: None) -> StateCast:
    return make_cast().meridian


@pytest.fixture
def report(cast: StateCast) -> QuarterlyReport:
    found = quarters.expected(cast)
    quarters.enter(cast, found, employed=19)  # 47.5%: a rate that has to be rounded
    quarters.submit(cast, found)
    return quarters.accept(cast, found)


def get(cast: StateCast, name: str, *args: Any, **query: str) -> Any:
    answer = cast.seen_by("vr_liaison").get(reverse(f"outcomes:{name}", args=["meridian", *args]), query)
    assert answer.status_code == 200
    return answer


def in_csv(content: bytes) -> list[dict[str, Any]]:
    return list(csv.DictReader(StringIO(content.decode().split("\r\n\r\n", 1)[1])))


def in_workbook(content: bytes) -> list[dict[str, Any]]:
    head, *rows = load_workbook(BytesIO(content))["Rows"].values
    return [dict(zip(head, row, strict=True)) for row in rows]


def of_team(rows: list[dict[str, Any]], cast: StateCast) -> dict[str, Any]:
    return next(row for row in rows if row["Team"] == cast.teams["north_one"].name)


def number(value: Any) -> Decimal:
    return Decimal(str(value))


def test_screen_files_paper_and_api_give_the_same_numbers(cast: StateCast, report: QuarterlyReport) -> None:
    quarter = report.quarter
    api = cast.seen_by("vr_liaison").get(f"/api/v1/meridian/outcomes/north-one/{quarter.slug}/").json()
    page = get(cast, "report-page", "north-one", quarter).context["page"]
    listed, book = (
        of_team(read(get(cast, "quarter-file", kind).content), cast)
        for kind, read in (("csv", in_csv), ("xlsx", in_workbook))
    )
    with cast.entered("trainer"):
        made = printing.quarter_pdf(reports.quarter_content(report.pk))
    command = ["pdftotext", "-layout", "-", "-"]
    paper = " ".join(
        subprocess.run(command, input=made, capture_output=True, check=True).stdout.decode().split()
    )

    shown = {line.measure.key: line.words for _, lines in page.groups for line in lines}
    for key in ("served", "employed", "in_education", "job_starts", "specialist_fte"):
        value = number(api["figures"][key])
        assert shown[key] == written(value)
        assert number(listed[LABELS[key]]) == number(book[LABELS[key]]) == value
        assert f"{LABELS[key]} {shown[key]}" in paper

    by_key = {each["key"]: each["value"] for each in api["rates"]}
    missed = set(RATES)
    for own in page.rates:
        missed.discard(own.key)
        if own.key not in RATES:
            continue
        value = number(by_key[own.key])
        assert round(own.value, 4) == value
        assert number(listed[RATES[own.key]]) == number(book[RATES[own.key]]) == value
        assert own.shown in paper
        trend = get(cast, "team-trend", "north-one", measure=own.key)
        row = next(each for each in trend.context["page"].rows if each.quarter == quarter)
        assert row.rate.shown == own.shown
        for kind, read in (("csv", in_csv), ("xlsx", in_workbook)):
            content = get(cast, "trend-file", "north-one", kind, measure=own.key).content
            assert number(read(content)[0][RATES[own.key]]) == value
    assert not missed


def test_the_tables_of_the_comparison_are_files_of_the_same_rows(
    cast: StateCast, report: QuarterlyReport
) -> None:
    page = get(cast, "state-comparison").context["page"]
    for kind, read in (("csv", in_csv), ("xlsx", in_workbook)):
        teams = read(get(cast, "teams-file", kind).content)
        assert [row["Team"] for row in teams] == [line.team.name for line in page.teams]
        rate = f"Employment rate, {report.quarter}"
        assert number(of_team(teams, cast)[rate]) == Decimal("0.475")
        newest, *before = read(get(cast, "state-file", kind).content)
        assert len(before) == len(page.trend) - 1
        assert number(newest["Employment rate, people pooled"]) == Decimal("0.475")
        assert int(newest["People working"]) == 19
        grid = read(get(cast, "reports-file", kind).content)
        assert of_team(grid, cast)[str(report.quarter)] == "Accepted, provisional"
        assert get(cast, "fidelity-file", kind).status_code == 200


def test_exact_numbers_of_the_state_are_no_file_of_an_agency(
    cast: StateCast, report: QuarterlyReport
) -> None:
    leader = cast.seen_by("leader")
    for name, status in (("teams", 200), ("reports", 200), ("state", 404), ("fidelity", 404)):
        assert leader.get(reverse(f"outcomes:{name}-file", args=["meridian", "xlsx"])).status_code == status
    text = leader.get(reverse("outcomes:state-comparison", args=["meridian"])).content.decode()
    assert "/outcomes/teams.xlsx?quarter=" in text
    assert "/outcomes/state." not in text
