"""Quarterly figures: all teams (P5), a liaison's first page (P6), a figure accepted (P7), a quarter as a file (P12)."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from ips_portal.bench.pages import at_both_sizes, counted, measured
from ips_portal.bench.site import STATE, Bench, python
from ips_portal.bench.timing import Deed
from ips_portal.bench.verdict import Result

REFRESH = "import django; django.setup(); from ips_portal.bench import refreshing; refreshing.main()"
ROLLUP = """SELECT quarter, measure, numerator, denominator, median FROM outcomes_staterate r
    JOIN agencies_state s ON s.id = r.state_id WHERE s.slug = %s ORDER BY quarter DESC LIMIT 40"""
COPIED = """COPY (SELECT t.name, v.* FROM outcomes_quarterlyreport r JOIN agencies_state s ON s.id = r.state_id
    JOIN agencies_team t ON t.id = r.team_id JOIN outcomes_revision v ON v.report_id = r.id AND v.number = r.in_force
    WHERE s.slug = '{state}' AND r.quarter = (SELECT max(quarter) FROM outcomes_quarterlyreport)) TO STDOUT"""


def all_teams(bench: Bench) -> list[Result]:
    path = f"/{STATE}/outcomes/comparison/"
    small, large = (bench.caller(each, each.member("ST")).reading(path) for each in bench.sizes)
    took = measured(bench, {"small": small, "large": large})
    queries = counted(bench, (small, large))
    what = "all teams compared"
    return [at_both_sizes("P5", what, took, took.p50("page"), 5, "FP", queries=queries, budget=10)]


def accepted(bench: Bench) -> list[Result]:
    env = {**bench.large.env, "ROUNDS": str(bench.rounds)}
    took = dict(json.loads(python("-c", REFRESH, env=env)))
    return [
        Result("P7", "rates of one quarter made anew", took["ours"], took["floor"], 3, beside="plain sums")
    ]


def first_page(bench: Bench) -> list[Result]:
    small, large = (bench.caller(each, each.member("VR")).reading(f"/{STATE}/") for each in bench.sizes)
    with rollup(bench.large.owner) as in_sql:
        took = measured(bench, {"small": small, "large": large, "sql": in_sql})
    floor = 4 * took.p50("page") + 4 * took.p50("sql")
    queries = counted(bench, (small, large))
    what = "first page of a liaison"
    return [at_both_sizes("P6", what, took, floor, 1, "4 FP + 4 SQL", queries=queries, budget=12)]


def export(bench: Bench) -> list[Result]:
    read = bench.caller(bench.large, bench.large.member("VR")).reading(f"/{STATE}/outcomes/quarter.csv")
    with copy(bench.large.owner) as in_sql:
        took = measured(bench, {"large": read, "sql": in_sql}, bench.times // 2)
    floor = took.p50("sql")
    return [Result("P12", "a quarter as CSV", took.p50("large"), floor, 5, beside="COPY")]


@contextmanager
def rollup(owner: str) -> Iterator[Deed]:
    with psycopg.connect(owner) as connection:

        def ask() -> float:
            started = time.perf_counter()
            connection.execute(ROLLUP, [STATE]).fetchall()
            return (time.perf_counter() - started) * 1000

        yield ask


@contextmanager
def copy(owner: str) -> Iterator[Deed]:
    with psycopg.connect(owner) as connection:

        def take() -> float:
            started = time.perf_counter()
            with connection.cursor().copy(COPIED.format(state=STATE).encode()) as rows:
                for _ in rows:
                    pass
            return (time.perf_counter() - started) * 1000

        yield take
