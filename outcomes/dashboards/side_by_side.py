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
TEAM = ("id", "agency_id", "slug", "name")
AGENCY = ("id", "name")
COUNTED = Q(revisions__number=F("in_force"), revisions__is_operating=True)


@dataclass(frozen=True)
class SideBySide:
    """By team and quarter; `reports` come with their team and its agency."""

    reports: Mapping[tuple[int, Quarter], QuarterlyReport]
    figures: Mapping[tuple[int, Quarter], Figures]  # last accepted, of quarters in which the team operated


def side_by_side(reports: QuerySet[QuarterlyReport], quarters: Sequence[Quarter]) -> SideBySide:
    """`reports` as far as the reader may see them, in their order; quarters oldest first."""
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
        report = QuarterlyReport.from_db(DEFAULT_DB_ALIAS, REPORT, row[: len(REPORT)])
        rest = row[len(REPORT) :]
        if report.team_id not in teams:
            teams[report.team_id] = team_of(rest)
        report.team = teams[report.team_id]
        found[report.team_id, report.quarter] = report
        number, *counted = rest[len(TEAM) + len(AGENCY) :]
        if number is not None:
            figures[report.team_id, report.quarter] = figures_of(counted)
    return SideBySide(found, figures)


def team_of(values: Sequence[object]) -> Team:
    team = Team.from_db(DEFAULT_DB_ALIAS, TEAM, values[: len(TEAM)])
    team.agency = Agency.from_db(DEFAULT_DB_ALIAS, AGENCY, values[len(TEAM) : len(TEAM) + len(AGENCY)])
    return team
