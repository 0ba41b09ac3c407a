"""Papers, and the request that asks for one: P8, P9."""

import json
import time
from itertools import cycle

import psycopg

from ips_portal.bench.pages import LIST, measured
from ips_portal.bench.site import STATE, Bench, Portal, child, python
from ips_portal.bench.timing import Caller
from ips_portal.bench.verdict import Result
from ips_portal.bootstrap.places import Problem
from ips_portal.embedded import demo
from ips_portal.embedded.children import Supervisor

PATIENCE = 60.0
DRAW = "import django; django.setup(); from ips_portal.bench import drawing; drawing.main()"
ASKERS = ("ST", "SA", "VR", "MH")  # nobody may have more than 20 papers on their way
ASKED = 15  # times a round
PLANNED = """SELECT r.public_id FROM fidelity_actionplan p JOIN fidelity_review r ON r.id = p.review_id
    JOIN agencies_state s ON s.id = r.state_id
    WHERE s.slug = %s AND p.status = 'active' AND r.status = 'issued' ORDER BY r.id"""


def report(bench: Bench) -> list[Result]:
    drawn = _drawn(bench)
    time_taken = Result("P8", "fidelity report", drawn["ours"], drawn["floor"], 1.5, beside="bare WeasyPrint")
    ours, bare = drawn["bytes"] / 1024, drawn["bare_bytes"] / 1024
    return [time_taken, Result("P8", "its file", ours, bare, 2.5, unit="KB", beside="bare")]


def plan(bench: Bench) -> list[Result]:
    found = []
    for actions in ("25", "100"):
        drawn = _drawn(bench, actions)
        what, ours, floor = f"plan, {actions} actions", drawn["ours"], drawn["floor"]
        found.append(Result("P9", what, ours, floor, 1.5, beside="bare WeasyPrint"))
    return [*found, _asking(bench)]


def _drawn(bench: Bench, *actions: str) -> dict[str, float]:
    env = {**bench.small.env, "ROUNDS": str(bench.rounds)}
    return dict(json.loads(python("-c", DRAW, *actions, env=env)))


def _asking(bench: Bench) -> Result:
    """For another plan each time, so that each is a new request; and whether unchanged content is drawn again."""
    portal = bench.large
    callers = [bench.caller(portal, portal.member(role)) for role in ASKERS]
    first, *plans = (f"{LIST}{review}/plan/pdf/" for review in _planned(portal))
    broken = "" if _is_stored(bench, callers[0], first) else "unchanged content was drawn again"
    turns = zip(cycle(callers), plans, strict=False)

    def ask() -> float:
        caller, path = next(turns)
        return caller.send("POST", path, expect=302).took

    took = measured(bench, {"ask": ask}, ASKED)
    queries = (bench.statements(portal).of(ask),)
    ours, floor = took.p50("ask"), took.p50("auth")
    return Result("P9", "asking for it", ours, floor, 3, beside="FA", queries=queries, broken=broken)


def _planned(portal: Portal) -> list[str]:
    with psycopg.connect(portal.owner) as connection:
        return [str(row[0]) for row in connection.execute(PLANNED, [STATE]).fetchall()]


def _is_stored(bench: Bench, caller: Caller, path: str) -> bool:
    """Asked twice, made once: the worker runs meanwhile."""
    keeper = Supervisor()
    try:
        keeper.start(child("worker", demo.WORKER, bench.large.env))
        first = caller.send("POST", path, expect=302).location
        _wait_for_file(bench.large)
        return caller.send("POST", path, expect=302).location == first
    finally:
        keeper.stop()


def _wait_for_file(portal: Portal) -> None:
    end = time.monotonic() + PATIENCE
    with psycopg.connect(portal.owner, autocommit=True) as connection:
        while not connection.execute("SELECT 1 FROM reports_reportrequest WHERE status = 'ready'").fetchone():
            if time.monotonic() > end:
                raise Problem(f"The worker did not draw the plan in {PATIENCE:.0f} s.")
            time.sleep(0.2)
