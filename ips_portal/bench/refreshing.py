"""What accepting a figure adds to its transaction, beside the plainest sum of the same rows; a process of its own."""

import json
import os
import time
from collections.abc import Callable
from statistics import median

from django.db import connection, transaction

from agencies import tenancy
from agencies.models import State
from ips_portal.bench.site import CROWDED
from ips_portal.quarters import Quarter
from outcomes import publishing

PLAIN = """
    WITH gone AS (DELETE FROM outcomes_staterate WHERE state_id = %(state)s AND quarter = %(quarter)s)
    SELECT sum(v.employed), sum(v.served), count(*),
        percentile_cont(0.5) WITHIN GROUP (ORDER BY v.employed::numeric / v.served)
    FROM outcomes_quarterlyreport r JOIN outcomes_revision v ON v.report_id = r.id AND v.number = r.in_force
    WHERE r.state_id = %(state)s AND r.quarter = %(quarter)s AND v.served > 0
"""
TIMES = 20


def main() -> None:
    state = State.objects.get(slug=CROWDED)
    quarter = Quarter.last_ended(state.today()) - 1
    deeds = {"ours": lambda: publishing.refresh(state.pk, quarter), "floor": lambda: plain(state.pk, quarter)}
    times: dict[str, list[float]] = {name: [] for name in deeds}
    for _ in range(int(os.environ["ROUNDS"]) * TIMES):
        for name, deed in deeds.items():
            times[name].append(taken(state, deed))
    print(json.dumps({name: median(took) for name, took in times.items()}))


def plain(state_id: int, quarter: Quarter) -> None:
    with connection.cursor() as cursor:
        cursor.execute(PLAIN, {"state": state_id, "quarter": quarter.starts_on})
        cursor.fetchall()


def taken(state: State, deed: Callable[[], None]) -> float:
    """In milliseconds; what it changed is taken back."""
    with tenancy.as_system(state.pk):
        started = time.perf_counter()
        deed()
        took = (time.perf_counter() - started) * 1000
        transaction.set_rollback(True)
    return took
