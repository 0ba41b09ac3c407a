"""The bench says what a page costs beside its floor, and is not to be pleased with too little."""

import json
import subprocess
import sys
from dataclasses import replace

import pytest

from ips_portal.bench.verdict import Result, as_json, misses, table
from ips_portal.bootstrap.places import ROOT
from ips_portal.embedded import servers

GOOD = Result("P1", "autosave", ours=6.0, floor=2.0, goal=3, queries=(8, 8), budget=8, growth=1.2)


def test_a_result_at_its_goal_is_met() -> None:
    assert misses(GOOD) == ()


@pytest.mark.parametrize(
    ("worse", "said"),
    [
        (replace(GOOD, ours=6.1), "ratio 3.05, goal 3"),
        (replace(GOOD, goal=0.001), "goal 0.001"),
        (replace(GOOD, ours=1.0, goal=0.6, at_least=True), "ratio 0.50, goal 0.6"),
        (replace(GOOD, queries=(7, 8)), "SQL grows: 7 → 8"),
        (replace(GOOD, queries=(9, 9)), "9 SQL, at most 8"),
        (replace(GOOD, growth=1.21), "grows by 1.21, at most 1.2"),
        (replace(GOOD, broken="the web worker has loaded pandas"), "pandas"),
    ],
)
def test_each_promise_is_missed_by_itself(worse: Result, said: str) -> None:
    assert [said in miss for miss in misses(worse)] == [True]


def test_a_rate_is_met_from_its_goal_upwards() -> None:
    assert not misses(replace(GOOD, ours=1.0, goal=0.5, at_least=True))


def test_the_table_is_aligned_and_says_what_is_missed() -> None:
    lines = table([GOOD, replace(GOOD, workload="P14", goal=2)]).splitlines()
    column = lines[0].index("met")
    assert [line[column:] for line in lines] == ["met", "yes", "no: ratio 3.00, goal 2"]


def test_json_has_one_object_a_workload() -> None:
    (found,) = json.loads(as_json([GOOD]))
    told = {name: found[name] for name in ("workload", "ours", "floor", "ratio", "goal", "queries", "met")}
    assert told == {
        "workload": "P1",
        "ours": 6.0,
        "floor": 2.0,
        "ratio": 3.0,
        "goal": 3,
        "queries": [8, 8],
        "met": True,
    }


def test_one_workload_runs_and_saves_with_as_many_statements_at_both_sizes() -> None:
    command = [sys.executable, "manage.py", "bench", "--quick", "--json", "--only", "P1"]
    own_servers = {name: value for name, value in servers.surroundings().items() if name != "REDIS_URL"}
    done = subprocess.run(command, cwd=ROOT, env=own_servers, capture_output=True, text=True, timeout=120)
    (autosave,) = json.loads(done.stdout[done.stdout.index("[") :])
    assert autosave["floor"] > 0
    assert len(set(autosave["queries"])) == 1
    assert max(autosave["queries"]) <= 8
