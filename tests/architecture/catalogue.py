"""Reads PostgreSQL's own catalogue and says what is missing on a tenant table. Used on the schema and on plants."""

import re
from typing import Any

import psycopg

# Tables that stand outside row-level security on purpose (decisions: identity, and Django's own).
OUTSIDE = {"agencies_state", "agencies_person"}
# Tables with a state, but without a history of their own: the history itself, and shipped scales without a state.
WITHOUT_HISTORY = {"agencies_change", "agencies_seal", "fidelity_scaleversion"}
DEFINER_FUNCTIONS = {
    "agencies_actors",
    "agencies_broken_seal",
    "agencies_invitation_by_hash",
    "agencies_record_change",
    "agencies_seal_changes",
    "agencies_seal_hash",
    "agencies_states_of",
    "agencies_token_by_hash",
    "notices_due",
    "reports_due",
}

Connection = psycopg.Connection[Any]

# A bare name in a sub-select is that of its own table where both have it, and the condition is always true.
SAME = re.compile(r"(\b\w+\.\w+\b) = \1\b")


def tenant_tables(connection: Connection) -> list[str]:
    rows = connection.execute(
        "SELECT table_name FROM information_schema.columns WHERE table_schema = 'public' AND column_name = 'state_id'"
    )
    return sorted({name for (name,) in rows} - OUTSIDE)


def faults(connection: Connection, table: str) -> list[str]:
    """What a tenant table lacks, in words; empty when it is enclosed."""
    found = [
        *missing_wall(connection, table),
        *plain_keys(connection, table),
        *loose_teams(connection, table),
        *global_uniques(connection, table),
    ]
    if table not in WITHOUT_HISTORY:
        found += missing_history(connection, table)
    return [f"{table}: {fault}" for fault in found]


def missing_wall(connection: Connection, table: str) -> list[str]:
    enabled, forced = connection.execute(
        "SELECT relrowsecurity, relforcerowsecurity FROM pg_class WHERE oid = %s::regclass", [table]
    ).fetchone() or (False, False)
    rules = connection.execute(
        "SELECT coalesce(qual, with_check) FROM pg_policies p JOIN pg_tables t USING (tablename)"
        " WHERE tablename = %s AND NOT p.roles @> ARRAY[t.tableowner]",
        [table],
    ).fetchall()
    return (
        ([] if enabled else ["row-level security is off"])
        + ([] if forced else ["row-level security is not forced on the owner"])
        + ([] if rules else ["no policy for the app role"])
        + [f"a policy lets everything through: {rule}" for (rule,) in rules if rule == "true"]
        + ["a policy is lenient without a context" for (rule,) in rules if ", true)" in rule]
        + [f"a policy compares {same} with itself" for (rule,) in rules for same in SAME.findall(rule)]
    )


def plain_keys(connection: Connection, table: str) -> list[str]:
    """Columns that point at a tenant table, but not together with the state."""
    rows = connection.execute(
        """
        SELECT a.attname FROM pg_attribute a
        WHERE a.attrelid = %s::regclass AND a.attnum > 0 AND a.attname LIKE '%%\\_id' AND a.attname NOT IN
            ('state_id', 'person_id', 'row_id', 'subject_id', 'public_id', 'membership_id')
          AND NOT EXISTS (
            SELECT 1 FROM pg_constraint c WHERE c.conrelid = a.attrelid AND c.contype = 'f'
              AND a.attnum = ANY (c.conkey)
              AND (cardinality(c.conkey) >= 2 OR c.confrelid::regclass::text IN
                   ('agencies_person', 'agencies_state', 'fidelity_scaleversion')))
        """,
        [table],
    )
    return [f"{column} is not checked together with state_id" for (column,) in rows]


def loose_teams(connection: Connection, table: str) -> list[str]:
    """Keys between two tables that both name a team, but not the same one. Where a row may name none, a second key
    that holds the state alone stands beside the one that holds both."""
    rows = connection.execute(
        """
        SELECT c.conname FROM pg_constraint c
        JOIN pg_attribute own ON own.attrelid = c.conrelid AND own.attname = 'team_id'
        JOIN pg_attribute its ON its.attrelid = c.confrelid AND its.attname = 'team_id'
        WHERE c.conrelid = %s::regclass AND c.contype = 'f' AND NOT own.attnum = ANY (c.conkey)
          AND (own.attnotnull OR NOT EXISTS (
            SELECT 1 FROM pg_constraint twin WHERE twin.conrelid = c.conrelid AND twin.contype = 'f'
              AND twin.confrelid = c.confrelid AND twin.conkey @> (c.conkey || own.attnum)))
        """,
        [table],
    )
    return [f"{name} lets a row name the record of another team" for (name,) in rows]


def global_uniques(connection: Connection, table: str) -> list[str]:
    """Unique over everything tells one state what another has. A key that starts from an enclosed id is safe."""
    rows = connection.execute(
        """
        SELECT i.indexrelid::regclass::text FROM pg_index i
        WHERE i.indrelid = %s::regclass AND i.indisunique AND NOT i.indisprimary
          AND NOT EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = i.indrelid
                          AND a.attnum = ANY (i.indkey::int2[]) AND a.attname LIKE '%%\\_id')
        """,
        [table],
    )
    allowed = {"agencies_invitation_token_sha256_key"}  # 256 random bits: nobody finds one by trying
    return [f"{name} is unique across states" for (name,) in rows if name not in allowed]


def missing_history(connection: Connection, table: str) -> list[str]:
    rows = connection.execute(
        "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal", [table]
    )
    present = {name for (name,) in rows}
    wanted = {"history_insert", "history_update", "history_delete"}
    return [f"trigger {name} is missing" for name in sorted(wanted - present)]
