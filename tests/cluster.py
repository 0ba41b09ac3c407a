"""The servers of a test run: its own PostgreSQL and Valkey, or those of ADMIN_DATABASE_URL and REDIS_URL.

The process that starts the run makes one migrated template database; each process of pytest-xdist works on a clone of
it, connected as the role that row-level security binds. Loaded by `-p tests.cluster` (pyproject.toml), because the
settings are read before any conftest.
"""

import fcntl
import json
import os
import secrets
import shutil
import subprocess
from collections.abc import Generator
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest

from ips_portal.bootstrap.places import LOCAL, Problem
from ips_portal.embedded import fingerprint, roles, servers
from ips_portal.embedded.children import Supervisor
from ips_portal.embedded.demo import manage
from ips_portal.embedded.postgres import Postgres, account_for, reachable_home
from ips_portal.embedded.roles import Role, Roles
from ips_portal.embedded.servers import Secrets
from ips_portal.embedded.valkey import Valkey

RUN = "IPS_TEST_RUN"  # tells the processes of pytest-xdist which run they belong to
TEMPLATES_KEPT = 2


def process_name() -> str:
    return os.environ.get("PYTEST_XDIST_WORKER", "main")


@dataclass(frozen=True)
class Run:
    """What every process of a run has to know."""

    home: str
    admin: str
    template: str
    redis: str
    owner_name: str
    owner_password: str
    app_name: str
    app_password: str

    @property
    def roles(self) -> Roles:
        return Roles(Role(self.owner_name, self.owner_password), Role(self.app_name, self.app_password))

    @property
    def database(self) -> str:
        return f"{self.template}_{process_name()}"

    @property
    def practice(self) -> str:
        """A second template, which holds the practice states."""
        return f"{self.template}_practice"

    def address(self, role: Role | None = None, database: str = "") -> str:
        return roles.with_database(self.admin, database or self.database, role)


@dataclass
class Started:
    """What the process that started the run has to end."""

    run: Run
    keeper: Supervisor
    home: Path
    lock: IO[str]


_started: Started | None = None


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests() -> Generator[None, Any, Any]:
    global _started
    if RUN not in os.environ:
        try:
            _started = start()
        except Problem as problem:
            raise pytest.UsageError(str(problem)) from None
        os.environ[RUN] = json.dumps(asdict(_started.run))
    enter(current())
    return (yield)


def pytest_unconfigure() -> None:
    global _started
    if _started is not None:
        end(_started)
        _started = None


def current() -> Run:
    return Run(**json.loads(os.environ[RUN]))


def start() -> Started:
    base = reachable_home(LOCAL / "test", account_for(LOCAL / "test" / "none"))
    base.mkdir(parents=True, exist_ok=True)
    _sweep(base)
    home = base / f"run-{os.getpid()}"
    home.mkdir()
    lock = (home / "lock").open("w")
    fcntl.flock(lock, fcntl.LOCK_EX)
    keeper = Supervisor()
    try:
        own = bool(os.environ.get("DATABASE_URL") or os.environ.get("ADMIN_DATABASE_URL"))
        run = _on_given_server(home, keeper) if own else _on_embedded_server(base, home, keeper)
    except BaseException:
        keeper.stop()
        raise
    return Started(run, keeper, home, lock)


def _sweep(base: Path) -> None:
    """Remove what runs left behind that were killed: nobody holds their lock any more."""
    for home in base.glob("run-*"):
        try:
            with (home / "lock").open("a") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except FileNotFoundError:
            continue  # just being made
        except BlockingIOError:
            continue
        shutil.rmtree(home, ignore_errors=True)


def _on_embedded_server(base: Path, home: Path, keeper: Supervisor) -> Run:
    kept = base / f"template-{fingerprint.of_tables()[:16]}"
    known = kept.exists()
    if known:
        with suppress(OSError):
            os.utime(kept)
        _copy(kept, home)
    passwords = servers.keep_secrets(home)
    server = Postgres(home, passwords.superuser, durable=False)
    keeper.start(server)
    run = _run(home, server.url("postgres"), "ips_test", passwords, passwords.roles, _broker(home, keeper))
    if not known:
        _migrate(run)
        server.stop()
        _keep(home, kept)
        server.start()
    return run


def _on_given_server(home: Path, keeper: Supervisor) -> Run:
    """Names of this run alone, so that several runs and a demo may share the server."""
    admin = servers.administrator(os.environ)
    if not admin:
        raise Problem(
            "The tests make databases and roles of their own: set ADMIN_DATABASE_URL to a superuser."
        )
    mark = f"{os.getpid()}_{secrets.token_hex(3)}"
    fresh = Secrets()
    wanted = Roles(Role(f"ips_owner_{mark}", fresh.owner), Role(f"ips_app_{mark}", fresh.app))
    broker = os.environ.get("REDIS_URL") or _broker(home, keeper)
    run = _run(home, admin, f"ips_test_{mark}", fresh, wanted, broker)
    _migrate(run)
    return run


def _run(home: Path, admin: str, template: str, kept: Secrets, wanted: Roles, redis: str) -> Run:
    owner, app = wanted.owner, wanted.app
    return Run(str(home), admin, template, redis, owner.name, owner.password, app.name, app.password)


def _broker(home: Path, keeper: Supervisor) -> str:
    broker = Valkey(home, durable=False)
    keeper.start(broker)
    return broker.url()


def _migrate(run: Run) -> None:
    servers.made_database(run.admin, run.template, run.roles)
    command = ["migrate", "--no-input", "--verbosity", "0"]
    manage(command, surroundings(run, run.template), Path(run.home) / "log" / "migrate.log")
    _number_apart(run)


def _number_apart(run: Run) -> None:
    """Each table counts from a number of its own, so that a number in a test names one row of one table."""
    with psycopg.connect(run.address(run.roles.owner, run.template)) as connection:
        connection.execute(
            "SELECT setval(oid, 100000 * row_number() OVER (ORDER BY relname)"
            " + coalesce(pg_sequence_last_value(oid), 0)) FROM pg_class WHERE relkind = 'S'"
        )


def _copy(source: Path, target: Path) -> None:
    """With owners, which matter where root lets another account run the server."""
    subprocess.run(["cp", "-a", "--reflink=auto", f"{source}/.", str(target)], check=True)


def _keep(home: Path, kept: Path) -> None:
    """The stopped, migrated server is what the next run starts from, until a migration changes."""
    fresh = kept.with_name(f"new-{os.getpid()}")
    fresh.mkdir()
    for part in ("postgres", "secrets.json"):
        subprocess.run(["cp", "-a", "--reflink=auto", str(home / part), str(fresh)], check=True)
    try:
        fresh.rename(kept)
    except OSError:  # a run beside this one was faster
        shutil.rmtree(fresh, ignore_errors=True)
    templates = sorted(kept.parent.glob("template-*"), key=lambda path: path.stat().st_mtime)
    for old in templates[:-TEMPLATES_KEPT]:
        shutil.rmtree(old, ignore_errors=True)


def variables(run: Run) -> dict[str, str]:
    """The environment of every portal process in a test run."""
    worker = process_name()
    return {
        "DJANGO_SETTINGS_MODULE": "ips_portal.settings",
        "DATABASE_URL": run.address(run.roles.app),
        "OWNER_DATABASE_URL": run.address(run.roles.owner),
        "REDIS_URL": _numbered(run.redis, 1 + int(worker[2:]) if worker.startswith("gw") else 0),
        "SECRET_KEY": "only-for-tests-" + "x" * 40,
        "BASE_URL": "http://localhost",
        "ALLOWED_HOSTS": "localhost,127.0.0.1,testserver",
        "DATA_DIR": str(Path(run.home) / f"data-{worker}"),
        "MAIL_DIR": str(Path(run.home) / f"mail-{worker}"),
        "STATIC_ROOT": str(Path(run.home) / "static"),
        "WHITENOISE_USE_FINDERS": "true",
    }


def surroundings(run: Run, database: str) -> dict[str, str]:
    """The whole environment of a portal process that works on a database of its own."""
    return {
        **servers.surroundings(),
        **variables(run),
        "DATABASE_URL": run.address(run.roles.app, database),
        "OWNER_DATABASE_URL": run.address(run.roles.owner, database),
    }


def _numbered(address: str, number: int) -> str:
    """Each process has a logical database of the broker to itself."""
    parts = urlsplit(address)
    if parts.scheme == "unix":
        return f"unix://{parts.path}?db={number}"
    return urlunsplit(parts._replace(path=f"/{number}"))


def enter(run: Run) -> None:
    os.environ.update(variables(run))
    Path(os.environ["STATIC_ROOT"]).mkdir(
        exist_ok=True
    )  # empty: WhiteNoise asks the finders, but warns without it
    reclone()


def reclone(template: str = "", database: str = "") -> None:
    """The database as the migrations, or whoever made the template, left it."""
    run = current()
    roles.clone(run.admin, template or run.template, database or run.database, run.roles)


def practice_data() -> Path:
    """Where the seed put its files. The first to ask seeds the practice template, once in a run."""
    run = current()
    place = Path(run.home) / "practice"
    with (Path(run.home) / "practice.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not place.exists():
            reclone(run.template, run.practice)
            fresh = place.with_name("practice-new")
            env = {**surroundings(run, run.practice), "DATA_DIR": str(fresh)}
            manage(["seed"], env, Path(run.home) / "log" / "seed.log")
            fresh.rename(place)
    return place


def end(started: Started) -> None:
    run = started.run
    if run.template != "ips_test":
        with psycopg.connect(run.admin, autocommit=True) as connection:
            names = connection.execute(
                "SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [run.template]
            ).fetchall()
            for (name,) in names:
                roles.drop_database(connection, name)
            roles.drop_roles(connection, run.roles)
    started.keeper.stop()
    shutil.rmtree(started.home, ignore_errors=True)
    started.lock.close()
