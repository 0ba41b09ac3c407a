"""A note that may tell of a person is asked about, in the same words on the page, in the API and in the import."""

from uuid import uuid4

import pytest
from django.urls import reverse

from outcomes.actions import entering, submitting
from outcomes.actions.entering import Words
from outcomes.actions.submitting import Blocked
from outcomes.checks import WORDING
from outcomes.importing.preview import Outcome
from outcomes.models import QuarterlyReport
from tests.cast import StateCast, make_cast
from tests.outcomes import files, quarters
from tests.outcomes.files import csv_of, head, one

NOTE = "Client Maria found a job at last."
ASKED = "A note may hold the name of a person served; a report holds counts and nothing about one person."
ANSWER = "Maria is the name of the bus line."


@pytest.fixture
def cast(db: None) -> StateCast:
    return make_cast().meridian


@pytest.fixture
def report(cast: StateCast) -> QuarterlyReport:
    found = quarters.expected(cast)
    quarters.enter(cast, found)
    return found


def save(cast: StateCast, report: QuarterlyReport, note: str, **explained: str) -> None:
    with cast.entered("supervisor") as by:
        entering.save_cells(report, cells={}, words=Words(explained, note, ""), by=by)


def explained(cast: StateCast, report: QuarterlyReport) -> dict[str, str]:
    with cast.entered("supervisor"):
        return dict(entering.draft_of(report).explained)


def test_page_and_api_ask_and_take_the_answer(cast: StateCast, report: QuarterlyReport) -> None:
    save(cast, report, NOTE)
    where = reverse("outcomes:report-submit", args=["meridian", "north-one", report.quarter])
    page = cast.seen_by("supervisor").get(where)
    assert ASKED in page.content.decode()
    assert f'name="explain-{WORDING}"' in page.content.decode()
    with cast.entered("supervisor"):
        version = entering.draft_of(report).version
    body = {"key": str(uuid4()), "version": version}
    to = f"/api/v1/meridian/outcomes/north-one/{report.quarter.slug}/submit/"
    client = cast.seen_by("supervisor")
    answer = client.post(to, body, content_type="application/json")
    assert (answer.status_code, answer.json()["fields"]) == (422, {WORDING: [ASKED]})
    body = {**body, "key": str(uuid4()), "explained": {WORDING: ANSWER}}
    assert client.post(to, body, content_type="application/json").status_code == 200


def test_the_import_asks_the_same_and_the_note_is_not_its_own_answer(cast: StateCast) -> None:
    quarters.expected(cast)
    found = files.preview(cast, csv_of(head("Note"), one(cast, NOTE)))
    assert found.lines[0].outcome is Outcome.GOOD
    assert sum(ASKED in text for text in files.texts(found)) == 1
    assert found.lines[0].figures is not None
    assert WORDING not in found.lines[0].figures.explained


def test_an_answer_speaks_of_the_words_it_was_given_for(cast: StateCast, report: QuarterlyReport) -> None:
    save(cast, report, NOTE, **{WORDING: ANSWER})
    save(cast, report, NOTE)
    assert explained(cast, report) == {WORDING: ANSWER}
    save(cast, report, "Client Jo left.", **{WORDING: ANSWER})
    assert explained(cast, report) == {}
    with pytest.raises(Blocked) as blocked, cast.entered("supervisor") as by:
        version = entering.draft_of(report).version
        submitting.submit(report, version=version, key=uuid4(), by=by)
    assert [finding.rule for finding in blocked.value.findings] == [WORDING]


def test_a_note_about_nobody_is_not_asked_about(cast: StateCast, report: QuarterlyReport) -> None:
    save(cast, report, "Two clients started at the clinic; the Social Security office moved.")
    assert quarters.submit(cast, report).status == QuarterlyReport.Status.SUBMITTED
