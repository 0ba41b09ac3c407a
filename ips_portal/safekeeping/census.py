"""What a database holds, in lines that can be compared: rows by their hashes, and every rule that guards them."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

Census = dict[str, str]
Connection = psycopg.Connection[Any]

# The text of a row must not depend on who asks.
PLAIN = "SET LOCAL TimeZone = 'UTC'; SET LOCAL DateStyle = 'ISO'; SET LOCAL IntervalStyle = 'postgres'"
ROWS = "SELECT count(*), md5(string_agg(md5(t::text), '' ORDER BY md5(t::text))) FROM {} AS t"
TABLES = (
    "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace"
    " ORDER BY relname"
)


@cache
def rules() -> dict[str, str]:
    """Kind -> the question for all rules of that kind."""
    text = Path(__file__).with_name("census.sql").read_text(encoding="utf-8")
    parts = text.split("-- kind: ")[1:]
    return {kind: question for kind, _, question in (part.partition("\n") for part in parts)}


class Blind(Exception):
    """Whoever counts is bound by row-level security, or may not read: it would count nothing and call it all."""


def refuse_blind(connection: Connection) -> None:
    row = connection.execute(
        "SELECT rolname, rolsuper OR rolbypassrls, rolsuper OR pg_has_role(current_user, 'pg_read_all_data', 'usage')"
        " OR pg_has_role(current_user, nspowner, 'usage') FROM pg_roles, pg_namespace"
        " WHERE rolname = current_user AND nspname = 'public'"
    ).fetchone()
    name, unbound, reads = row or ("", False, False)
    if not unbound or not reads:
        raise Blind(
            f"The role {name} does not see every row (it needs BYPASSRLS and pg_read_all_data), so its back-up would "
            "be empty without saying so. Set BACKUP_DATABASE_URL to the back-up role of docs/roles.sql."
        )


def taken(connection: Connection) -> Census:
    """Inside the caller's transaction, so that it tells of the caller's snapshot."""
    refuse_blind(connection)
    connection.execute(PLAIN)
    return dict(_lines(connection))


def _lines(connection: Connection) -> Iterator[tuple[str, str]]:
    for (table,) in connection.execute(TABLES).fetchall():
        count, digest = connection.execute(sql.SQL(ROWS).format(sql.Identifier(table))).fetchone() or (0, "")
        yield f"rows of {table}", f"{count} rows, {digest or 'none'}"
    for kind, question in rules().items():
        for name, text in connection.execute(sql.SQL(question)).fetchall():
            yield f"{kind} {name}", settled(str(text))


def settled(rule: str) -> str:
    """PostgreSQL spells a list of words in another way once it was restored: the cast moves from list to word."""
    rule = re.sub(r"\((ARRAY\[[^\[\]]*\])\)::text\[\]", r"\1", rule)
    return re.sub(r"\(('[^']*'::character varying)\)::text", r"\1", rule)


def differences(wanted: Census, found: Census) -> list[str]:
    """In words; nothing when both are the same."""
    told = []
    for name in sorted(wanted.keys() | found.keys()):
        before, after = wanted.get(name, "not there"), found.get(name, "not there")
        if before != after:
            told.append(f"{name}: was {_short(before)}, is {_short(after)}")
    return told


def _short(text: str) -> str:
    return text if len(text) < 160 else f"{text[:150]} ..."


def broken_chains(connection: Connection) -> list[str]:
    """Asked by the owner or a superuser."""
    rows = connection.execute(
        "SELECT slug, agencies_broken_seal(id) FROM agencies_state ORDER BY slug"
    ).fetchall()
    return [f"history of {slug}: link {number} is broken" for slug, number in rows if number is not None]
