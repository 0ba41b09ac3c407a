"""A web server on a database of its own that is taken away in the middle of a rating, and comes back."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from ips_portal.bootstrap.places import LOCAL, ROOT
from ips_portal.embedded import ports, servers
from ips_portal.embedded.children import Child, wait_until
from ips_portal.embedded.demo import manage
from ips_portal.embedded.postgres import Postgres, account_for, reachable_home
from ips_portal.practice.visitor import Answer, Visitor, sign_in
from tests.cast import PASSWORD

PREPARE = """
import json, sys
from django.db import transaction
from tests.cast import make_cast
from tests.fidelity.reviews import scheduled
with transaction.atomic():
    cast = make_cast().meridian
    review = scheduled(cast)
print(json.dumps({"email": cast.people["trainer"].email, "review": str(review.public_id)}))
"""


@dataclass
class Portal:
    """One web process, its database, and a trainer about to rate."""

    server: Postgres
    web: Child
    address: str
    owner: str
    email: str
    review: str

    @property
    def item(self) -> str:
        return f"meridian/reviews/{self.review}/rate/ST1/"

    def version(self) -> int:
        """What the next save is typed over; 0 before the first."""
        return self.rows()[0][1] if self.rows() else 0

    def rows(self) -> list[tuple[int, int]]:
        with psycopg.connect(self.owner) as connection:
            return connection.execute("SELECT score, version FROM fidelity_rating").fetchall()


@pytest.fixture(scope="module")
def portal() -> Iterator[Portal]:
    base = LOCAL / "test"
    home = reachable_home(base, account_for(base / "none")) / f"faults-{os.getpid()}"
    home.mkdir(parents=True)
    kept = servers.keep_secrets(home)
    server = Postgres(home, kept.superuser)
    server.start()
    addresses = servers.made_database(server.url("postgres"), "faults", kept.roles)
    port = ports.choose(None)
    env = {
        **os.environ,
        "DATABASE_URL": addresses.app,
        "OWNER_DATABASE_URL": addresses.owner,
        "BASE_URL": f"http://localhost:{port}",
        "DATA_DIR": str(home / "data"),
    }
    manage(["migrate", "--no-input", "--verbosity", "0"], env, home / "migrate.log")
    told = subprocess.run(
        [sys.executable, "manage.py", "shell", "-v", "0", "-c", PREPARE],
        cwd=ROOT,
        env={**env, "DATABASE_URL": addresses.owner},
        capture_output=True,
        text=True,
        check=True,
    )
    known = json.loads(told.stdout.splitlines()[-1])
    bound = ["gunicorn", "ips_portal.wsgi", "--workers", "1", "--bind", f"127.0.0.1:{port}"]
    web = Child("web", [sys.executable, "-m", *bound], log=home / "web.log", env=env, folder=ROOT)
    web.start()
    visitor = Visitor(env["BASE_URL"], "monitor")
    wait_until(lambda: _status(visitor) == 200, web, "The web server", pause=0.2)
    yield Portal(server, web, env["BASE_URL"], addresses.owner, known["email"], known["review"])
    web.stop()
    server.stop()
    shutil.rmtree(home)


def _status(visitor: Visitor) -> int:
    try:
        return visitor.get("health/ready").status
    except Exception:
        return 0


def _trainer(portal: Portal) -> tuple[Visitor, str]:
    account = {"name": "trainer", "email": portal.email, "password": PASSWORD}
    visitor = sign_in(portal.address, account)
    page = visitor.get(f"meridian/reviews/{portal.review}/rate/")
    assert page.status == 200, page.text
    token = page.text.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    return visitor, token


def _rate(visitor: Visitor, portal: Portal, token: str, score: int, version: int) -> Answer:
    values = {"score": score, "note": "Seen.", "sources": [], "is_flagged": False, "version": version}
    return visitor.put(portal.item, values, token=token)


def test_a_database_that_is_away_is_said_and_nothing_is_lost(portal: Portal) -> None:
    trainer, token = _trainer(portal)
    before = portal.version()
    assert _rate(trainer, portal, token, score=4, version=before).status == 200

    portal.server.stop()
    refused = _rate(trainer, portal, token, score=5, version=before + 1)
    page = trainer.get("meridian/")
    health = trainer.get("health")
    portal.server.start()

    assert refused.status == page.status == health.status == 503
    assert "Nothing was saved" in json.loads(refused.body)["error"]
    assert "database: away" in health.text
    assert (
        _rate(trainer, portal, token, score=5, version=before + 1).status == 200
    )  # the same attempt, once it is back
    assert portal.rows() == [(5, before + 2)]


def test_a_lost_reply_can_be_sent_again(portal: Portal) -> None:
    trainer, token = _trainer(portal)
    before = portal.version()
    first = _rate(trainer, portal, token, score=3, version=before)
    again = _rate(trainer, portal, token, score=3, version=before)
    assert (first.status, again.status) == (200, 200)
    assert portal.rows() == [(3, before + 1)]


def test_a_killed_web_process_is_replaced_and_keeps_what_was_saved(portal: Portal) -> None:
    trainer, token = _trainer(portal)
    version = portal.version()
    assert _rate(trainer, portal, token, score=1, version=version).status == 200
    for worker in _children(portal.web.pid):
        os.kill(worker, signal.SIGKILL)
    wait_until(lambda: _status(trainer) == 200, portal.web, "The web server", pause=0.2)
    assert portal.rows() == [(1, version + 1)]
    assert _rate(trainer, portal, token, score=2, version=version + 1).status == 200


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
