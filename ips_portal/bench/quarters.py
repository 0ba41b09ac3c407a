"""Quarterly figures: all teams (P5), a liaison's first page (P6), a figure accepted (P7), a quarter as a file (P12)."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import psycopg

from ips_portal.bench.pages import at_both_sizes, counted, measured
from ips_portal.bench.site import CROWDED, STATE, Bench, Portal, python
from ips_portal.bench.timing import Deed
from ips_portal.bench.verdict import Result
from ips_portal.quarters import Quarter

REFRESH = "import django; django.setup(); from ips_portal.bench import refreshing; refreshing.main()"
ROLLUP = """SELECT quarter, measure, numerator, denominator, median FROM outcomes_staterate r
    JOIN agencies_state s ON s.id = r.state_id WHERE s.slug = %s ORDER BY quarter DESC LIMIT 40"""
COPIED = """COPY (SELECT t.name, v.* FROM outcomes_quarterlyreport r JOIN agencies_state s ON s.id = r.state_id
    JOIN agencies_team t ON t.id = r.team_id JOIN outcomes_revision v ON v.report_id = r.id AND v.number = r.in_force
    WHERE s.slug = '{state}' AND r.quarter = '{quarter}') TO STDOUT"""
LOCKED = """SELECT max(r.quarter) FROM outcomes_quarterlyreport r JOIN agencies_state s ON s.id = r.state_id
    WHERE s.slug = %s AND r.status = 'locked'"""


def all_teams(bench: Bench) -> list[Result]:
    path = f"/{STATE}/outcomes/comparison/"
    small, large = (bench.caller(each, each.member("ST")).reading(path) for each in bench.sizes)
    took = measured(bench, {"small": small, "large": large})
    queries = counted(bench, (small, large))
    what = "all teams compared"
    return [at_both_sizes("P5", what, took, took.p50("page"), 5, "FP", queries=queries, budget=10)]


def accepted(bench: Bench) -> list[Result]:
    small, large = (_refreshed(bench, portal) for portal in bench.sizes)
    growth, what = large["ours"] / small["ours"], "rates of 3,000 teams made anew"
    return [Result("P7", what, large["ours"], large["floor"], 3, beside="plain sums", growth=growth)]


def _refreshed(bench: Bench, portal: Portal) -> dict[str, float]:
    return dict(json.loads(python("-c", REFRESH, env={**portal.env, "ROUNDS": str(bench.rounds)})))


def first_page(bench: Bench) -> list[Result]:
    small, large = (bench.caller(each, each.member("VR")).reading(f"/{STATE}/") for each in bench.sizes)
    with rollup(bench.large.owner) as in_sql:
        took = measured(bench, {"small": small, "large": large, "sql": in_sql})
    floor = 4 * took.p50("page") + 4 * took.p50("sql")
    queries = counted(bench, (small, large))
    what = "first page of a liaison"
    return [at_both_sizes("P6", what, took, floor, 1, "4 FP + 4 SQL", queries=queries, budget=12)]


def export(bench: Bench) -> list[Result]:
    """The newest quarter that is final for all of the crowd."""
    with psycopg.connect(bench.large.owner) as connection:
        (day,) = connection.execute(LOCKED, [CROWDED]).fetchone() or (date.min,)
    path = f"/{CROWDED}/outcomes/quarter.csv?quarter={Quarter.of(day).slug}"
    small, large = (
        bench.caller(each, each.member("VR", CROWDED), CROWDED).reading(path) for each in bench.sizes
    )
    with copy(bench.large.owner, day) as in_sql:
        took = measured(bench, {"small": small, "large": large, "sql": in_sql}, bench.times // 4)
    what, queries = "a quarter of 3,000 teams as CSV", counted(bench, (small, large))
    return [at_both_sizes("P12", what, took, took.p50("sql"), 5, "COPY", queries=queries)]


@contextmanager
def rollup(owner: str) -> Iterator[Deed]:
    with psycopg.connect(owner) as connection:

        def ask() -> float:
            started = time.perf_counter()
            connection.execute(ROLLUP, [STATE]).fetchall()
            return (time.perf_counter() - started) * 1000

        yield ask


@contextmanager
def copy(owner: str, day: date) -> Iterator[Deed]:
    with psycopg.connect(owner) as connection:

        def take() -> float:
            started = time.perf_counter()
            with connection.cursor().copy(COPIED.format(state=CROWDED, quarter=day).encode()) as rows:
                for _ in rows:
                    pass
            return (time.perf_counter() - started) * 1000

        yield take
