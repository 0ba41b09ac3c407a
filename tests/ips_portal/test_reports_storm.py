"""Reports are asked for while workers are killed and the broker loses all it knew: F8, F10 and F11 of trust.md 3.2.

Every one is made, none twice. FULL=1 asks for 120 and kills three workers.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from ips_portal.bootstrap.places import ROOT
from ips_portal.embedded.children import wait_until
from ips_portal.reports.storage import digest
from tests.ips_portal.site import BEAT, WORK, Site, shell, standing
from tests.ips_portal.workers import until

FULL = os.environ.get("FULL") == "1"
WANTED, KILLS, WIPES = (120, 3, 2) if FULL else (24, 1, 1)
ASKING = 15 if FULL else 4  # seconds in which all are asked for

TEAMS = f"""
from datetime import date
from agencies import tenancy
from agencies.models import Agency, State, Team
state = State.objects.get(slug="meridian")
with tenancy.as_system(state.pk):
    agency = Agency.objects.first()
    for number in range({WANTED}):
        Team.objects.create(state=state, agency=agency, name=f"Storm {{number}}", slug=f"storm-{{number}}")
"""
ASK = f"""
import time
from agencies import tenancy
from agencies.models import Membership, State, Team
from agencies.refusals import Unacceptable
from ips_portal.reports import actions
from tests.ips_portal import paper_kinds
state = State.objects.get(slug="meridian")
with tenancy.as_system(state.pk):
    teams = list(Team.objects.filter(name__startswith="Storm "))
    seats = list(Membership.objects.filter(role__in=["SA", "ST", "VR", "MH"]))
slowest = 0.0
for number, team in enumerate(teams):
    with tenancy.as_system(state.pk):
        actor = tenancy.actor_of(seats[number % len(seats)])
    began = time.monotonic()
    while True:
        try:
            with tenancy.entered(actor):
                actions.request_report("steady", team, by=actor)
            break
        except Unacceptable:  # too many of one person are on their way
            time.sleep(0.5)
    slowest = max(slowest, time.monotonic() - began)
    time.sleep({ASKING} / {WANTED})
print(slowest)
"""


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with standing("reports") as site:
        shell(TEAMS, site.env, owner=False)
        work(site)
        site.start("beat", [*BEAT, "--schedule", str(site.home / "schedule")])
        yield site


def work(site: Site) -> None:
    worker = site.start("worker", WORK)
    wait_until(lambda: site.log("worker").count("ready.") >= 1 or not worker.running, worker, "The worker")


def kill_worker(site: Site) -> None:
    """Every process of it at once; whoever watches it starts it again."""
    worker = site.children["worker"]
    os.killpg(worker.pid, signal.SIGKILL)
    worker.stop()
    time.sleep(1)
    worker.start()


def wipe_broker(site: Site) -> None:
    os.kill(site.broker.pid, signal.SIGKILL)
    site.broker.stop()
    shutil.rmtree(site.home / "valkey")
    time.sleep(1)
    site.broker.start()


def waiting(site: Site) -> dict[object, object]:
    return dict(site.rows("SELECT status, count(*) FROM reports_reportrequest GROUP BY status"))  # type: ignore[arg-type]


def test_every_report_is_made_and_none_twice(site: Site) -> None:
    command = [sys.executable, "manage.py", "shell", "-v", "0", "-c", ASK]
    asking = subprocess.Popen(command, cwd=ROOT, env=site.env, stdout=subprocess.PIPE, text=True)
    began = time.monotonic()
    until(lambda: len(waiting(site)) > 1 or "ready" in waiting(site))
    pause = ASKING / (KILLS + WIPES)
    for number in range(max(KILLS, WIPES)):
        if number < KILLS:
            until(lambda: "rendering" in waiting(site))
            kill_worker(site)
            time.sleep(pause)
        if number < WIPES:
            wipe_broker(site)
            time.sleep(pause)
    said, _ = asking.communicate(timeout=120)
    assert asking.returncode == 0
    until(lambda: waiting(site).keys() <= {"ready", "failed"}, seconds=240)
    print(f"\n{waiting(site)} after {time.monotonic() - began:.0f} s; slowest request {float(said):.2f} s")
    assert waiting(site) == {"ready": WANTED}
    assert doubled(site) == []
    assert unreadable(site) == []


def doubled(site: Site) -> list[str]:
    """Each was finished once, told once, and has one whole file."""
    found = []
    finished = site.rows(
        "SELECT count(*), count(DISTINCT row_id) FROM agencies_change WHERE table_name = 'reports_reportrequest'"
        " AND kind = 'update' AND values -> 'status' ->> 1 = 'ready'"
    )
    told = site.rows(
        "SELECT count(*), count(DISTINCT key) FROM notices_message WHERE notice = 'report-ready'"
    )
    stored = site.rows("SELECT count(*), count(DISTINCT sha256) FROM reports_storedfile")
    for what, rows in (("finished", finished), ("told", told), ("stored", stored)):
        if rows != [(WANTED, WANTED)]:
            found.append(f"{what}: {rows}")
    files = [path for path in (Path(site.env["DATA_DIR"]) / "files").rglob("*") if path.is_file()]
    found += [
        f"{path.name} does not hold what it says" for path in files if digest(path.read_bytes()) != path.name
    ]
    return found + ([] if len(files) == WANTED else [f"{len(files)} files"])


def unreadable(site: Site) -> list[str]:
    """Lines of worker and timetable that are no JSON, and those of a report without the request's id."""
    told = [json.loads(line) for name in ("worker", "beat") for line in site.log(name).splitlines()]
    made = [line for line in told if line.get("task") == "reports.render"]
    return [str(line) for line in made if not line["request_id"]] + ([] if made else ["no report has a line"])
