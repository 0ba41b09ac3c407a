"""The bench's servers: one database for each size and one for the floor, each behind the web server as it is run."""

import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg

from ips_portal.bench.statements import Statements
from ips_portal.bench.timing import Caller
from ips_portal.bootstrap.places import LOCAL, ROOT, Problem
from ips_portal.embedded import demo, ports, roles, servers
from ips_portal.embedded.children import Child, Supervisor, wait_until
from ips_portal.practice.visitor import sign_in

HOME = LOCAL / "bench"
COUNTED = ("shared_preload_libraries=pg_stat_statements",)
FLOOR = "ips_portal.bench.floor"
FIRST_PAGE = "accounts/login/"
STATE = "nation-01"
CROWDED = "nation-02"  # whose one large agency fills the tables of quarterly figures
CROWD = "import django; django.setup(); from ips_portal.bench import crowd; crowd.main()"
MEMBER = """SELECT p.email FROM agencies_membership m JOIN agencies_person p ON p.id = m.person_id
    JOIN agencies_state s ON s.id = m.state_id
    WHERE s.slug = %s AND m.role = %s AND m.ended_on IS NULL ORDER BY m.id LIMIT 1"""
ISSUED = """SELECT count(*) FROM fidelity_review r JOIN agencies_state s ON s.id = r.state_id
    WHERE s.slug = %s AND r.status = 'issued'"""


@dataclass(frozen=True)
class Size:
    """Teams of the state of the bench, and quarters of teams that the whole portal holds."""

    teams: int
    team_quarters: int


@dataclass(frozen=True)
class Portal:
    """One web server on one database."""

    name: str
    env: Mapping[str, str]
    port: int
    web: Child
    started_in: float  # seconds until the first page

    @property
    def owner(self) -> str:
        return self.env["OWNER_DATABASE_URL"]

    @property
    def reviews(self) -> int:
        return int(self._asked(ISSUED, STATE))

    @property
    def team_quarters(self) -> int:
        return int(self._asked("SELECT count(*) FROM outcomes_quarterlyreport"))

    def member(self, role: str, state: str = STATE) -> str:
        """The address one of that role signs in with."""
        return str(self._asked(MEMBER, state, role))

    def _asked(self, question: str, *values: str) -> Any:
        with psycopg.connect(self.owner) as connection:
            row = connection.execute(question, values).fetchone()
        if row is None:
            raise Problem(f"The bench has no {' '.join(values)}.")
        return row[0]


@dataclass(frozen=True)
class Bench:
    admin: str
    small: Portal
    large: Portal
    floor: Portal
    session: str  # of the floor's user
    password: str  # everybody's
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

    def trainer(self, portal: Portal) -> Caller:
        return self.caller(portal, portal.member("ST"))

    def caller(self, portal: Portal, email: str, state: str = STATE) -> Caller:
        visitor = sign_in(f"http://localhost:{portal.port}", {"email": email, "password": self.password})
        visitor.get(f"{state}/reviews/")
        return Caller(portal.port, {one.name: one.value or "" for one in visitor.cookies})

    def statements(self, portal: Portal) -> Statements:
        return Statements(roles.with_database(self.admin, roles.database_of(portal.owner)))


@contextmanager
def running(sizes: tuple[Size, Size], *, times: int, is_crowded: bool = True) -> Iterator[Bench]:
    """Everything up, and afterwards everything stopped and removed. A crowd takes its time, if anybody asks for it."""
    keeper = Supervisor()
    with demo.stoppable(), demo.alone(HOME) as lock:
        lock.write(f"process {os.getpid()}")
        lock.flush()
        demo.remove(HOME, keep=("lock",))
        try:
            yield _open(sizes, times, keeper, is_crowded=is_crowded)
        finally:
            keeper.stop()
            demo.remove(HOME, keep=("lock",))


def _open(sizes: tuple[Size, Size], times: int, keeper: Supervisor, *, is_crowded: bool) -> Bench:
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
    password = secrets.token_urlsafe()
    small, large = (_portal(env, where, size, password, keeper, is_crowded=is_crowded) for size in sizes)
    session, floor_migrated, floor = _floor(small, keeper)
    return Bench(where.admin, small, large, floor, session, password, migrated, floor_migrated, times)


def _timed(command: list[str], env: Mapping[str, str]) -> float:
    started = time.monotonic()
    demo.manage(command, env, HOME / "log" / "set-up.log")
    return time.monotonic() - started


def _portal(
    env: Mapping[str, str],
    where: servers.Addresses,
    size: Size,
    password: str,
    keeper: Supervisor,
    *,
    is_crowded: bool,
) -> Portal:
    database = f"{roles.database_of(where.owner)}_{size.teams}"
    owner, app = roles.role_of(where.owner), roles.role_of(where.app)
    roles.clone(where.admin, roles.database_of(where.owner), database, roles.Roles(owner, app))
    moved = {
        name: roles.with_database(env[name], database, role)
        for name, role in (("OWNER_DATABASE_URL", owner), ("DATABASE_URL", app))
    }
    nation = ["seed", "--states", "1", "--teams", str(size.teams), "--password", password]
    demo.manage(nation, {**env, **moved}, HOME / "log" / "set-up.log")
    if is_crowded:
        as_owner = {**env, **moved, "DATABASE_URL": moved["OWNER_DATABASE_URL"]}
        wanted = {"TEAM_QUARTERS": str(size.team_quarters), "PASSWORD": password}
        python("-c", CROWD, env={**as_owner, **wanted})
    Statements(roles.with_database(where.admin, database)).begin()
    return _serve(str(size.teams), {**env, **moved}, "ips_portal.wsgi", FIRST_PAGE, keeper)


def child(name: str, module: Sequence[str], env: Mapping[str, str]) -> Child:
    log, command = HOME / "log" / f"{name}.log", [sys.executable, "-m", *module]
    return Child(name, command, log=log, env=env, folder=ROOT, orphan_signal=signal.SIGQUIT)


def python(*arguments: str, env: Mapping[str, str]) -> str:
    """What a Python of its own says."""
    command = [sys.executable, *arguments]
    done = subprocess.run(command, env=dict(env), cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Problem(f"{arguments[1]} failed. It said:\n{done.stderr[-2000:]}")
    return done.stdout.strip()


def _serve(name: str, env: Mapping[str, str], application: str, first: str, keeper: Supervisor) -> Portal:
    port = ports.choose(None)
    command = [application if part == "ips_portal.wsgi" else part for part in demo.WEB]
    served = {**env, "BASE_URL": f"http://localhost:{port}"}
    web = child(f"web-{name}", [*command, "--bind", f"127.0.0.1:{port}"], served)
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
    session = python("-m", FLOOR, env=env)
    return session, time.monotonic() - started, _serve("floor", env, f"{FLOOR}.wsgi", "auth", keeper)
