"""The bench's servers: one database for each size and one for the floor, each behind the web server as it is run."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from ips_portal.bench import data
from ips_portal.bench.statements import Statements
from ips_portal.bench.timing import Caller
from ips_portal.bootstrap.places import LOCAL, ROOT, Problem
from ips_portal.embedded import demo, ports, roles, servers
from ips_portal.embedded.children import Child, Supervisor, wait_until
from ips_portal.practice.visitor import Account, Visitor, sign_in

HOME = LOCAL / "bench"
COUNTED = ("shared_preload_libraries=pg_stat_statements",)
FLOOR = "ips_portal.bench.floor"
FIRST_PAGE = "accounts/login/"


@dataclass(frozen=True)
class Portal:
    """One web server on one database."""

    name: str
    env: Mapping[str, str]
    port: int
    web: Child
    started_in: float  # seconds until the first page
    reviews: int = 0

    @property
    def address(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def owner(self) -> str:
        return self.env["OWNER_DATABASE_URL"]


@dataclass(frozen=True)
class Bench:
    home: Path
    admin: str
    small: Portal
    large: Portal
    floor: Portal
    session: str  # of the floor's user
    accounts: tuple[Account, ...]
    migrated_in: float
    floor_migrated_in: float
    times: int  # requests a round

    rounds: int = 3

    @property
    def sizes(self) -> tuple[Portal, Portal]:
        return self.small, self.large

    @property
    def bare(self) -> Caller:
        return Caller(self.floor.port, {"sessionid": self.session})

    def trainer(self) -> Account:
        """The one who is rating a review now."""
        return next(one for one in self.accounts if (one["state"], one["role"]) == (data.STATE, "ST"))

    def visitor(self, portal: Portal) -> Visitor:
        return sign_in(portal.address, self.trainer())

    def caller(self, portal: Portal) -> Caller:
        visitor = self.visitor(portal)
        visitor.get(f"{data.STATE}/reviews/")
        return Caller(portal.port, {one.name: one.value or "" for one in visitor.cookies})

    def statements(self, portal: Portal) -> Statements:
        return Statements(roles.with_database(self.admin, roles.database_of(portal.owner)))


@contextmanager
def running(sizes: tuple[int, int], *, times: int) -> Iterator[Bench]:
    """Everything up, and afterwards everything stopped and removed."""
    keeper = Supervisor()
    with demo.stoppable(), demo.alone(HOME) as lock:
        lock.write(f"process {os.getpid()}")
        lock.flush()
        demo.remove(HOME, keep=("lock",))
        try:
            yield _open(sizes, times, keeper)
        finally:
            keeper.stop()
            demo.remove(HOME, keep=("lock",))


def _open(sizes: tuple[int, int], times: int, keeper: Supervisor) -> Bench:
    given = dict(os.environ)
    if given.get("DATABASE_URL"):
        given = servers.beside(given, "bench")
        servers.drop_given_database(given)
    demo.build_assets()
    kept = servers.keep_secrets(HOME)
    where = servers.open_servers(HOME, given, kept, keeper, options=COUNTED)
    env = {
        **servers.surroundings(),
        **where.for_owner(),
        "DJANGO_SETTINGS_MODULE": "ips_portal.settings",
        "SECRET_KEY": kept.signing,
        "BASE_URL": "http://localhost",
        "ALLOWED_HOSTS": "localhost,127.0.0.1",
        "DATA_DIR": str(HOME / "data"),
        "MAIL_DIR": str(HOME / "mail"),
        "WHITENOISE_USE_FINDERS": "true",
        "LOG_LEVEL": "WARNING",
    }
    (HOME / "mail").mkdir(exist_ok=True)
    migrated = _timed(["migrate", "--no-input", "--verbosity", "0"], env)
    _timed(["seed"], env)
    small, large = (_portal(env, where, reviews, keeper) for reviews in sizes)
    session, floor_migrated, floor = _floor(small, keeper)
    accounts = json.loads((HOME / "data" / "accounts.json").read_text())
    return Bench(
        HOME, where.admin, small, large, floor, session, tuple(accounts), migrated, floor_migrated, times
    )


def _timed(command: list[str], env: Mapping[str, str]) -> float:
    started = time.monotonic()
    demo.manage(command, env, HOME / "log" / "set-up.log")
    return time.monotonic() - started


def _portal(env: Mapping[str, str], where: servers.Addresses, reviews: int, keeper: Supervisor) -> Portal:
    database = f"{roles.database_of(where.owner)}_{reviews}"
    owner, app = roles.role_of(where.owner), roles.role_of(where.app)
    roles.clone(where.admin, roles.database_of(where.owner), database, roles.Roles(owner, app))
    moved = {
        name: roles.with_database(env[name], database, role)
        for name, role in (("OWNER_DATABASE_URL", owner), ("DATABASE_URL", app))
    }
    found = data.fill(moved["OWNER_DATABASE_URL"], reviews)
    _count_statements(roles.with_database(where.admin, database))
    portal = _serve(str(reviews), {**env, **moved}, "ips_portal.wsgi", FIRST_PAGE, keeper)
    return replace(portal, reviews=found)


def _count_statements(admin: str) -> None:
    Statements(admin).begin()


def _serve(name: str, env: Mapping[str, str], application: str, first: str, keeper: Supervisor) -> Portal:
    port = ports.choose(None)
    command = [application if part == "ips_portal.wsgi" else part for part in demo.WEB]
    served = {**env, "BASE_URL": f"http://localhost:{port}"}
    web = Child(
        f"web-{name}",
        [sys.executable, "-m", *command, "--bind", f"127.0.0.1:{port}"],
        log=HOME / "log" / f"web-{name}.log",
        env=served,
        folder=ROOT,
        orphan_signal=signal.SIGQUIT,
    )
    started = time.monotonic()
    keeper.start(web)
    wait_until(lambda: _answers(port, first), web, "The web server", pause=0.05)
    return Portal(name, served, port, web, time.monotonic() - started)


def _answers(port: int, path: str) -> bool:
    try:
        Caller(port, {}).send("GET", f"/{path}", expect=403 if path == "auth" else 200)
    except (OSError, Problem):
        return False
    return True


def _floor(small: Portal, keeper: Supervisor) -> tuple[str, float, Portal]:
    """In a schema of its own beside the small portal's tables."""
    env = {**small.env, "DATABASE_URL": small.owner, "DJANGO_SETTINGS_MODULE": f"{FLOOR}.settings"}
    started = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", FLOOR], env=env, cwd=ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise Problem(f"The floor could not be laid. It said:\n{done.stderr[-2000:]}")
    took = time.monotonic() - started
    return done.stdout.strip(), took, _serve("floor", env, f"{FLOOR}.wsgi", "auth", keeper)
