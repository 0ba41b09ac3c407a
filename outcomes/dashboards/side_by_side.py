"""The reports of all teams over some quarters with their figures in force: one query for all that compares teams.

Only the columns that such pages show are read, and every team once: rows of models cost more than the query.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import DEFAULT_DB_ALIAS
from django.db.models import F, FilteredRelation, Q, QuerySet

from agencies.models import Agency, Team
from ips_portal.quarters import Quarter
from outcomes.figures import Figures
from outcomes.models import FIGURES, QuarterlyReport, figures_of

# Each in the order of the model, in which `from_db` takes them.
REPORT: tuple[str, ...] = ("id", "state_id", "team_id", "quarter", "status", "due_on", "percent", "in_force")
REPORT += ("is_operating", "is_late", "open_warnings", "submitted_by_id")
TEAM_ID, QUARTER = REPORT.index("team_id"), REPORT.index("quarter")
TEAM = ("id", "agency_id", "slug", "name")
AGENCY = ("id", "name")
COUNTED = Q(revisions__number=F("in_force"), revisions__is_operating=True)


@dataclass(frozen=True)
class SideBySide:
    """By team and quarter; `reports` come with their team and its agency, `teams` are those of all quarters."""

    teams: Mapping[int, Team]
    reports: Mapping[tuple[int, Quarter], QuarterlyReport]
    figures: Mapping[tuple[int, Quarter], Figures]  # last accepted, of quarters in which the team operated


def side_by_side(
    reports: QuerySet[QuarterlyReport], quarters: Sequence[Quarter], *, newest_alone: bool = False
) -> SideBySide:
    """`reports` as far as the reader may see them, in their order; quarters oldest first.

    `newest_alone` leaves the reports of earlier quarters out, and keeps their figures.
    """
    rows = (
        reports.filter(quarter__range=(quarters[0].starts_on, quarters[-1].starts_on))
        .annotate(counted=FilteredRelation("revisions", condition=COUNTED))
        .values_list(
            *REPORT,
            *(f"team__{name}" for name in TEAM),
            *(f"team__agency__{name}" for name in AGENCY),
            "counted__number",
            *(f"counted__{name}" for name in FIGURES),
        )
    )
    teams: dict[int, Team] = {}
    found: dict[tuple[int, Quarter], QuarterlyReport] = {}
    figures: dict[tuple[int, Quarter], Figures] = {}
    for row in rows:
        team_id, quarter = row[TEAM_ID], row[QUARTER]
        rest = row[len(REPORT) :]
        if team_id not in teams:
            teams[team_id] = team_of(rest)
        if quarter == quarters[-1] or not newest_alone:
            report = QuarterlyReport.from_db(DEFAULT_DB_ALIAS, REPORT, row[: len(REPORT)])
            report.team = teams[team_id]
            found[team_id, quarter] = report
        number, *counted = rest[len(TEAM) + len(AGENCY) :]
        if number is not None:
            figures[team_id, quarter] = figures_of(counted)
    return SideBySide(teams, found, figures)


def team_of(values: Sequence[object]) -> Team:
    team = Team.from_db(DEFAULT_DB_ALIAS, TEAM, values[: len(TEAM)])
    team.agency = Agency.from_db(DEFAULT_DB_ALIAS, AGENCY, values[len(TEAM) : len(TEAM) + len(AGENCY)])
    return team
