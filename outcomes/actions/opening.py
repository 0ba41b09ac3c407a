"""Which teams are expected to report a quarter: settled once it opens, so that completeness has a fixed whole."""

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any

from django.db import connection, transaction

from agencies import tenancy
from agencies.models import State, Team
from agencies.permissions import Actor, Resource, require
from ips_portal.quarters import Quarter
from outcomes.expecting import ran
from outcomes.in_force import policy_of
from outcomes.models import QuarterlyReport, StateQuarter

# As the model begins a report; thousands of rows at once are no objects first.
REPORTS = """
    INSERT INTO outcomes_quarterlyreport (
        state_id, team_id, quarter, due_on, locks_on, status, percent, current, is_operating, is_late,
        open_warnings, returned, reopened_reason, version
    )
    SELECT %(state)s, team_id, quarter, %(due)s, %(locks)s, 'expected', 0, 0, true, false, 0, '{}', '', 1
    FROM unnest(%(teams)s::bigint[], %(quarters)s::date[]) AS wanted (team_id, quarter)
    ON CONFLICT DO NOTHING
"""


@transaction.atomic(savepoint=False)
def open_quarter(state: State, quarter: Quarter) -> int:
    """A row for the state and one for each team that was open; returns how many teams are new. Safe to run twice.

    A team that begins or ends within the quarter is expected too. Once the quarter has ended nobody joins the set.
    """
    with tenancy.as_system(state.pk):
        policy = policy_of(state.pk, quarter)
        wanted = expected_teams(state, quarter)
        StateQuarter.objects.get_or_create(state=state, quarter=quarter)  # type: ignore[misc]  # as below
        rows = QuarterlyReport.objects.bulk_create(
            (
                QuarterlyReport(
                    state=state,
                    team=team,
                    quarter=quarter,  # type: ignore[misc]  # the column takes the value itself
                    due_on=policy.due_on(quarter),
                    locks_on=policy.locks_on(quarter),
                )
                for team in wanted
            ),
        )
    return len(rows)


def open_past(state: State, wanted: Collection[tuple[int, Quarter]], *, by: Actor) -> None:
    """Reports of single teams for quarters from before the portal, so that their history can be entered.

    They are due as if the quarter had ended today: history that arrives is neither overdue nor late.
    """
    rows = Team.objects.visible_to(by).filter(pk__in={team for team, _ in wanted})
    teams = {team.pk: team for team in rows.prefetch_related("partners")}
    for team in teams.values():
        require(by, "create", Resource.OUTCOME_DRAFT, team.place)
    today = state.today()
    policy = policy_of(state.pk, Quarter.of(today))
    with tenancy.as_system(state.pk, by.person_id):
        StateQuarter.objects.bulk_create(
            (
                StateQuarter(state=state, quarter=quarter)  # type: ignore[misc]  # as above
                for quarter in {quarter for _, quarter in wanted}
            ),
            ignore_conflicts=True,
        )
        given: dict[str, Any] = {
            "state": state.pk,
            "due": today + timedelta(days=policy.due_days),
            "locks": today + timedelta(days=policy.lock_days),
            "teams": [teams[team].pk for team, _ in wanted],
            "quarters": [quarter.starts_on for _, quarter in wanted],
        }
        with connection.cursor() as cursor:
            cursor.execute(REPORTS, given)


def expected_teams(state: State, quarter: Quarter) -> list[Team]:
    """Teams that served people in the quarter, or could have, and have no row yet.

    Source: domain reference 3.3, V10; government peers, completeness.
    """
    rows = QuarterlyReport.objects.in_state(state.pk).of_quarter(quarter)
    missing = Team.objects.in_state(state.pk).exclude(pk__in=rows.values("team_id"))
    return [team for team in missing if ran(quarter, team.implementation_started_on, team.ended_on)]


def open_due(state: State, today: date) -> int:
    """What the timetable does each day: the quarter that has just ended, and the running one in its last month."""
    now = Quarter.of(today)
    rows = QuarterlyReport.objects.in_state(state.pk)
    with tenancy.as_system(state.pk):
        settled = rows.of_quarter(now - 1).exists()
    made = 0 if settled else open_quarter(state, now - 1)
    return made + (open_quarter(state, now) if now.is_open(today) else 0)
