"""PostgreSQL's own programs, of the server's major version or a newer one."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict

from ips_portal.bootstrap.places import Problem
from ips_portal.embedded.postgres import installation

DEBIANS = Path("/usr/lib/postgresql")
NAMES = {
    "host": "PGHOST",
    "port": "PGPORT",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "dbname": "PGDATABASE",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
}


def run(name: str, *arguments: str, address: str, server: int) -> None:
    """The address goes by the environment: arguments can be read by everybody on the machine."""
    given = conninfo_to_dict(address)
    secret = {theirs: str(given[ours]) for ours, theirs in NAMES.items() if given.get(ours)}
    env = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8", **secret}
    command = [find(name, server), *arguments]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode != 0:
        raise Problem(f"{name} failed. It said:\n{done.stderr.strip()[-2000:]}")


def find(name: str, server: int) -> str:
    """`server` is a version number as PostgreSQL counts, such as 180006."""
    for program in _candidates(name):
        asked = [str(program), "--version"]
        said = subprocess.run(asked, capture_output=True, text=True, check=False).stdout  # noqa: S603
        version = re.search(r"(\d+)(?:\.\d+)?", said)
        if version and int(version[1]) >= server // 10_000:
            return str(program)
    raise Problem(
        f"No {name} of PostgreSQL {server // 10_000} or newer was found. Install postgresql-client-{server // 10_000}."
    )


def _candidates(name: str) -> Iterator[Path]:
    if on_path := shutil.which(name):
        yield Path(on_path)
    yield from sorted(DEBIANS.glob(f"*/bin/{name}"), reverse=True)
    with suppress(Problem):
        yield installation() / "bin" / name
