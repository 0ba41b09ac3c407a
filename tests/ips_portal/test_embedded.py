"""Servers of the project's own: they survive crashes, leave no orphans and stand in nobody's way."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis

from ips_portal.bootstrap.places import LOCAL, ROOT, Problem
from ips_portal.embedded import demo, fingerprint, folders, ports, roles, servers
from ips_portal.embedded.children import Child, Supervisor, wait_until
from ips_portal.embedded.postgres import Postgres, account_for, reachable_home
from ips_portal.embedded.roles import Role, Roles
from ips_portal.embedded.valkey import Valkey

ROLES = Roles(Role("ips_owner", "o/wn er"), Role("ips_app", "a?pp"))


@pytest.fixture
def home() -> Iterator[Path]:
    """A folder the database's account can reach, as pytest's own folders are not where root runs the tests."""
    base = LOCAL / "test"
    place = reachable_home(base, account_for(base / "none")) / f"embedded-{os.getpid()}"
    place.mkdir(parents=True)
    yield place
    shutil.rmtree(place)


@pytest.fixture
def server(home: Path) -> Iterator[Postgres]:
    server = Postgres(home, "s3cret /?@")
    server.start()
    yield server
    server.stop()


def _is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def _wait_for(pid: int) -> None:
    end = time.monotonic() + 10
    while _is_alive(pid) and time.monotonic() < end:
        time.sleep(0.02)


def test_committed_rows_survive_a_killed_server(server: Postgres) -> None:
    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 1 AS one")
    os.kill(server.pid, signal.SIGKILL)
    _wait_for(server.pid)
    _start_patiently(server)
    with psycopg.connect(server.url("postgres")) as connection:
        assert connection.execute("SELECT one FROM kept").fetchone() == (1,)


def _start_patiently(server: Postgres) -> None:
    """As the supervisor does: the sessions of a killed server need a moment to notice."""
    for _ in range(10):
        try:
            return server.start()
        except Problem:
            time.sleep(0.5)
    raise AssertionError("the server did not come back")


def test_a_stale_pid_of_another_program_does_not_stop_the_start(server: Postgres) -> None:
    server.stop()
    with subprocess.Popen(["sleep", "60"]) as stranger:
        (server.data / "postmaster.pid").write_text(f"{stranger.pid}\n{server.data}\n")
        server.start()
        assert server.running
        assert stranger.poll() is None, "another program must not be ended"
        stranger.kill()


def test_the_server_listens_on_no_port_and_asks_for_a_password(server: Postgres) -> None:
    with psycopg.connect(server.url("postgres")) as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(server.url("postgres", password="guessed"))
    assert server.socket.stat().st_mode & 0o077 == 0


def test_the_app_role_owns_nothing_and_may_bypass_nothing(server: Postgres) -> None:
    addresses = servers.made_database(server.url("postgres"), "ips", ROLES)
    with psycopg.connect(addresses.app) as app:
        row = app.execute(
            "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = current_user"
        ).fetchone()
        assert row == (False, False, False, False)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute("CREATE TABLE mine (id int)")
    with psycopg.connect(addresses.owner) as owner:
        owner.execute("CREATE TABLE theirs (id int)")
    servers.made_database(server.url("postgres"), "ips", ROLES)  # twice does no harm


def test_text_sorts_alike_on_every_machine(server: Postgres) -> None:
    addresses = servers.made_database(server.url("postgres"), "ips", ROLES)
    with psycopg.connect(addresses.owner) as owner:
        row = owner.execute(
            "SELECT datlocprovider, datlocale FROM pg_database WHERE datname = 'ips'"
        ).fetchone()
    assert row == ("b", "C.UTF-8")


def test_a_killed_supervisor_leaves_no_orphan(home: Path) -> None:
    program = (
        "import sys, time; from pathlib import Path\n"
        "from ips_portal.embedded.postgres import Postgres\n"
        "from ips_portal.embedded.valkey import Valkey\n"
        "home = Path(sys.argv[1]); parts = [Postgres(home, 'x'), Valkey(home)]\n"
        "[part.start() for part in parts]\n"
        "print(*(part.pid for part in parts), flush=True); time.sleep(60)\n"
    )
    command = [sys.executable, "-c", program, str(home)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as supervisor:
        assert supervisor.stdout
        pids = [int(word) for word in supervisor.stdout.readline().split()]
        assert len(pids) == 2
        assert all(map(_is_alive, pids))
        supervisor.kill()
    for pid in pids:
        _wait_for(pid)
    assert not any(map(_is_alive, pids))


def test_queued_jobs_survive_a_killed_broker(home: Path) -> None:
    broker = Valkey(home)
    broker.start()
    with redis.Redis.from_url(broker.url()) as client:
        client.lpush("celery", *range(100))
    os.kill(broker.pid, signal.SIGKILL)
    _wait_for(broker.pid)
    broker.start()
    with redis.Redis.from_url(broker.url()) as client:
        assert client.llen("celery") == 100
    broker.stop()
    assert not _is_alive(broker.pid)


def test_a_path_too_long_for_a_socket_moves_to_a_short_private_folder(tmp_path: Path) -> None:
    long = tmp_path / ("x" * 90) / "socket"
    folder = folders.socket_folder(long)
    assert len(str(folder)) < 40
    assert folder.stat().st_mode & 0o077 == 0
    assert folder == folders.socket_folder(long)
    folder.rmdir()


def test_a_folder_of_somebody_else_is_not_used(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path)
    with pytest.raises(Problem, match="belongs to somebody else"):
        folders.private_folder(tmp_path / "link")


def test_a_taken_port_is_refused_and_the_next_one_chosen() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        number = taken.getsockname()[1]
        with pytest.raises(Problem, match=f"Port {number} is taken"):
            ports.choose(number)
    assert ports.choose(None) >= ports.FIRST


def test_a_second_demo_on_the_same_folder_is_refused_with_the_address_of_the_first(tmp_path: Path) -> None:
    with demo.alone(tmp_path) as lock:
        lock.write("process 1, http://localhost:8000")
        lock.flush()
        with pytest.raises(Problem, match=r"already running.*http://localhost:8000"), demo.alone(tmp_path):
            pass
    with demo.alone(tmp_path):
        pass


def test_the_dead_are_restarted_with_growing_pauses_and_stopped_in_reverse_order() -> None:
    now, events = [0.0], []

    class Part:
        def __init__(self, name: str) -> None:
            self.name, self.running = name, False

        def start(self) -> None:
            events.append(f"start {self.name}")
            self.running = self.name != "worker"

        def stop(self) -> None:
            events.append(f"stop {self.name}")

    keeper = Supervisor(clock=lambda: now[0])
    for name in ("database", "worker"):
        keeper.start(Part(name))
    for now[0] in (0.1, 1.2, 1.3, 2.0, 3.4):
        keeper.look()
    assert events == ["start database", "start worker", "start worker", "start worker"]
    keeper.stop()
    assert events[-2:] == ["stop worker", "stop database"]


def test_a_child_that_ends_at_once_says_why(tmp_path: Path) -> None:
    child = Child(
        "x", [sys.executable, "-c", "raise SystemExit('no such table')"], tmp_path / "log", {}, tmp_path
    )
    child.start()
    with pytest.raises(Problem, match="no such table"):
        wait_until(lambda: False, child, "The web server")


def test_a_superuser_as_the_address_is_replaced_by_roles_that_are_bound(server: Postgres) -> None:
    given = {"DATABASE_URL": server.url("postgres")}
    addresses = servers.given_database(given, servers.Secrets())
    assert roles.role_of(addresses.app).name == "ips_app"
    assert not roles.is_administrator(addresses.app)


def test_an_address_without_an_owner_is_refused_with_the_variable_to_set(server: Postgres) -> None:
    addresses = servers.made_database(server.url("postgres"), "ips", ROLES)
    with pytest.raises(Problem, match="OWNER_DATABASE_URL"):
        servers.given_database({"DATABASE_URL": addresses.app}, servers.Secrets())


def test_the_passwords_are_kept_for_their_owner_alone(tmp_path: Path) -> None:
    first = servers.keep_secrets(tmp_path)
    assert first == servers.keep_secrets(tmp_path)
    assert (tmp_path / "secrets.json").stat().st_mode & 0o077 == 0


def test_a_check_never_works_on_the_database_it_was_pointed_to(server: Postgres) -> None:
    given = servers.beside({"DATABASE_URL": server.url("ips")}, "check")
    addresses = servers.given_database(given, servers.Secrets())
    assert roles.database_of(addresses.app) == roles.database_of(addresses.owner) == "ips_check"
    assert roles.role_of(addresses.app).name == "ips_app"


def test_a_demo_whose_migrations_changed_says_so_instead_of_going_on(tmp_path: Path) -> None:
    applied, now = tmp_path / "migrations", fingerprint.of_migrations()
    assert "agencies/migrations/0001_initial.py" in now
    applied.write_text(json.dumps(now))
    demo.check_applied(applied, now | {"agencies/migrations/9999_later.py": "new"})
    with pytest.raises(Problem, match="--reset"):
        demo.check_applied(applied, now | {"agencies/migrations/0001_initial.py": "changed"})
    with pytest.raises(Problem, match="--reset"):
        demo.check_applied(tmp_path / "of an old version, unwritten", now)
