"""Papers, and the request that asks for one: P8, P9."""

import json
import subprocess
import sys
import time

import psycopg

from ips_portal.bench.data import STATE
from ips_portal.bench.pages import LIST, measured
from ips_portal.bench.site import Bench
from ips_portal.bench.timing import Caller
from ips_portal.bench.verdict import Result
from ips_portal.bootstrap.places import ROOT, Problem
from ips_portal.embedded import demo
from ips_portal.embedded.children import Child, Supervisor

PATIENCE = 60.0


def report(bench: Bench) -> list[Result]:
    drawn = _drawn(bench, "report")
    return [
        Result("P8", "fidelity report", drawn["ours"], drawn["floor"], 1.5, beside="bare WeasyPrint"),
        Result(
            "P8", "its file", drawn["bytes"] / 1024, drawn["bare_bytes"] / 1024, 2.5, unit="KB", beside="bare"
        ),
    ]


def plan(bench: Bench) -> list[Result]:
    found = []
    for actions in ("25", "100"):
        drawn = _drawn(bench, "plan", actions)
        found.append(
            Result(
                "P9", f"plan, {actions} actions", drawn["ours"], drawn["floor"], 1.5, beside="bare WeasyPrint"
            )
        )
    return [*found, _asking(bench)]


def _drawn(bench: Bench, *what: str) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, "-m", "ips_portal.bench.drawing", *what],
        env={**bench.small.env, "ROUNDS": str(bench.rounds)},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise Problem(f"The paper could not be drawn. It said:\n{done.stderr[-2000:]}")
    return dict(json.loads(done.stdout))


def _asking(bench: Bench) -> Result:
    """A new request each time; and once, whether unchanged content gives the stored file."""
    caller, path = bench.caller(bench.small), f"{LIST}{_planned(bench)}/plan/pdf/"

    def ask() -> float:
        reply = caller.send("POST", path, expect=302)
        _forget(bench)
        return reply.took

    took = measured(bench, {"ask": ask})
    queries = bench.statements(bench.small).of(
        lambda: caller.send("POST", path, expect=302), before=lambda: _forget(bench)
    )
    broken = "" if _is_stored(bench, caller, path) else "unchanged content was drawn again"
    return Result(
        "P9",
        "asking for it",
        took.p50("ask"),
        took.p50("auth"),
        3,
        beside="FA",
        queries=(queries,),
        broken=broken,
    )


def _planned(bench: Bench) -> str:
    with psycopg.connect(bench.small.owner) as connection:
        row = connection.execute(
            "SELECT r.public_id FROM fidelity_actionplan p JOIN fidelity_review r ON r.id = p.review_id"
            " JOIN agencies_state s ON s.id = r.state_id"
            " WHERE s.slug = %s AND p.status = 'active' AND r.status = 'issued' LIMIT 1",
            [STATE],
        ).fetchone()
    if row is None:
        raise Problem("The bench's state has no plan in use.")
    return str(row[0])


def _forget(bench: Bench) -> None:
    with psycopg.connect(bench.small.owner) as connection:
        connection.execute("SET LOCAL app.history = 'off'")
        connection.execute("DELETE FROM reports_reportrequest WHERE file_id IS NULL")


def _is_stored(bench: Bench, caller: Caller, path: str) -> bool:
    """Asked twice, drawn once: the worker runs meanwhile."""
    log = bench.home / "log" / "worker.log"
    worker = Child("worker", [sys.executable, "-m", *demo.WORKER], log=log, env=bench.small.env, folder=ROOT)
    keeper = Supervisor()
    try:
        keeper.start(worker)
        first = caller.send("POST", path, expect=302).location
        _wait_for_file(bench)
        return caller.send("POST", path, expect=302).location == first and _files(bench) == 1
    finally:
        keeper.stop()


def _wait_for_file(bench: Bench) -> None:
    end = time.monotonic() + PATIENCE
    while not _files(bench):
        if time.monotonic() > end:
            raise Problem(f"The worker did not draw the plan in {PATIENCE:.0f} s.")
        time.sleep(0.2)


def _files(bench: Bench) -> int:
    with psycopg.connect(bench.small.owner) as connection:
        row = connection.execute(
            "SELECT count(*) FROM reports_reportrequest WHERE status = 'ready'"
        ).fetchone()
    return int(row[0]) if row else 0
