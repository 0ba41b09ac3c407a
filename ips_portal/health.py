"""What a monitor is told: each part of the portal in words, without a secret. Looked at afresh, in less than 3 s."""

import logging
import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import Thread
from typing import Any

import psycopg
import redis
from django.conf import settings
from django.db.migrations.loader import MigrationLoader

log = logging.getLogger(__name__)

DEADLINE = 2.5
SILENCE = 60  # seconds without a sign of a worker; the timetable asks for one every 10
NEARLY_FULL = 0.8
ROOM = 5 * 1024**3  # bytes; a disk with so much left is in no danger, however full it is
HEARD = "ips-portal:worker-heard-at"
DJANGOS_OWN = "server_side_binding"  # an option the driver does not know
Words = dict[str, str]  # part -> what is wrong, or nothing


@dataclass(frozen=True)
class Probe:
    parts: tuple[str, ...]
    look: Callable[[], Words]


def look(probes: Sequence[Probe]) -> Words:
    """All at once, and whoever has not answered by the deadline is what is wrong."""
    found: Words = {part: f"did not answer in {DEADLINE} s" for probe in probes for part in probe.parts}
    threads = [Thread(target=_note, args=(probe, found), daemon=True) for probe in probes]
    for thread in threads:
        thread.start()
    end = time.monotonic() + DEADLINE
    for thread in threads:
        thread.join(max(0.0, end - time.monotonic()))
    return dict(found)


def _note(probe: Probe, found: Words) -> None:
    try:
        found |= probe.look()
    except Exception as error:
        log.warning("health: %s: %s", probe.parts[0], type(error).__name__)
        found |= dict.fromkeys(probe.parts, "could not be looked at")


def database() -> Words:
    """By a connection of its own, so that nothing waits behind a request's."""
    unknown = "unknown while the database is away"
    try:
        with psycopg.connect(**_address()) as connection:
            applied = connection.execute("SELECT app, name FROM django_migrations").fetchall()
            wrong = unbound(connection)
    except psycopg.errors.UndefinedTable:
        return {"database": "", "migrations": "none is applied. Run: manage.py migrate"}
    except psycopg.errors.ConnectionTimeout:
        return {"database": "away, it does not answer", "migrations": unknown}
    except psycopg.Error as error:
        log.warning("health: database: %s", type(error).__name__)
        return {"database": "away, or it refuses the portal's role", "migrations": unknown}
    return {"database": wrong, "migrations": waiting(wanted() - set(applied))}


def waiting(missing: set[tuple[str, str]]) -> str:
    first = ".".join(min(missing, default=()))
    return f"{len(missing)} not applied, first {first}. Run: manage.py migrate" if missing else ""


def _address() -> dict[str, Any]:
    given = settings.DATABASES["default"]
    names = {"HOST": "host", "PORT": "port", "NAME": "dbname", "USER": "user", "PASSWORD": "password"}
    address = {ours: given[theirs] for theirs, ours in names.items() if given.get(theirs)}
    options = {name: value for name, value in given["OPTIONS"].items() if name != DJANGOS_OWN}
    return {**options, **address, "connect_timeout": 2, "options": "-c statement_timeout=2s"}


def unbound(connection: "psycopg.Connection[tuple[object, ...]]") -> str:
    row = connection.execute(
        "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"
    ).fetchone()
    return "row-level security does not bind the portal's role. Set DATABASE_URL" if row and row[0] else ""


@cache
def wanted() -> set[tuple[str, str]]:
    """The migrations of this program."""
    return set(MigrationLoader(None).disk_migrations)


def broker() -> Words:
    """A worker answers to the timetable through the broker, so both are read there."""
    try:
        with _broker() as client:
            client.ping()
            heard = client.get(HEARD)
    except (redis.RedisError, OSError):
        return {"broker": "away", "worker": "unknown while the broker is away"}
    if heard is None:
        return {"broker": "", "worker": "not heard of yet. See whether worker and beat run"}
    silent = int(time.time()) - int(heard)
    lost = f"not heard of for {silent} s. See whether worker and beat run"
    return {"broker": "", "worker": lost if silent > SILENCE else ""}


def heard() -> None:
    """A worker says that it lives, when the timetable asks."""
    with _broker() as client:
        client.set(HEARD, int(time.time()))


def _broker() -> redis.Redis:
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1)


def disk() -> Words:
    folder = Path(settings.DATA_DIR)
    while not folder.exists():
        folder = folder.parent
    space = shutil.disk_usage(folder)
    full = 1 - space.free / space.total
    if full < NEARLY_FULL or space.free > ROOM:
        return {"disk": ""}
    return {"disk": f"the file storage is {full:.0%} full. Make room before reports can no longer be kept"}


SERVES = (Probe(("database", "migrations"), database),)
ALL = (*SERVES, Probe(("broker", "worker"), broker), Probe(("disk",), disk))
