"""Paper made by a real worker with a real broker between, while things go wrong."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from agencies import tenancy
from ips_portal.bootstrap.places import ROOT
from ips_portal.notices.models import Message
from ips_portal.reports import actions, making
from ips_portal.reports.models import ReportRequest, StoredFile
from tests import cluster
from tests.cast import Cast, make_cast
from tests.ips_portal.paper_kinds import sign
from tests.ips_portal.workers import Worker, until

Status = ReportRequest.Status
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="module")
def kept_worker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Worker]:
    worker = Worker(tmp_path_factory.mktemp("worker") / "worker.log")
    yield worker
    worker.stop()


@pytest.fixture
def worker(kept_worker: Worker) -> Worker:
    """The module's worker, alive."""
    kept_worker.start()
    return kept_worker


@pytest.fixture
def cast(broker_url: str) -> Iterator[Cast]:
    shutil.rmtree(settings.DATA_DIR, ignore_errors=True)
    shutil.rmtree(settings.MAIL_DIR, ignore_errors=True)
    Path(settings.DATA_DIR).mkdir(parents=True)
    yield make_cast()
    sign("go").touch()


def ask(cast: Cast, kind: str, team: str = "north_one", persona: str = "trainer") -> ReportRequest:
    actor = cast.meridian.actor(persona)
    with tenancy.entered(actor):
        return actions.request_report(kind, cast.meridian.teams[team], by=actor)


def now(report: ReportRequest) -> ReportRequest:
    with tenancy.as_system(report.state_id):
        fresh: ReportRequest = ReportRequest.objects.select_related("file").get(pk=report.pk)
    return fresh


def ends(report: ReportRequest, status: str, *, sweeping: bool = False) -> ReportRequest:
    def ended() -> bool:
        if sweeping:
            a_minute_passes(report)
            making.sweep()
        return now(report).status == status

    until(ended, seconds=30)
    return now(report)


def a_minute_passes(report: ReportRequest) -> None:
    ago = timezone.now() - timedelta(minutes=1)
    with tenancy.as_system(report.state_id):
        ReportRequest.objects.filter(pk=report.pk, status=Status.QUEUED).update(requested_at=ago)


def the_lease_runs_out(report: ReportRequest) -> None:
    with tenancy.as_system(report.state_id):
        ReportRequest.objects.filter(pk=report.pk).update(lease_until=timezone.now() - timedelta(seconds=1))


def files(report: ReportRequest) -> list[Path]:
    folder = Path(settings.DATA_DIR) / "files" / str(report.state_id)
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_report_is_made_stored_once_and_told_to_whoever_asked(cast: Cast, worker: Worker) -> None:
    report = ends(ask(cast, "letter"), Status.READY)
    assert report.file is not None
    assert [path.read_bytes()[:9] for path in files(report)] == [b"%PDF-1.7 "]
    assert report.file.size == files(report)[0].stat().st_size
    with tenancy.as_system(report.state_id):
        message = Message.objects.get(notice="report-ready")
    until(lambda: list(Path(settings.MAIL_DIR).glob("*")))
    assert message.address == "trainer@meridian.example"
    assert ask(cast, "letter").pk == report.pk, "the same content is the same report"
    assert ask(cast, "letter", persona="admin").pk == report.pk, "whoever asks"
    with tenancy.as_system(report.state_id):
        cast.meridian.teams["north_one"].name = "Renamed"
        cast.meridian.teams["north_one"].save()
    assert ask(cast, "letter").pk != report.pk, "new content is a new report"


def test_a_renderer_that_kills_itself_is_given_up_after_three_tries_while_others_proceed(
    cast: Cast, worker: Worker
) -> None:
    bad, good = ask(cast, "poison"), ask(cast, "letter")
    ends(good, Status.READY)
    failed = ends(bad, Status.FAILED, sweeping=True)
    assert failed.tries == 3
    assert failed.failure.startswith("The report could not be made after three tries.")
    assert failed.reference in failed.failure
    assert worker.is_running


def test_a_renderer_that_kills_the_workers_process_is_given_up_too(cast: Cast, worker: Worker) -> None:
    report = ask(cast, "murder")
    for tries in (1, 2, 3):
        until(lambda tries=tries: now(report).tries >= tries)
        the_lease_runs_out(report)
        making.sweep()
    failed = now(report)
    assert (failed.status, failed.tries) == (Status.FAILED, 3)
    assert "was lost each time" in failed.failure
    ends(ask(cast, "letter"), Status.READY)


def test_a_renderer_that_eats_memory_is_stopped_and_the_worker_lives(cast: Cast, worker: Worker) -> None:
    report = ask(cast, "greedy")
    until(lambda: now(report).failure)
    assert "more memory" in now(report).failure
    ends(ask(cast, "letter"), Status.READY)


def test_a_worker_killed_in_the_middle_leaves_one_file_after_its_restart(cast: Cast, worker: Worker) -> None:
    report = ask(cast, "slow")
    until(lambda: sign("begun").exists())
    worker.kill()
    assert now(report).status == Status.RENDERING
    assert files(report) == []
    sign("go").touch()
    worker.start()
    the_lease_runs_out(report)
    making.sweep()
    report = ends(report, Status.READY)
    assert report.tries == 2
    assert len(files(report)) == 1
    with tenancy.as_system(report.state_id):
        assert StoredFile.objects.count() == 1


def test_a_slow_report_keeps_its_lease_and_is_not_made_twice(cast: Cast, worker: Worker) -> None:
    report = ask(cast, "slow")
    until(lambda: sign("begun").exists())
    making.sweep()
    making.make([report.state_id, report.membership_id], report.pk)  # a second ring finds it taken
    sign("go").touch()
    assert ends(report, Status.READY).tries == 1


def test_without_a_broker_the_request_stands_and_the_sweeper_brings_it(cast: Cast, worker: Worker) -> None:
    """Asked by a process whose broker does not exist; the sweeper of one that has it rings."""
    team, membership = cast.meridian.teams["north_one"], cast.meridian.memberships["trainer"]
    code = f"""
import django; django.setup()
import time
from agencies import tenancy
from agencies.models import Membership, Team
from ips_portal.reports import actions
from tests.ips_portal import paper_kinds
with tenancy.as_system({team.state_id}):
    membership, team = Membership.objects.get(pk={membership.pk}), Team.objects.get(pk={team.pk})
actor = tenancy.actor_of(membership)
began = time.monotonic()
with tenancy.entered(actor):
    report = actions.request_report("letter", team, by=actor)
print(report.pk, time.monotonic() - began)
"""
    away = {**os.environ, "REDIS_URL": "unix:///nowhere/valkey.sock?db=0"}
    done = subprocess.run([sys.executable, "-c", code], env=away, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    number, seconds = done.stdout.split()
    assert float(seconds) < 2
    assert "waits for its sweeper" in done.stderr
    with tenancy.as_system(team.state_id):
        report = ReportRequest.objects.get(pk=int(number))
    assert report.status == Status.QUEUED
    ends(report, Status.READY, sweeping=True)


def test_a_forged_call_makes_nothing(cast: Cast, worker: Worker) -> None:
    """What lies in the broker is not trusted: state and membership must be those of the row."""
    worker.stop()
    report = ask(cast, "letter")
    making.make([cast.bayou.state.pk, report.membership_id], report.pk)
    making.make([report.state_id, cast.meridian.memberships["admin"].pk], report.pk)
    making.make([report.state_id, None], report.pk)
    making.make([None, report.membership_id], report.pk)
    assert now(report).status == Status.QUEUED
    assert now(report).tries == 0


def test_a_worker_whose_role_sees_every_state_does_not_start() -> None:
    run = cluster.current()
    owner = {**os.environ, "DATABASE_URL": run.address(run.roles.owner)}
    command = [sys.executable, "-m", "celery", "-A", "ips_portal", "worker", "--concurrency", "1"]
    done = subprocess.run(command, env=owner, cwd=ROOT, capture_output=True, text=True, timeout=30)
    assert done.returncode != 0
    assert "can read every state's rows" in done.stderr
