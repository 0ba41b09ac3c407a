"""Who may ask for paper and who may take it, and what is kept when the storage fails."""

import resource
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from agencies import tenancy
from agencies.models import Membership
from agencies.refusals import NotPermitted, Unacceptable
from ips_portal.reports import actions, kinds, making, rendering
from ips_portal.reports.models import Download, ReportRequest, StoredFile
from tests.cast import Cast, StateCast, make_cast
from tests.ips_portal import paper_kinds

Status = ReportRequest.Status
pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    shutil.rmtree(settings.DATA_DIR, ignore_errors=True)
    return make_cast()


@pytest.fixture
def north(cast: Cast) -> StateCast:
    return cast.meridian


def ask(
    state: StateCast, persona: str = "trainer", *, kind: str = "letter", team: str = "north_one"
) -> ReportRequest:
    actor = state.actor(persona)
    with tenancy.entered(actor):
        return actions.request_report(kind, state.teams[team], by=actor)


def made(report: ReportRequest) -> ReportRequest:
    making.make([report.state_id, report.membership_id], report.pk)
    return now(report)


def now(report: ReportRequest) -> ReportRequest:
    with tenancy.as_system(report.state_id):
        fresh: ReportRequest = ReportRequest.objects.select_related("file", "team").get(pk=report.pk)
    return fresh


def address(report: ReportRequest, tail: str = "") -> str:
    return f"/{report.state.slug}/reports/{report.public_id}/{tail}"


def signed_in(state: StateCast, persona: str) -> Client:
    client = Client()
    client.force_login(state.people[persona])
    return client


def ended(state: StateCast, persona: str) -> None:
    with tenancy.as_system(state.state.pk):
        Membership.objects.filter(pk=state.memberships[persona].pk).update(ended_on=date(2020, 1, 7))


def files() -> list[Path]:
    return [path for path in (Path(settings.DATA_DIR) / "files").rglob("*") if path.is_file()]


# Who may take it


@pytest.mark.parametrize("persona", ["admin", "trainer", "vr_liaison", "leader", "supervisor", "payer"])
def test_whoever_may_export_the_record_downloads_its_paper(north: StateCast, persona: str) -> None:
    report = made(ask(north))
    answer = signed_in(north, persona).get(address(report, "download/"))
    assert answer.status_code == 200
    assert answer.content.startswith(b"%PDF-1.7 Meridian North Team One")
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'attachment; filename="letter-Meridian-North-Team-One-e-1.pdf"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert {"private", "no-store"} <= set(answer["Cache-Control"].replace(" ", "").split(","))
    with tenancy.as_system(report.state_id):
        assert [download.person for download in Download.objects.all()] == [north.people[persona]]


@pytest.mark.parametrize("tail", ["", "download/"])
@pytest.mark.parametrize(
    "persona", ["other_leader", "sibling_supervisor", "other_supervisor", "other_specialist"]
)
def test_another_agency_or_team_cannot_see_that_the_paper_exists(
    north: StateCast, persona: str, tail: str
) -> None:
    report = made(ask(north))
    unknown = address(report, tail).replace(str(report.public_id), str(uuid4()))
    client = signed_in(north, persona)
    assert client.get(address(report, tail)).status_code == client.get(unknown).status_code
    assert client.get(address(report)).status_code == 404
    with tenancy.as_system(report.state_id):
        assert not Download.objects.exists()


def test_another_state_cannot_see_that_the_paper_exists(cast: Cast) -> None:
    report = made(ask(cast.meridian))
    for persona in cast.bayou.people:
        assert signed_in(cast.bayou, persona).get(address(report, "download/")).status_code == 404
        own_state = address(report, "download/").replace("/meridian/", "/bayou/")
        assert signed_in(cast.bayou, persona).get(own_state).status_code in (403, 404)


def test_signed_out_means_the_sign_in_page(north: StateCast) -> None:
    answer = Client().get(address(made(ask(north)), "download/"))
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/")


def test_the_very_next_download_after_the_role_ended_is_refused(north: StateCast) -> None:
    report, client = made(ask(north)), signed_in(north, "leader")
    assert client.get(address(report, "download/")).status_code == 200
    ended(north, "leader")
    assert client.get(address(report, "download/")).status_code == 404


def test_a_specialist_sees_the_report_of_the_team_but_may_not_take_it(north: StateCast) -> None:
    report, client = made(ask(north)), signed_in(north, "specialist")
    page = client.get(address(report))
    assert page.status_code == 200
    assert "download/" not in page.text
    assert client.get(address(report, "download/")).status_code == 403


def test_looking_for_the_head_of_a_download_writes_nothing(north: StateCast) -> None:
    report = made(ask(north))
    assert signed_in(north, "leader").head(address(report, "download/")).status_code == 200
    assert signed_in(north, "specialist").head(address(report, "download/")).status_code == 403
    with tenancy.as_system(report.state_id):
        assert not Download.objects.exists()


# Who may ask


def test_asking_needs_the_right_to_export_and_to_create(north: StateCast) -> None:
    with pytest.raises(NotPermitted, match="right to export"):
        ask(north, "specialist")
    with pytest.raises(NotPermitted, match="right to create"):
        ask(north, "payer")
    made(ask(north))
    assert ask(north, "payer").status == Status.READY, "the stored one is for all who may export"


def test_a_double_click_is_one_request(north: StateCast) -> None:
    assert ask(north).pk == ask(north).pk


def test_nobody_fills_the_queue_for_everybody(north: StateCast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "BUSY", 2)
    ask(north, kind="letter")
    ask(north, kind="slow")
    with pytest.raises(Unacceptable, match="on their way"):
        ask(north, kind="wrong")
    ask(north, "admin", kind="wrong")


def test_the_right_lost_on_the_way_ends_the_job_without_a_file(north: StateCast) -> None:
    report = ask(north, "leader")
    ended(north, "leader")
    failed = made(report)
    assert failed.status == Status.FAILED
    assert failed.failure.startswith("No longer permitted")
    assert files() == []


def test_a_job_makes_what_the_record_says_when_it_runs(north: StateCast) -> None:
    report = ask(north)
    with tenancy.as_system(report.state_id):
        north.teams["north_one"].name = "Renamed"
        north.teams["north_one"].save()
    ready = made(report)
    assert ready.title == "Letter: Renamed"
    with tenancy.as_system(report.state_id):
        assert ready.content_hash == kinds.fingerprint(paper_kinds.content(report.subject_id))


def test_a_file_of_the_same_bytes_is_kept_once(north: StateCast) -> None:
    first = made(ask(north))
    paper_kinds.sign("go").touch()
    second = made(ask(north, kind="slow"))
    assert first.file == second.file
    assert len(files()) == 1
    with tenancy.as_system(first.state_id):
        assert StoredFile.objects.count() == 1


# When it goes wrong


@contextmanager
def a_full_disk(room: int) -> Iterator[None]:
    """The kernel itself refuses to write further."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_full_storage_leaves_no_half_file_and_is_tried_again(north: StateCast) -> None:
    report = ask(north)
    with a_full_disk(1000):
        waiting = made(report)
    assert (waiting.status, waiting.tries) == (Status.QUEUED, 1)
    assert "storage is full" in waiting.failure
    assert files() == []
    page = signed_in(north, "leader").get(address(report)).text
    assert "Try 1 did not work" in page
    assert made(report).status == Status.READY


def test_a_storage_that_stays_full_ends_the_report_with_its_reason(north: StateCast) -> None:
    report = ask(north)
    with a_full_disk(1000):
        for _ in range(3):
            made(report)
    failed = now(report)
    assert (failed.status, failed.tries) == (Status.FAILED, 3)
    assert "storage is full" in failed.failure
    with tenancy.as_system(report.state_id):
        assert not StoredFile.objects.exists()


def test_an_error_in_the_renderer_is_named_and_its_reference_shown(north: StateCast) -> None:
    report = ask(north, kind="wrong")
    for _ in range(3):
        made(report)
    page = signed_in(north, "trainer").get(address(report)).text
    assert "ValueError" in page
    assert now(report).reference in page
    assert "no such chart" not in page, "details stay in the log"


def test_a_drawing_that_hangs_is_ended(monkeypatch: pytest.MonkeyPatch, cast: Cast) -> None:
    monkeypatch.setattr(rendering, "SECONDS", 0.3)
    paper_kinds.sign("begun").parent.mkdir(parents=True, exist_ok=True)
    with pytest.raises(rendering.Undrawable, match="took longer"):
        rendering.draw("tests.ips_portal.paper_kinds.slow", {"team": "x"}, alive=lambda: None)


def test_the_renderer_holds_neither_database_nor_broker(cast: Cast) -> None:
    assert paper_kinds.sockets(), "this process talks to the database"
    assert rendering.draw("tests.ips_portal.paper_kinds.connected", {}, alive=lambda: None) == b"0 sockets"


def test_a_failed_report_is_made_again_in_the_name_of_who_asks(north: StateCast) -> None:
    report = ask(north, "leader")
    ended(north, "leader")
    made(report)
    client = signed_in(north, "trainer")
    assert "Make it again" in client.get(address(report)).text
    assert client.post(address(report, "again/")).status_code == 302
    assert made(now(report)).status == Status.READY
    assert now(report).requested_by == north.people["trainer"]
    assert client.post(address(report, "again/")).status_code == 409


@pytest.mark.parametrize("damage", [Path.unlink, lambda path: path.write_bytes(b"something else")])
def test_a_file_that_is_gone_or_damaged_is_never_served(north: StateCast, damage: object) -> None:
    report = made(ask(north))
    damage(files()[0])  # type: ignore[operator]
    answer = signed_in(north, "leader").get(address(report, "download/"))
    assert answer.status_code == 409
    assert "no longer in the portal's storage" in answer.text.replace("&#x27;", "'")
    with tenancy.as_system(report.state_id):
        assert not Download.objects.exists()


def test_a_lost_file_is_made_again(north: StateCast) -> None:
    report = made(ask(north))
    files()[0].unlink()
    client = signed_in(north, "leader")
    assert "Make it again" in client.get(address(report)).text
    assert client.post(address(report, "again/")).status_code == 302
    assert made(now(report)).status == Status.READY
    assert client.get(address(report, "download/")).status_code == 200


# The pages


def test_a_waiting_page_asks_for_its_status_until_there_is_one(north: StateCast) -> None:
    report, client = ask(north), signed_in(north, "leader")
    page = client.get(address(report)).text
    assert 'data-hx-trigger="every 2s"' in page
    assert '<noscript><meta http-equiv="refresh"' in page
    seen = address(report, "?seen=queued-0-0")
    assert client.get(seen, headers={"HX-Request": "true"}).status_code == 204
    made(report)
    piece = client.get(seen, headers={"HX-Request": "true"})
    assert "<html" not in piece.text
    assert "Download PDF" in piece.text
    assert "every 2s" not in piece.text


def test_the_list_shows_what_i_may_see_and_filters_in_the_address(north: StateCast) -> None:
    made(ask(north))
    ask(north, team="south_one")
    client = signed_in(north, "trainer")
    assert {"North Team One", "South Team One"} <= _teams(client.get("/meridian/reports/").text)
    assert _teams(client.get("/meridian/reports/?team=south-one").text) == {"South Team One"}
    assert _teams(client.get("/meridian/reports/?status=ready").text) == {"North Team One"}
    assert _teams(client.get("/meridian/reports/?kind=slow").text) == set()
    assert _teams(client.get("/meridian/reports/?kind=letter&page=99").text) == {
        "North Team One",
        "South Team One",
    }
    assert _teams(signed_in(north, "other_leader").get("/meridian/reports/").text) == {"South Team One"}
    assert signed_in(north, "operator").get("/meridian/reports/").status_code == 404


def _teams(page: str) -> set[str]:
    names = ("North Team One", "North Team Two", "South Team One", "South Team Two")
    return {name for name in names if f"Letter: Meridian {name}" in page}


def test_the_list_costs_the_same_for_two_reports_as_for_twelve(north: StateCast) -> None:
    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get("/meridian/reports/")
        return len(queries)

    client = signed_in(north, "trainer")
    ask(north)
    ask(north, team="north_two")
    client.get("/meridian/reports/")
    few = cost()
    for kind in ("letter", "slow", "wrong"):
        for team in north.teams:
            ask(north, kind=kind, team=team)
    assert cost() == few
    assert few <= 12
