"""Makes a back-up: one snapshot for the dump and for the census that a restored copy must equal, then the files."""

import tempfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import psycopg

from ips_portal.safekeeping import census, programs, storing
from ips_portal.safekeeping.storing import DUMP, FILES, Backup

# A file is stored before the row that names it, so what the snapshot names is there when the files are copied.
NAMED = "SELECT DISTINCT state_id || '/' || left(sha256, 2) || '/' || sha256 FROM reports_storedfile"
OWNER = "SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = 'agencies_state'::regclass"


def back_up(into: Path, *, address: str, app: str) -> tuple[Path, list[str]]:
    """The new back-up's folder, and the names of files that are damaged or gone. Raises Blind, Problem.

    `address` is that of the back-up role; `app` the name of the role that the portal runs as.
    """
    made_at = datetime.now(UTC).strftime("%Y-%m-%dT%H%M%SZ")
    into.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=into, prefix=".new-") as scratch:
        fresh = Path(scratch) / made_at
        fresh.mkdir()
        backup, damaged = _fill(fresh, into / FILES, address)
        replace(backup, made_at=made_at, app=app).write(fresh)
        return fresh.rename(into / made_at), damaged


def _fill(fresh: Path, kept: Path, address: str) -> tuple[Backup, list[str]]:
    with psycopg.connect(address) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        held = census.taken(connection)
        (snapshot,) = connection.execute("SELECT pg_export_snapshot()").fetchone() or ("",)
        (owner,) = connection.execute(OWNER).fetchone() or ("",)
        named = [name for (name,) in connection.execute(NAMED).fetchall()]
        server = connection.info.server_version
        options = ("--format=custom", f"--snapshot={snapshot}", f"--file={fresh / DUMP}")
        programs.run("pg_dump", *options, "--lock-wait-timeout=30s", address=address, server=server)
    files = sorted({*named, *storing.stored()})
    damaged = storing.copy_out(files, kept)
    whole = [name for name in files if name not in set(damaged)]
    return Backup("", server, owner, "", storing.sha256(fresh / DUMP), held, whole), damaged
