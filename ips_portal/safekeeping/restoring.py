"""Puts a back-up into an empty database, and finds out whether it is the same."""

from pathlib import Path

import psycopg

from ips_portal.bootstrap.places import Problem
from ips_portal.safekeeping import census, programs, storing
from ips_portal.safekeeping.storing import DUMP, FILES, Backup

# Numbers of transactions count from the start in a new cluster, and the seal waits for higher ones to end. Rows that
# were not sealed yet belong to transactions that have ended: below zero they are sealed next, each still by its own.
SEALABLE = "UPDATE agencies_change SET transaction = -transaction WHERE seal IS NULL AND transaction > 0"


def restore_database(folder: Path, backup: Backup, *, address: str) -> list[str]:
    """Restores as the owner of the tables. Tells what differs from what was backed up: nothing, if all is well."""
    refuse_occupied(address)
    options = ("--exit-on-error", "--single-transaction", f"--dbname={database_of(address)}")
    programs.run("pg_restore", *options, str(folder / DUMP), address=address, server=backup.server)
    with psycopg.connect(address) as connection:
        different = census.differences(backup.census, census.taken(connection))
        if not different:
            different = census.broken_chains(connection)
            connection.execute(SEALABLE)
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("ANALYZE")
    return different


def refuse_occupied(address: str) -> None:
    with psycopg.connect(address) as connection:
        if tables := connection.execute(census.TABLES).fetchall():
            raise Problem(
                f"The database {connection.info.dbname} holds {len(tables)} tables already. A back-up is restored into "
                "an empty one, so that nothing is lost by mistake. Nothing was changed."
            )


def database_of(address: str) -> str:
    return str(psycopg.conninfo.conninfo_to_dict(address)["dbname"])


def restore_files(folder: Path, backup: Backup) -> list[str]:
    """Into the portal's own storage. Tells which copies are damaged; those are not restored."""
    kept = folder.parent / FILES
    damaged = storing.damaged_copies(backup.files, kept)
    storing.copy_in([name for name in backup.files if name not in set(damaged)], kept)
    return damaged
