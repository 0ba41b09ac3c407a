"""The demo: servers, roles, tables, practice states, web server, worker and timetable, in one terminal."""

import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import IO

from ips_portal import assets
from ips_portal.bootstrap.places import LOCAL, ROOT, Problem, say
from ips_portal.embedded import fingerprint, ports, servers
from ips_portal.embedded.children import Child, Supervisor, die_with_parent, wait_until
from ips_portal.embedded.postgres import account_for, reachable_home

Account = dict[str, str]


@dataclass(frozen=True)
class Demo:
    """Where one demo keeps its things, and how it is asked to run."""

    home: Path
    port: int
    given: Mapping[str, str]  # addresses of servers to use instead of embedded ones
    reset: bool = False

    @property
    def address(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def data(self) -> Path:
        return self.home / "data"


def run(*, port: int | None, reset: bool) -> None:
    """Until Ctrl-C."""
    with _running(LOCAL / "demo", port, os.environ, reset=reset) as (demo, keeper):
        _welcome(demo, _accounts(demo))
        keeper.watch()


def check(*, port: int | None, main_job: Callable[[str, list[Account]], None]) -> None:
    """The main job on a database of its own, so that what a person did in the demo stays as it is."""
    home, given = LOCAL / "demo-check", dict(os.environ)
    if given.get("DATABASE_URL"):
        given = servers.beside(given, "check")
    with _running(home, port, given, reset=True) as (demo, _):
        main_job(demo.address, _accounts(demo))
    if given.get("DATABASE_URL"):
        servers.drop_given_database(given)
    remove(home)


@contextmanager
def _running(
    home: Path, port: int | None, given: Mapping[str, str], *, reset: bool
) -> Iterator[tuple[Demo, Supervisor]]:
    keeper = Supervisor()
    with stoppable(), alone(home) as lock:
        demo = Demo(home, ports.choose(port), given, reset)
        lock.write(f"process {os.getpid()}, {demo.address}")
        lock.flush()
        try:
            started = time.monotonic()
            print("Starting the IPS portal", flush=True)
            _start_everything(demo, keeper)
            say(f"Ready after {time.monotonic() - started:.0f} s.")
            yield demo, keeper
        finally:
            _stop_everything(keeper)


def _start_everything(demo: Demo, keeper: Supervisor) -> None:
    if demo.reset:
        _reset(demo)
    build_assets()
    kept = servers.keep_secrets(demo.home)
    with step("Database and broker"):
        addresses = servers.open_servers(demo.home, demo.given, kept, keeper)
    env = _environment(demo, kept.signing)
    app_env = {**env, **addresses.for_app()}
    _write_environment(demo, {**env, **addresses.for_owner()})
    _set_up(demo, {**env, **addresses.for_owner()}, always=bool(demo.given.get("DATABASE_URL")))
    keeper.start(_child(demo, "worker", WORKER, app_env))
    keeper.start(_child(demo, "beat", [*BEAT, "--schedule", str(demo.home / "beat-schedule")], app_env))
    web = _child(demo, "web", [*WEB, "--bind", f"127.0.0.1:{demo.port}"], app_env)
    with step("Web server"):
        keeper.start(web)
        wait_until(lambda: _is_healthy(demo), web, "The web server", pause=0.2)


WEB = ["gunicorn", "ips_portal.wsgi", "--workers", "2", "--timeout", "60", "--no-control-socket"]
WORKER = ["celery", "-A", "ips_portal", "worker", "--concurrency", "2", "--loglevel", "INFO"]
BEAT = ["celery", "-A", "ips_portal", "beat", "--loglevel", "INFO", "--pidfile", ""]


def _child(demo: Demo, name: str, module: list[str], env: Mapping[str, str]) -> Child:
    return Child(
        name,
        [sys.executable, "-m", *module],
        log=demo.home / "log" / f"{name}.log",
        env=env,
        folder=ROOT,
        # gunicorn's own workers notice a killed master only after seconds; asked to, it takes them along.
        orphan_signal=signal.SIGQUIT if name == "web" else signal.SIGKILL,
    )


def _environment(demo: Demo, signing_key: str) -> dict[str, str]:
    return {
        **servers.surroundings(),
        "DJANGO_SETTINGS_MODULE": "ips_portal.settings",
        "SECRET_KEY": signing_key,
        "BASE_URL": demo.address,
        "ALLOWED_HOSTS": "localhost,127.0.0.1",
        "DATA_DIR": str(demo.data),
        "MAIL_DIR": str(demo.home / "mail"),
        "WHITENOISE_USE_FINDERS": "true",  # serves the assets as they are: collecting them takes 20 s
        "LOG_FORMAT": "text",
        "PYTHONUNBUFFERED": "1",
    }


def _write_environment(demo: Demo, env: Mapping[str, str]) -> None:
    """For other commands of manage.py beside a running demo: set -a; . .local/demo/environment"""
    own = {name: value for name, value in env.items() if os.environ.get(name) != value}
    lines = [f"{name}='{value}'\n" for name, value in sorted(own.items()) if "'" not in value]
    servers.write_privately(demo.home / "environment", "".join(lines))


def _set_up(demo: Demo, env: Mapping[str, str], *, always: bool) -> None:
    """Tables, practice states and assets, unless this very program has made them already."""
    stamp, applied = demo.home / "set-up", demo.home / "migrations"
    program = fingerprint.of_program()
    if not always and stamp.exists():
        if stamp.read_text() == program:
            return
        check_applied(applied, fingerprint.of_migrations())
    stamp.unlink(missing_ok=True)
    demo.data.mkdir(parents=True, exist_ok=True)
    (demo.home / "mail").mkdir(exist_ok=True)
    for title, command in (("Tables", ["migrate", "--no-input"]), ("Practice states", ["seed"])):
        with step(title):
            _set_up_step(demo, command, env)
    applied.write_text(json.dumps(fingerprint.of_migrations()))
    stamp.write_text(program)


def check_applied(applied: Path, now: Mapping[str, str]) -> None:
    """An unfinished version's migrations may still change; tables made by the earlier ones would not follow."""
    before = json.loads(applied.read_text()) if applied.exists() else {"": ""}
    if any(now.get(path) != digest for path, digest in before.items()):
        raise Problem(
            "The tables of this demo were made by an earlier, unfinished version. What you entered is still there.\n"
            "  Go back to that version to read it, or start afresh: python3 manage.py demo --reset"
        )


def _set_up_step(demo: Demo, command: list[str], env: Mapping[str, str]) -> None:
    try:
        manage(command, env, demo.home / "log" / "set-up.log")
    except Problem as problem:
        retry = "\n  If an unfinished version made this data, start afresh: python3 manage.py demo --reset"
        raise Problem(str(problem) + retry) from None


def build_assets() -> None:
    try:
        assets.build(say)
    except assets.BuildError as error:
        raise Problem(f"The style sheet and scripts could not be built. {error}") from None


def manage(command: list[str], env: Mapping[str, str], log: Path) -> None:
    """Run a command of manage.py to its end; its output goes to the log."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        done = subprocess.run(
            [sys.executable, str(ROOT / "manage.py"), *command],
            env=dict(env),
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            check=False,
            preexec_fn=die_with_parent(signal.SIGKILL),
        )
    if done.returncode != 0:
        last = "\n".join("    " + line for line in log.read_text(errors="replace").splitlines()[-15:])
        raise Problem(f"manage.py {command[0]} failed. It said ({log}):\n{last}")


def _is_healthy(demo: Demo) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{demo.port}/health/ready", timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


@contextmanager
def alone(home: Path) -> Iterator[IO[str]]:
    """One demo per folder; the kernel drops the lock with the process, however it ends."""
    home.mkdir(parents=True, exist_ok=True)
    with (home / "lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise Problem(
                f"A demo is already running in this folder ({lock.read().strip() or 'just starting'}).\n"
                "  Open that address, or stop it with Ctrl-C in its terminal."
            ) from None
        lock.truncate(0)
        yield lock


@contextmanager
def stoppable() -> Iterator[None]:
    """Ctrl-C, a closed terminal and a plain kill all end the demo in order."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    signals = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.signal(number, stop) for number in signals}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _stop_everything(keeper: Supervisor) -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    with suppress(OSError):  # the terminal may be gone
        print("\nStopping ...", flush=True)
    keeper.stop()


def _reset(demo: Demo) -> None:
    say("Removing what the demo had stored ...")
    if demo.given.get("DATABASE_URL"):
        servers.drop_given_database(demo.given)
    remove(demo.home, keep=("lock",))


def remove(home: Path, keep: tuple[str, ...] = ()) -> None:
    place = reachable_home(home, account_for(home / "postgres")) if home.exists() else home
    if place != home:
        shutil.rmtree(place, ignore_errors=True)
    for path in home.iterdir() if home.exists() else ():
        if path.name in keep:
            continue
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()


@contextmanager
def step(title: str) -> Iterator[None]:
    started = time.monotonic()
    print(f"  {title} ...", end="", flush=True)
    try:
        yield
    except BaseException:
        print(flush=True)
        raise
    print(f" {time.monotonic() - started:.1f} s", flush=True)


def _accounts(demo: Demo) -> list[Account]:
    """Written by the seed: role, name, email, password, state and where for each person to sign in as."""
    place = demo.data / "accounts.json"
    return list(json.loads(place.read_text())) if place.exists() else []


def _welcome(demo: Demo, accounts: list[Account]) -> None:
    """The address, and one person for each role of the first practice state, with what is worth trying."""
    one_per_role: dict[str, Account] = {}
    for account in accounts:
        one_per_role.setdefault(account["role"], account)
    print(f"\n  Open  {demo.address}\n")
    for account in one_per_role.values():
        print(f"  {account['role_label']:<34} {account['email']}")
        print(f"  {'':<34} {account['tries']}")
    if accounts:
        print(f"\n  Everybody's password: {accounts[0]['password']}")
        print(f"  {len(accounts)} sign-ins of all practice states: {demo.data / 'accounts.json'}")
    print(f"  Mail the portal sends is shown at {demo.address}/mail/ . Logs: {demo.home / 'log'}")
    print("  Ctrl-C stops everything; what you entered is kept.\n", flush=True)
