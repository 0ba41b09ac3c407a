"""Pages of a state read its quarters by an index, however many rows the tables of figures hold.

Source: performance reference, how cost should grow: no sequential scan of the outcome table.
"""

from typing import Any

import psycopg
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from psycopg.types.json import Jsonb

from ips_portal.bench.crowd import FIGURE_ROWS, REPORT_ROWS, TEAM_ROWS
from outcomes.in_force import policy_of
from tests.cast import StateCast, make_cast
from tests.outcomes import quarters

TABLES = ("outcomes_quarterlyreport", "outcomes_revision")
PATHS = ("/meridian/", "/meridian/outcomes/comparison/", "/meridian/outcomes/quarter.csv")


@pytest.fixture
def crowded(transactional_db: None, owner_connection: psycopg.Connection[Any]) -> StateCast:
    """A state among 24,000 quarters of teams, most of them another's."""
    cast = make_cast()
    for state, teams in ((cast.bayou, 1000), (cast.meridian, 200)):
        fill(owner_connection, state, teams)
    owner_connection.execute("ANALYZE")
    return cast.meridian


def fill(owner: psycopg.Connection[Any], cast: StateCast, teams: int) -> None:
    last, seat = quarters.last_quarter(cast), cast.teams["north_one"]
    with cast.entered("admin"):
        definition = policy_of(cast.state.pk, last).definition()
    given = {
        "state": cast.state.pk,
        "agency": seat.agency_id,
        "person": cast.people["supervisor"].pk,
        "teams": teams,
        "quarters": 20,
        "last": last.starts_on,
        "began": (last - 40).starts_on,
        "definition": Jsonb(definition),
    }
    with owner.transaction():
        owner.execute("SET LOCAL app.history = 'off'")
        for rows in (TEAM_ROWS, REPORT_ROWS, FIGURE_ROWS):
            owner.execute(rows, given)


def test_no_page_scans_all_quarters_of_all_teams(crowded: StateCast) -> None:
    leads, plans = crowded.seen_by("vr_liaison"), []
    for path in PATHS:
        with CaptureQueriesContext(connection) as found:
            assert leads.get(path).status_code == 200
        asked = [each["sql"] for each in found if any(f'FROM "{table}"' in each["sql"] for table in TABLES)]
        assert asked, path
        plans += [plan(crowded, sql) for sql in asked]
    assert any("Index" in each for each in plans)
    assert [each for each in plans if any(f"Seq Scan on {table}" in each for table in TABLES)] == []


def plan(cast: StateCast, sql: str) -> str:
    with cast.entered("vr_liaison"), connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {sql}")
        return "\n".join(line for (line,) in cursor.fetchall())
