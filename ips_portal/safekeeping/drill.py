"""The proof of a back-up: restored into an empty cluster of its own, compared line by line, and thrown away.

It also proves that it can see: one row changed by one unit must be found.
"""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from ips_portal.embedded import servers
from ips_portal.embedded.postgres import Postgres, account_for, reachable_home
from ips_portal.embedded.roles import Role, Roles
from ips_portal.safekeeping import census, restoring, storing
from ips_portal.safekeeping.storing import FILES

Say = Callable[[str], None]
DATABASE = "ips_drill"
ONE_UNIT = "UPDATE agencies_state SET name = name || '.' WHERE id = (SELECT min(id) FROM agencies_state)"


class Red(Exception):
    """The back-up is not what was backed up; the text says where."""


def drill(folder: Path, say: Say) -> None:
    """Raises Red, Problem."""
    backup = storing.read(folder)
    say(f"Back-up of {backup.made_at}: {len(backup.census)} lines of census, {len(backup.files)} files")
    with _empty_cluster() as admin:
        passwords = servers.Secrets()
        wanted = Roles(Role(backup.owner, passwords.owner), Role(backup.app, passwords.app))
        address = servers.made_database(admin, DATABASE, wanted).owner
        _refuse("The restored database differs", restoring.restore_database(folder, backup, address=address))
        say("Restored into an empty cluster: rows, rules, sequences and the chains of history are the same")
        _refuse("Files are damaged", storing.damaged_copies(backup.files, folder.parent / FILES))
        say("Every file holds what its name says")
        _refuse("History does not go on", _history_goes_on(address))
        say("The chains of history go on where they ended")
        _see_one_change(address)
        say("One row changed by one unit was found, so the comparison can see")


def _refuse(title: str, faults: list[str]) -> None:
    if faults:
        more = [f"... and {len(faults) - 20} more"] if len(faults) > 20 else []
        raise Red("\n  ".join([f"{title}:", *faults[:20], *more]))


def _history_goes_on(address: str) -> list[str]:
    """What no seal covered yet is sealed here, though this cluster's transactions count from the start."""
    with psycopg.connect(address) as connection:
        connection.execute("SELECT agencies_seal_changes(id) FROM agencies_state")
        (left,) = connection.execute(
            "SELECT count(*) FROM agencies_change WHERE seal IS NULL"
        ).fetchone() or (0,)
        broken = census.broken_chains(connection)
    return [*broken, *([f"{left} changes can never be sealed"] if left else [])]


def _see_one_change(address: str) -> None:
    with psycopg.connect(address) as connection:
        before = census.taken(connection)
        changed = connection.execute(ONE_UNIT).rowcount
        found = census.differences(before, census.taken(connection))
        connection.rollback()
    if changed != 1:
        raise Red(
            "The back-up holds no state at all: it was made of an empty database, or by a role that saw none."
        )
    if not any(line.startswith("rows of agencies_state:") for line in found):
        raise Red("A changed row was not found: the comparison is blind.")


@contextmanager
def _empty_cluster() -> Iterator[str]:
    """The address of a superuser on a new server that ends with the drill."""
    with tempfile.TemporaryDirectory(prefix="ips-drill-") as scratch:
        home = reachable_home(Path(scratch), account_for(Path(scratch) / "none"))
        server = Postgres(home, servers.Secrets().superuser, durable=False)
        try:
            server.start()
            yield server.url("postgres")
        finally:
            server.stop()
