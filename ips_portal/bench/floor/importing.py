"""One quarter of many teams: the file copied to a table, checked by SQL and put in by one statement.

And rows of history copied into a table with the indexes of ours, which is the most that any import could do.
"""

import time

from psycopg import Connection
from psycopg.types.json import Jsonb

STAGED = """CREATE TEMPORARY TABLE staged (team text, quarter text, served int, employed int, job_starts int,
    in_school int, in_education int, transitioned_working int, transitioned_unemployed int,
    specialist_fte numeric(5, 2)) ON COMMIT DROP"""
COPY = "COPY staged FROM STDIN (FORMAT csv, HEADER)"
MATCHED = """CREATE TEMPORARY TABLE matched ON COMMIT DROP AS
    SELECT staged.*, report.id AS report_id, report.team_id, report.state_id FROM staged
    JOIN agencies_team team ON team.name = staged.team AND team.state_id = %(state)s
    JOIN outcomes_quarterlyreport report ON report.team_id = team.id AND report.quarter = %(quarter)s"""
CHECKS = """SELECT count(*) FROM matched
    LEFT JOIN LATERAL (
        SELECT figures.served FROM outcomes_quarterlyreport before
        JOIN outcomes_revision figures ON figures.report_id = before.id AND figures.number = before.in_force
        WHERE before.team_id = matched.team_id AND before.quarter = %(quarter)s::date - interval '3 months'
    ) earlier ON true
    WHERE matched.served > 9999 OR employed > matched.served OR in_education > matched.served
        OR in_school > in_education OR transitioned_working > employed OR specialist_fte > 100
        OR (matched.served > 0 AND specialist_fte = 0)
        OR abs(matched.served - earlier.served) > greatest(10, earlier.served / 4)"""
FIGURES = """INSERT INTO outcomes_revision (state_id, team_id, report_id, number, is_draft, is_operating, served,
        employed, in_school, in_education, job_starts, transitioned_working, transitioned_unemployed, specialist_fte,
        more, absent, explained, note, vacancy, definition, saved_at, version)
    SELECT state_id, team_id, report_id, 1, true, true, served, employed, in_school, in_education, job_starts,
        transitioned_working, transitioned_unemployed, specialist_fte, '{}', '{}', '{}', '', '', '{}', now(), 1
    FROM matched ON CONFLICT (report_id, number) DO UPDATE SET served = excluded.served"""
REPORTS = """UPDATE outcomes_quarterlyreport report SET status = 'draft', current = 1, percent = 100
    FROM matched WHERE report.id = matched.report_id"""


def put_in(connection: Connection, content: bytes, given: dict[str, object]) -> None:
    """Within the caller's transaction, and without the history."""
    connection.execute("SET LOCAL app.history = 'off'")
    connection.execute(STAGED)
    with connection.cursor().copy(COPY) as copy:
        copy.write(content)
    connection.execute(MATCHED, given)
    connection.execute(CHECKS, given).fetchall()
    connection.execute(FIGURES)
    connection.execute(REPORTS)


def copied(connection: Connection, rows: int) -> float:
    """How many rows a second go into an empty table with our indexes. The transaction is the caller's."""
    connection.execute("CREATE TEMPORARY TABLE past (LIKE outcomes_revision INCLUDING ALL) ON COMMIT DROP")
    given = connection.execute(
        "SELECT served, employed, in_school, in_education, job_starts, transitioned_working, transitioned_unemployed,"
        " specialist_fte, more, absent, explained, note, vacancy, definition, saved_at, version, state_id, team_id"
        " FROM outcomes_revision WHERE in_school IS NOT NULL LIMIT 1"
    ).fetchone()
    started = time.perf_counter()
    with connection.cursor().copy(
        "COPY past (id, report_id, number, is_draft, is_operating, served, employed, in_school, in_education,"
        " job_starts, transitioned_working, transitioned_unemployed, specialist_fte, more, absent, explained, note,"
        " vacancy, definition, saved_at, version, state_id, team_id) FROM STDIN"
    ) as copy:
        line = [Jsonb(value) if isinstance(value, dict) else value for value in given or ()]
        for number in range(rows):
            copy.write_row((number, number, 1, False, True, *line))
    return rows / (time.perf_counter() - started)
