"""A state of its own with one very large agency, which fills the tables of quarterly figures to the wanted size.

Teams and quarters are made by SQL; the state around them is one of the practice nation's. Every team has reported each
quarter but the last ended one, and that one is there for an import.
"""

import os
from datetime import UTC, datetime

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from psycopg.types.json import Jsonb

from agencies.models import State
from ips_portal.bench.site import CROWDED
from ips_portal.practice.nation import plant
from ips_portal.quarters import Quarter
from outcomes import publishing
from outcomes.in_force import policy_of

TEAMS = 3000  # as many rows has the file of P10
HISTORY = 5  # years that its teams worked before their first report
SUPERVISOR = """SELECT m.id, m.agency_id, m.state_id, m.person_id FROM agencies_membership m
    JOIN agencies_state s ON s.id = m.state_id
    WHERE s.slug = %s AND m.role = 'SU' AND m.ended_on IS NULL ORDER BY m.id LIMIT 1"""
TEAM_ROWS = """
    INSERT INTO agencies_team (state_id, agency_id, slug, name, stage, implementation_started_on)
    SELECT %(state)s, %(agency)s, 'crowd-' || n, 'Crowd ' || n, 'sustaining', %(began)s
    FROM generate_series(1, %(teams)s) n
"""
SEAT_ROWS = """
    INSERT INTO agencies_membershipteam (state_id, membership_id, team_id)
    SELECT state_id, %(membership)s, id FROM agencies_team WHERE state_id = %(state)s AND slug LIKE 'crowd-%%'
"""
REPORT_ROWS = """
    INSERT INTO outcomes_quarterlyreport (state_id, team_id, quarter, status, due_on, locks_on, percent, current,
        in_force, is_operating, is_late, open_warnings, submitted_at, submitted_by_id, begun_by_id, accepted_at,
        accepted_by_id, locked_at, returned, reopened_reason, version)
    SELECT %(state)s, team.id, day, CASE WHEN over THEN 'locked' ELSE 'expected' END, day + 120, day + 135,
        CASE WHEN over THEN 100 ELSE 0 END, over::int, CASE WHEN over THEN 1 END, true, false, 0,
        CASE WHEN over THEN day + 110 END, CASE WHEN over THEN %(person)s END, CASE WHEN over THEN %(person)s END,
        CASE WHEN over THEN day + 115 END, CASE WHEN over THEN %(person)s END, CASE WHEN over THEN day + 136 END,
        '{}', '', 3
    FROM agencies_team team
    CROSS JOIN LATERAL (
        SELECT (%(last)s::date - make_interval(months => 3 * back))::date AS day, back > 0 AS over
        FROM generate_series(0, %(quarters)s - 1) back
    ) quarters
    WHERE team.state_id = %(state)s AND team.slug LIKE 'crowd-%%'
    ORDER BY day, team.id
"""
FIGURE_ROWS = """
    INSERT INTO outcomes_revision (state_id, team_id, report_id, number, is_draft, is_operating, served, employed,
        in_school, in_education, job_starts, transitioned_working, transitioned_unemployed, specialist_fte, more,
        absent, explained, note, vacancy, definition, saved_at, version)
    SELECT report.state_id, report.team_id, report.id, 1, false, true, served, served * (38 + luck %% 9) / 100,
        served / 20, served / 9, served / 5, served / 16, served / 22, round(served / 15.0 * 4) / 4, '{}',
        '{}', '{}', '', '', %(definition)s, report.submitted_at, 2
    FROM outcomes_quarterlyreport report
    CROSS JOIN LATERAL (
        SELECT report.team_id %% 40 + 30 + (extract(epoch FROM report.quarter) / 86400)::int %% 5 AS served,
            (report.id * 7919) %% 97 AS luck
    ) drawn
    WHERE report.state_id = %(state)s AND report.status = 'locked'
        AND report.team_id IN (SELECT id FROM agencies_team WHERE slug LIKE 'crowd-%%')
"""


def main() -> None:
    """Runs in a process of its own, as the owner of the tables."""
    today = datetime.now(UTC).date()
    plant(states=1, teams=2, today=today, quarters=2, first=2, password=os.environ["PASSWORD"])
    state = State.objects.get(slug=CROWDED)
    last = Quarter.last_ended(state.today())
    quarters = max(1, round(int(os.environ["TEAM_QUARTERS"]) / TEAMS))
    with transaction.atomic(), connection.cursor() as cursor:
        fill(cursor, last, quarters, policy_of(state.pk, last).definition())
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    publishing.check(state)


def fill(cursor: CursorWrapper, last: Quarter, quarters: int, definition: dict[str, object]) -> None:
    """Planting is nobody's doing, so the triggers of the history are off."""
    cursor.execute("SET LOCAL app.history = 'off'")
    cursor.execute(SUPERVISOR, [CROWDED])
    membership, agency, state, person = cursor.fetchone()
    given = {"membership": membership, "agency": agency, "state": state, "person": person, "teams": TEAMS}
    began = (last - quarters - 4 * HISTORY).starts_on
    given |= {"began": began, "last": last.starts_on, "quarters": quarters, "definition": Jsonb(definition)}
    for rows in (TEAM_ROWS, SEAT_ROWS, REPORT_ROWS, FIGURE_ROWS):
        cursor.execute(rows, given)
