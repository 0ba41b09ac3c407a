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
from outcomes.models import OutcomeImport, QuarterlyReport, Revision
from tests.cast import StateCast, make_cast
from tests.outcomes import quarters

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
    template = browser.get(reverse("outcomes:import-template", args=["meridian"]))
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
