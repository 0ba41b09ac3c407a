"""Accepted figures -> what is shown of a whole state. Derived, so it may be run twice and made anew at any time.

The rates of the one changed quarter are worked out in the transaction that accepts a report: whoever reads after it
sees them. Source: performance reference P7; domain reference 3.4.
"""

import logging
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from agencies import tenancy
from agencies.models import State
from ips_portal.quarters import Quarter
from outcomes import goals
from outcomes.in_force import policy_of
from outcomes.models import QuarterlyReport, SharedRate, StateRate
from outcomes.suppression.rules import rules_of

log = logging.getLogger(__name__)

# What is divided by what, team by team. A team that did not collect one of the two is left out of both.
PAIRS = """
    SELECT report.quarter, pair.measure, pair.above, pair.below, team.agency_id,
        sum(pair.below) OVER (PARTITION BY report.quarter, pair.measure, team.agency_id) AS of_agency
    FROM outcomes_quarterlyreport report
    JOIN agencies_team team ON team.id = report.team_id
    JOIN outcomes_revision figures ON figures.report_id = report.id AND figures.number = report.in_force
    CROSS JOIN LATERAL (VALUES
        ('employment', figures.employed::numeric, figures.served::numeric),
        ('education', figures.in_education, figures.served),
        ('job_starts_per_fte', figures.job_starts, figures.specialist_fte),
        ('end_caseload_per_fte',
         figures.served - figures.transitioned_working - figures.transitioned_unemployed, figures.specialist_fte),
        ('transition', figures.transitioned_working + figures.transitioned_unemployed, figures.served),
        ('working_transitions', figures.transitioned_working,
         figures.transitioned_working + figures.transitioned_unemployed)
    ) AS pair (measure, above, below)
    WHERE report.state_id = %(state)s AND report.quarter = ANY(%(quarters)s) AND figures.is_operating
        AND pair.above IS NOT NULL AND pair.below > 0
"""
RATES = f"""
    SELECT %(state)s AS state_id, quarter, measure, sum(above) AS numerator, sum(below) AS denominator,
        round(avg(above / below), 6) AS mean,
        round((percentile_cont(0.25) WITHIN GROUP (ORDER BY above / below))::numeric, 6) AS lower_quartile,
        round((percentile_cont(0.5) WITHIN GROUP (ORDER BY above / below))::numeric, 6) AS median,
        round((percentile_cont(0.75) WITHIN GROUP (ORDER BY above / below))::numeric, 6) AS upper_quartile,
        count(*) AS teams, count(DISTINCT agency_id) AS agencies,
        round(max(of_agency) / sum(below), 4) AS largest_share
    FROM ({PAIRS}) pairs GROUP BY quarter, measure
"""  # noqa: S608  # of constants alone
COLUMNS = (
    "state_id, quarter, measure, numerator, denominator, mean, lower_quartile, median, upper_quartile, teams, "
    "agencies, largest_share"
)
# Of one quarter by name: the server keeps its plans (settings), and that for a list of quarters reads for many.
STORE = f"INSERT INTO outcomes_staterate ({COLUMNS}) {RATES}".replace("= ANY(%(quarters)s)", "= %(quarter)s")
COMPARE = f"""
    SELECT quarter, measure FROM (
        (SELECT {COLUMNS} FROM outcomes_staterate WHERE state_id = %(state)s AND quarter = ANY(%(quarters)s)
         EXCEPT {RATES})
        UNION ALL
        ({RATES} EXCEPT
         SELECT {COLUMNS} FROM outcomes_staterate WHERE state_id = %(state)s AND quarter = ANY(%(quarters)s))
    ) different GROUP BY quarter, measure ORDER BY quarter, measure
"""  # noqa: S608  # of constants alone
# What may be told of a state to people who know the figures of one agency. Only with a publication, and unchanged until
# the next one: whoever watches a rate move with each report, or with a correction, learns that report's figures.
# A circle that shares in full takes its own figures from the state's and finds whoever stays out: its quarters have a
# rate only where nobody with figures stays out.
# Source: trust reference 2.4, T-stakeholder and T-peer-exact.
SHARE = """
    INSERT INTO outcomes_sharedrate (state_id, quarter, measure, value)
    SELECT state_id, quarter, measure,
        round(numerator / denominator, CASE WHEN measure = ANY(%(shares)s) THEN 2 ELSE 1 END)
    FROM outcomes_staterate
    WHERE state_id = %(state)s AND quarter = ANY(%(quarters)s) AND measure = ANY(%(measures)s)
        AND agencies >= %(agencies)s AND 100 * largest_share <= %(largest)s AND numerator >= %(threshold)s
        AND (measure <> ALL(%(shares)s) OR denominator - numerator >= %(threshold)s)
        AND NOT EXISTS (
            SELECT 1 FROM outcomes_publication told
            JOIN outcomes_quarterlyreport report ON report.state_id = told.state_id AND report.quarter = told.quarter
            JOIN agencies_team team ON team.id = report.team_id
            WHERE told.state_id = outcomes_staterate.state_id AND told.quarter = outcomes_staterate.quarter
                AND told.circle <> '{}' AND report.in_force IS NOT NULL AND team.agency_id <> ALL (told.circle)
        )
"""


@dataclass(frozen=True)
class Difference:
    quarter: Quarter
    measure: str


def hold(state_id: int, quarter: Quarter) -> None:
    """One at a time changes what is in force in a quarter; held to the end of the transaction, before any row is."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s::int, %s::int)", [state_id, quarter.index])


def refresh(state_id: int, quarter: Quarter) -> None:
    """Works the rates of one quarter out anew, under whoever changes a figure in force."""
    StateRate.objects.in_state(state_id).filter(quarter=quarter).delete()
    with connection.cursor() as cursor:
        cursor.execute(STORE, {"state": state_id, "quarter": quarter.starts_on})


def share(state_id: int, quarter: Quarter) -> None:
    """Tells the rounded rates of a quarter as it stands now, together with its publication."""
    unshare(state_id, quarter)
    refresh(state_id, quarter)
    sharing = policy_of(state_id, quarter).sharing
    rules = rules_of(sharing)
    told = {
        "measures": list(goals.MEASURES) if sharing.stakeholders else [],
        "shares": list(goals.SHARES),
        "agencies": rules.fewest_agencies,
        "largest": rules.largest_share,
        "threshold": rules.stakeholder_threshold,
    }
    with connection.cursor() as cursor:
        cursor.execute(SHARE, _of(state_id, [quarter]) | told)


def unshare(state_id: int, quarter: Quarter) -> None:
    SharedRate.objects.in_state(state_id).filter(quarter=quarter).delete()


@transaction.atomic(savepoint=False)
def check(state: State) -> list[Difference]:
    """What the nightly check finds: rates that are not what the figures in force give. They are mended at once."""
    with tenancy.as_system(state.pk):
        quarters = list(
            QuarterlyReport.objects.in_state(state.pk)
            .exclude(in_force=None)
            .order_by()
            .values_list("quarter", flat=True)
            .distinct()
        )
        with connection.cursor() as cursor:
            cursor.execute(COMPARE, _of(state.pk, quarters))
            found = [Difference(Quarter.of(day), measure) for day, measure in cursor.fetchall()]
        for quarter in sorted({difference.quarter for difference in found}):
            hold(state.pk, quarter)
            refresh(state.pk, quarter)
    return found


def check_all() -> None:
    """Each night: are the states' rates still what the figures in force give?"""
    for state in State.objects.all():
        for found in check(state):
            log.error("%s: %s of %s was not what the figures give", state.slug, found.measure, found.quarter)


def _of(state_id: int, quarters: list[Quarter]) -> dict[str, Any]:
    return {"state": state_id, "quarters": [quarter.starts_on for quarter in quarters]}
