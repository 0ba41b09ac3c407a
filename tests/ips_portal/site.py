"""A portal in production's shape on servers of its own, for tests that take parts of it away."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from ips_portal.bootstrap.places import LOCAL, ROOT
from ips_portal.embedded import servers
from ips_portal.embedded.children import Child, wait_until
from ips_portal.embedded.demo import manage
from ips_portal.embedded.postgres import Postgres, account_for, reachable_home
from ips_portal.embedded.valkey import Valkey
from ips_portal.practice.visitor import CheckFailed, Visitor, sign_in
from tests.cast import PASSWORD
from tests.portal import free_port

SERVE = ["gunicorn", "-c", "python:ips_portal.serving", "--workers", "2"]
WORK = [
    "celery",
    "--quiet",
    "-A",
    "ips_portal",
    "worker",
    "--concurrency",
    "2",
    "--include",
    "tests.ips_portal.paper_kinds",
]
BEAT = ["celery", "--quiet", "-A", "ips_portal", "beat", "--pidfile", ""]

PREPARE = """
import json
from django.db import transaction
from tests.cast import make_cast
from tests.fidelity.reviews import scheduled
with transaction.atomic():
    cast = make_cast().meridian
    reviews = [str(scheduled(cast, team=team).public_id) for team in ("north_one", "north_two", "south_one")]
print(json.dumps({"email": cast.people["trainer"].email, "reviews": reviews}))
"""


@dataclass
class Site:
    """Its servers, its processes, and a trainer with three reviews to rate."""

    home: Path
    env: dict[str, str]
    server: Postgres
    broker: Valkey
    owner: str
    reviews: list[str]
    email: str
    children: dict[str, Child] = field(default_factory=dict)

    @property
    def address(self) -> str:
        return self.env["BASE_URL"]

    def start(self, name: str, module: list[str]) -> Child:
        command = [sys.executable, "-m", *module]
        child = Child(name, command, log=self.home / f"{name}.log", env=self.env, folder=ROOT)
        child.start()
        self.children[name] = child
        return child

    def serve(self, application: str = "ips_portal.wsgi") -> None:
        port = self.address.rpartition(":")[2]
        web = self.start("web", [*SERVE, "--bind", f"127.0.0.1:{port}", application])
        wait_until(self.is_ready, web, "The web server", pause=0.1)

    def is_ready(self) -> bool:
        try:
            return Visitor(self.address, "monitor").get("health/ready").status == 200
        except CheckFailed:
            return False

    def trainer(self) -> tuple[Visitor, str]:
        """Signed in, with the token that the rating page would send."""
        account = {"name": "trainer", "email": self.email, "password": PASSWORD}
        visitor = sign_in(self.address, account)
        page = visitor.get(f"meridian/reviews/{self.reviews[0]}/rate/")
        assert page.status == 200, page.text
        return visitor, page.text.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]

    def rows(self, question: str) -> list[tuple[object, ...]]:
        with psycopg.connect(self.owner) as connection:
            return connection.execute(question.encode()).fetchall()

    def crash_database(self) -> None:
        """As after a power cut, and up again."""
        os.kill(self.server.pid, signal.SIGQUIT)
        self.server.stop()
        self.server.start()

    def log(self, name: str = "web") -> str:
        return (self.home / f"{name}.log").read_text(errors="replace")


def children_of(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


@contextmanager
def standing(name: str) -> Iterator[Site]:
    base = LOCAL / "test"
    home = reachable_home(base, account_for(base / "none")) / f"{name}-{os.getpid()}"
    home.mkdir(parents=True)
    kept = servers.keep_secrets(home)
    server, broker = Postgres(home, kept.superuser), Valkey(home)
    server.start()
    broker.start()
    addresses = servers.made_database(server.url("postgres"), "site", kept.roles)
    env = {
        **os.environ,
        "DATABASE_URL": addresses.app,
        "OWNER_DATABASE_URL": addresses.owner,
        "REDIS_URL": broker.url(),
        "BASE_URL": f"http://localhost:{free_port()}",
        "DATA_DIR": str(home / "data"),
        "MAIL_DIR": str(home / "mail"),
        "LOG_FORMAT": "json",
    }
    (home / "data").mkdir()
    manage(["migrate", "--no-input", "--verbosity", "0"], env, home / "migrate.log")
    known = json.loads(shell(PREPARE, env).splitlines()[-1])
    site = Site(home, env, server, broker, addresses.owner, known["reviews"], known["email"])
    try:
        yield site
    finally:
        for child in reversed(site.children.values()):
            child.stop()
        broker.stop()
        server.stop()
        shutil.rmtree(home)


def shell(code: str, env: dict[str, str], *, owner: bool = True) -> str:
    """What a piece of code prints inside the portal, as the owner or as the role the portal runs as."""
    as_role = {**env, "DATABASE_URL": env["OWNER_DATABASE_URL"]} if owner else env
    command = [sys.executable, "manage.py", "shell", "-v", "0", "-c", code]
    done = subprocess.run(command, cwd=ROOT, env=as_role, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout
