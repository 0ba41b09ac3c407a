"""Parts of the portal are taken away while people save without pause: trust.md 3.2, F1, F2, F3, F4, F7, F8 and F22.

What must hold afterwards is in tests/ips_portal/storm.py. FULL=1 makes every storm longer.
"""

import os
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import psycopg
import pytest

from ips_portal.practice.visitor import Visitor
from tests.ips_portal.site import Site, children_of, standing
from tests.ips_portal.storm import Journal, broken, storm

TIMES = 10 if os.environ.get("FULL") == "1" else 1


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with standing("storms") as site:
        site.serve("tests.ips_portal.deadly")
        yield site


@pytest.fixture(scope="module")
def journal() -> Journal:
    """One for all storms, as the database is one for all."""
    return Journal()


def after(site: Site, journal: Journal, fault: Callable[[], None]) -> None:
    saves = journal.saves
    storm(site, fault, journal=journal)
    print(
        f"\n{journal.saves - saves} saves; {journal.lost} without an answer and {len(journal.refused)} refused so far"
    )
    assert broken(site, journal) == []


def test_f1_killed_web_processes_lose_and_double_nothing(site: Site, journal: Journal) -> None:
    def kill() -> None:
        for _ in range(6 * TIMES):
            os.kill(
                children_of(site.children["web"].pid)[0], signal.SIGKILL
            )  # the one that serves the longest
            time.sleep(1)

    after(site, journal, kill)
    assert journal.lost, "no kill hit a save"


def test_f2_a_process_that_dies_after_the_commit_is_answered_by_the_retry(
    site: Site, journal: Journal
) -> None:
    lost = journal.lost

    def die() -> None:
        for _ in range(3 * TIMES):
            deadly = site.home / "data" / "deadly"
            deadly.touch()
            while deadly.exists():
                time.sleep(0.02)
            time.sleep(1.5)

    after(site, journal, die)
    assert journal.lost - lost >= 3


def test_f3_a_database_that_crashes_comes_back_with_all_it_promised(site: Site, journal: Journal) -> None:
    def crash() -> None:
        for _ in range(3 * TIMES):
            site.crash_database()
            time.sleep(1)

    refused = len(journal.refused)
    after(site, journal, crash)
    assert len(journal.refused) > refused, "no crash hit a save"


def test_f4_a_database_that_is_away_is_said_within_three_seconds(site: Site, journal: Journal) -> None:
    told: list[tuple[int, float, str]] = []

    def away() -> None:
        site.server.stop()
        time.sleep(1)
        for path in ("meridian/", "accounts/login/", "health"):
            began = time.monotonic()
            answer = Visitor(site.address, "guest").get(path)
            told.append((answer.status, time.monotonic() - began, answer.reference))
        time.sleep(4 * TIMES)
        site.server.start()

    after(site, journal, away)
    assert [status for status, _, _ in told] == [503, 503, 503]
    assert max(seconds for _, seconds, _ in told) < 3
    assert all(reference in site.log() for _, _, reference in told)


def test_f7_and_f8_without_a_broker_people_go_on_saving(site: Site, journal: Journal) -> None:
    refused = len(journal.refused)

    def away() -> None:
        site.broker.stop()
        time.sleep(2 * TIMES)
        site.broker.start()

    after(site, journal, away)
    assert len(journal.refused) == refused


def test_f22_a_release_under_load_refuses_nobody(site: Site, journal: Journal) -> None:
    """The tables of the next version come first, then its processes; this version's go on in between."""
    refused, lost = len(journal.refused), journal.lost

    def release() -> None:
        for number in range(2 * TIMES):
            migrate_table(
                site, f"ALTER TABLE fidelity_rating ADD COLUMN next_{number} text NOT NULL DEFAULT ''"
            )
            os.kill(site.children["web"].pid, signal.SIGHUP)
            time.sleep(3)

    after(site, journal, release)
    assert (len(journal.refused), journal.lost) == (refused, lost)
    for number in range(2 * TIMES):
        migrate_table(site, f"ALTER TABLE fidelity_rating DROP COLUMN next_{number}")


def migrate_table(site: Site, statement: str) -> None:
    """As `migrate` does: it gives up after a second and tries again, so that nobody waits behind it for long."""
    with psycopg.connect(site.owner, autocommit=True, options="-c lock_timeout=1s") as connection:
        for _ in range(30):
            try:
                connection.execute(statement.encode())
            except psycopg.errors.LockNotAvailable:
                time.sleep(0.2)
            else:
                return
    raise AssertionError("The migration never got its lock.")


def test_the_checker_sees_what_it_is_there_for(site: Site, journal: Journal) -> None:
    """Each invariant is broken once by hand, in a transaction that is taken back, and named."""
    storm(site, lambda: None, journal=journal)
    assert broken(site, journal) == []
    spoiled = replace(journal, refused=[*journal.refused, (503, "Oops", "never-written")])
    with psycopg.connect(site.owner) as connection:
        connection.execute(
            "UPDATE fidelity_rating SET score = score % 5 + 1 WHERE id = (SELECT min(id) FROM fidelity_rating)"
        )
        connection.execute("DELETE FROM agencies_change WHERE seal = 1")
        named = " ".join(broken(site, spoiled, lambda asked: connection.execute(asked.encode()).fetchall()))
        connection.rollback()
    for invariant in ("I1", "I2", "I4", "I5", "I7"):
        assert invariant in named
    assert broken(site, journal) == []
