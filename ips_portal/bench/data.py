"""Many reviews in one practice state: copies of its teams and of what was issued about them, written as plain SQL."""

from typing import Any

import psycopg
from psycopg import sql

STATE = "meridian"
Cursor = psycopg.Cursor[Any]


def fill(owner: str, reviews: int) -> int:
    """As many issued reviews in the state as asked for, or those it has already. How many there are now."""
    with psycopg.connect(owner) as connection, connection.cursor() as cursor:
        cursor.execute("SET LOCAL app.history = 'off'")
        wanted = reviews - _issued(cursor)
        if wanted > 0:
            _choose(cursor, wanted)
            _copy(cursor)
        found = _issued(cursor)
    with psycopg.connect(owner, autocommit=True) as connection:
        connection.execute("ANALYZE")
    return found


def _issued(cursor: Cursor) -> int:
    cursor.execute(
        "SELECT count(*) FROM fidelity_review r JOIN agencies_state s ON s.id = r.state_id"
        " WHERE s.slug = %s AND r.status = 'issued'",
        [STATE],
    )
    row = cursor.fetchone()
    return int(row[0]) if row else 0


def _choose(cursor: Cursor, wanted: int) -> None:
    """Which reviews are copied, round after round through the teams, and the keys of the copies."""
    cursor.execute(
        "CREATE TEMP TABLE copied_review ON COMMIT DROP AS"
        " SELECT r.id AS old, r.team_id AS team, turn, nextval(pg_get_serial_sequence('fidelity_review', 'id')) AS new"
        " FROM generate_series(1, %(wanted)s::int) turn CROSS JOIN LATERAL"
        " (SELECT r.id, r.team_id FROM fidelity_review r JOIN agencies_state s ON s.id = r.state_id"
        " WHERE s.slug = %(state)s AND r.status = 'issued' ORDER BY r.team_id, r.id) r"
        " ORDER BY turn, r.team_id, r.id LIMIT %(wanted)s",
        {"state": STATE, "wanted": wanted},
    )
    cursor.execute(
        "CREATE TEMP TABLE copied_team ON COMMIT DROP AS"
        " SELECT team AS old, turn, nextval(pg_get_serial_sequence('agencies_team', 'id')) AS new"
        " FROM (SELECT DISTINCT team, turn FROM copied_review) each"
    )
    cursor.execute(
        "ALTER TABLE copied_review ADD team_new bigint;"
        " UPDATE copied_review r SET team_new = t.new FROM copied_team t WHERE (t.old, t.turn) = (r.team, r.turn)"
    )
    for parts, table in (("copied_reviewer", "fidelity_reviewer"), ("copied_plan", "fidelity_actionplan")):
        cursor.execute(
            sql.SQL(
                "CREATE TEMP TABLE {} ON COMMIT DROP AS SELECT p.id AS old, r.new AS review, r.team_new,"
                " nextval(pg_get_serial_sequence({}, 'id')) AS new"
                " FROM {} p JOIN copied_review r ON r.old = p.review_id"
            ).format(sql.Identifier(parts), sql.Literal(table), sql.Identifier(table))
        )


def _copy(cursor: Cursor) -> None:
    _rows(
        cursor,
        "agencies_team",
        "copied_team c ON c.old = t.id",
        id="c.new",
        slug="t.slug || '-' || c.turn",
        name="t.name || '-' || c.turn",
    )
    _rows(
        cursor,
        "fidelity_review",
        "copied_review c ON c.old = t.id",
        id="c.new",
        team_id="c.team_new",
        public_id="gen_random_uuid()",
    )
    _rows(
        cursor,
        "fidelity_reviewer",
        "copied_reviewer c ON c.old = t.id",
        id="c.new",
        review_id="c.review",
        team_id="c.team_new",
    )
    _rows(cursor, "fidelity_rating", "copied_reviewer c ON c.old = t.reviewer_id", reviewer_id="c.new")
    for table in ("fidelity_reviewtext", "fidelity_itemreport", "fidelity_edition"):
        _rows(
            cursor, table, "copied_review c ON c.old = t.review_id", review_id="c.new", team_id="c.team_new"
        )
    _rows(
        cursor,
        "fidelity_actionplan",
        "copied_plan c ON c.old = t.id",
        id="c.new",
        review_id="c.review",
        team_id="c.team_new",
    )
    _rows(
        cursor,
        "fidelity_planrow",
        "copied_plan c ON c.old = t.plan_id",
        plan_id="c.new",
        team_id="c.team_new",
    )


def _rows(cursor: Cursor, table: str, join: str, **changed: str) -> None:
    """Copies rows with some columns computed; a key that is not given is drawn from its sequence."""
    cursor.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_schema = 'public' AND table_name = %s",
        [table],
    )
    changed = {"id": f"nextval(pg_get_serial_sequence('{table}', 'id'))", **changed}
    columns = [str(row[0]) for row in cursor.fetchall()]
    values = ", ".join(changed.get(column, f't."{column}"') for column in columns)
    names = ", ".join(f'"{column}"' for column in columns)
    # Names come from the catalogue and from this module alone.
    cursor.execute(
        f"INSERT INTO {table} ({names}) OVERRIDING SYSTEM VALUE SELECT {values} FROM {table} t JOIN {join}"  # noqa: S608
    )
