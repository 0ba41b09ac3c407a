"""The last hour of a quarter while things break: every team submits once, however often it clicked (trust.md 3.3).

FULL=1 takes the 1,200 teams of the whole nation instead of a few.
"""

import os
import signal
import time
from collections.abc import Iterator

import psycopg
import pytest

from ips_portal.embedded.valkey import Valkey
from tests.ips_portal import submit_storm
from tests.ips_portal.site import Site, children_of, standing
from tests.ips_portal.submit_storm import Rush, broken, rush

IS_FULL = os.environ.get("FULL") == "1"
TEAMS = 1200 if IS_FULL else 60
ROUNDS = 12 if IS_FULL else 1


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with standing("submits") as site:
        site.serve()
        yield site


@pytest.fixture(scope="module")
def finished(site: Site) -> Rush:
    """Web processes are killed, the database crashes and the broker loses everything while the teams hand in."""
    everybody = rush(site, TEAMS)

    def faults() -> None:
        for _ in range(ROUNDS):
            time.sleep(1)
            os.kill(children_of(site.children["web"].pid)[0], signal.SIGKILL)
            time.sleep(1)
            site.crash_database()
            time.sleep(1)
            forget(site.broker)

    began = time.monotonic()
    submit_storm.storm(everybody, faults)
    journal = everybody.journal
    print(
        f"\n{TEAMS} teams in {time.monotonic() - began:.1f} s; "
        f"{journal.lost} clicks without an answer, {len(journal.refused)} refused for a moment"
    )
    return everybody


def forget(broker: Valkey) -> None:
    """Redis loses all it holds."""
    broker.stop()
    broker.start()


def test_every_team_is_submitted_once_and_told_so(finished: Rush) -> None:
    assert finished.journal.lost + len(finished.journal.refused), "no fault hit a click"
    assert broken(finished) == []


def test_the_checker_sees_what_it_is_there_for(site: Site, finished: Rush) -> None:
    assert broken(finished) == []  # and every change is sealed
    first = finished.teams[0].report
    with psycopg.connect(site.owner) as connection:
        connection.execute("UPDATE outcomes_revision SET served = served + 1 WHERE report_id = %s", [first])
        connection.execute("DELETE FROM notices_message WHERE notice = 'quarter-submitted'")
        connection.execute("DELETE FROM agencies_change WHERE seal = 1")
        named = " ".join(broken(finished, lambda asked: connection.execute(asked.encode()).fetchall()))
        connection.rollback()
    for invariant in ("I1", "I2", "I4", "I5"):
        assert invariant in named
    assert broken(finished) == []
