"""What was printed before a report was corrected: drawn again while on its way, given out no more when it is ready."""

from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from agencies import tenancy
from fidelity import reports, superseding
from fidelity.actions import correcting
from fidelity.models import ActionPlan, Edition, Review
from ips_portal.notices.models import Message
from ips_portal.reports.models import Download, ReportRequest
from tests.cast import StateCast, make_cast
from tests.fidelity import corrections, reviews
from tests.fidelity.corrections import BETTER
from tests.fidelity.pages import at, get, post, text


@pytest.fixture
def cast(db: None) -> StateCast:
    return make_cast().meridian


@pytest.fixture
def issued(cast: StateCast) -> Review:
    """Issued today, every item rated 3."""
    return reviews.issued(cast, days_ago=10)


def drawn(cast: StateCast, review: Review, kind: str, subject_id: int) -> ReportRequest:
    """The last paper asked for, as a worker has finished it."""
    with tenancy.as_system(cast.state.pk):
        paper = ReportRequest.objects.filter(kind=kind, subject_id=subject_id).latest("pk")
        made = {"status": "ready", "finished_at": timezone.now(), "file": corrections.kept(review)}
        ReportRequest.objects.filter(pk=paper.pk).update(**made)
        paper.refresh_from_db()
        return paper


def plan_of(cast: StateCast, review: Review) -> ActionPlan:
    with tenancy.as_system(cast.state.pk):
        return ActionPlan.objects.get(review=review)


def test_a_file_made_from_the_first_edition_is_given_out_no_more(cast: StateCast, issued: Review) -> None:
    before = drawn(cast, issued, reports.REPORT, issued.pk)
    with tenancy.as_system(cast.state.pk):
        assert superseding.reports_before([before]) == {}
    corrections.corrected(cast, issued)
    with tenancy.as_system(cast.state.pk):
        papers = list(ReportRequest.objects.filter(kind=reports.REPORT, subject_id=issued.pk))
        assert len(papers) == 2
        assert list(superseding.reports_before(papers)) == [before.pk]
        assert "Edition 2 of" in superseding.reports_before(papers)[before.pk]


def test_a_paper_that_failed_is_not_called_superseded(cast: StateCast, issued: Review) -> None:
    with tenancy.as_system(cast.state.pk):
        failed = {"status": "failed", "finished_at": timezone.now(), "failure": "The printer broke."}
        ReportRequest.objects.filter(kind=reports.REPORT).update(**failed)
        paper = ReportRequest.objects.get(kind=reports.REPORT)
    corrections.corrected(cast, issued)
    with tenancy.as_system(cast.state.pk):
        assert superseding.reports_before([paper]) == {}


def test_the_paper_of_an_earlier_edition_holds_until_the_next(cast: StateCast, issued: Review) -> None:
    corrections.corrected(cast, issued)
    assert post(cast, "leader", at(issued, "editions/1/pdf/")).status_code == 302
    with tenancy.as_system(cast.state.pk):
        first = Edition.objects.get(review=issued, number=1)
    paper = drawn(cast, issued, reports.SUPERSEDED, first.pk)
    with tenancy.as_system(cast.state.pk):
        assert superseding.editions_before([paper]) == {}
    corrections.corrected(cast, issued, ST2=BETTER)
    with tenancy.as_system(cast.state.pk):
        assert "edition 3 of" in superseding.editions_before([paper])[paper.pk]
    assert get(cast, "leader", f"reports/{paper.public_id}/download/").status_code == 409


def test_an_action_plan_with_the_total_of_before_is_printed_anew(cast: StateCast, issued: Review) -> None:
    plan = plan_of(cast, issued)
    before = drawn(cast, issued, reports.PLAN, plan.pk)
    corrections.corrected(cast, issued)
    assert get(cast, "leader", f"reports/{before.public_id}/download/").status_code == 409
    assert "names the total of edition 1" in text(get(cast, "leader", f"reports/{before.public_id}/"))
    with tenancy.as_system(cast.state.pk):
        papers = ReportRequest.objects.filter(kind=reports.PLAN, subject_id=plan.pk).exclude(pk=before.pk)
        assert papers.get().status == "queued"


def test_whoever_took_the_action_plan_is_told(cast: StateCast, issued: Review) -> None:
    with tenancy.as_system(cast.state.pk):
        paper = ReportRequest.objects.get(kind=reports.PLAN)
        taken: dict[str, Any] = {"team_id": issued.team_id, "report": paper}
        Download.objects.create(state=cast.state, person=cast.people["vr_liaison"], **taken)
    corrections.corrected(cast, issued)
    with tenancy.as_system(cast.state.pk):
        told = Message.objects.filter(notice="report-corrected").values_list("address", flat=True)
        assert cast.people["vr_liaison"].email in set(told)


def test_papers_that_are_being_drawn_are_drawn_again(cast: StateCast, issued: Review) -> None:
    with tenancy.as_system(cast.state.pk), connection.cursor() as cursor:
        cursor.execute("UPDATE reports_reportrequest SET status = 'rendering', tries = 3")
    corrections.corrected(cast, issued)
    with tenancy.as_system(cast.state.pk):
        assert set(ReportRequest.objects.values_list("kind", "status", "tries")) == {
            (reports.REPORT, "queued", 0),
            (reports.PLAN, "queued", 0),
        }


def test_the_new_edition_is_dated_after_its_papers_are_taken_back(
    cast: StateCast, issued: Review, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker may finish one until then, and that one was made from the edition before."""
    taken_back: list[datetime] = []
    monkeypatch.setattr(correcting, "draw_again", lambda *_, **__: taken_back.append(timezone.now()))
    edition = corrections.corrected(cast, issued)
    assert taken_back[-1] < edition.issued_at
