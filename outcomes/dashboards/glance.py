"""The teams of a state at a glance, one row for each: its newest report, and what its earlier quarters gave.

Of the newest report all is read that a page compares or flags; of the earlier quarters what makes the employment rate.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any, NamedTuple

from django.contrib.postgres.aggregates import JSONBAgg
from django.db.models import FilteredRelation, Window
from django.db.models.functions import JSONObject

from agencies.models import Team
from agencies.permissions import Actor
from ips_portal.quarters import Quarter
from outcomes.dashboards.side_by_side import COUNTED
from outcomes.figures import Figure, Figures
from outcomes.models import CORE, QuarterlyReport, given, number, overdue

VACANT = "vacant_fte"
KEPT = tuple(key for key in CORE if key not in ("in_school", "in_education"))
ASKED: tuple[str, ...] = (*KEPT, f"more__{VACANT}", "note", "vacancy")
PAST = ("served", "employed")


class AgencySeen(NamedTuple):
    pk: int
    name: str


class TeamSeen(NamedTuple):
    pk: int
    slug: str
    name: str
    agency: AgencySeen

    @property
    def agency_id(self) -> int:
        return self.agency.pk


class ReportSeen(NamedTuple):
    """The columns of a report that are looked at: of hundreds no record is built."""

    team_id: int
    quarter: Quarter
    status: str
    due_on: date
    percent: int
    is_operating: bool
    is_late: bool
    open_warnings: int
    submitted_by_id: int | None

    def is_overdue(self, today: date) -> bool:
        return overdue(self.status, self.due_on, today)


AnyTeam = Team | TeamSeen
AnyReport = QuarterlyReport | ReportSeen
PLACE = ("team__slug", "team__name", "team__agency_id", "team__agency__name")
WIDTH = len(ReportSeen._fields)


@dataclass(frozen=True)
class Glance:
    """By team and quarter: the reports of the last quarter, and the figures in force of all quarters."""

    teams: Mapping[int, TeamSeen]
    reports: Mapping[tuple[int, Quarter], ReportSeen]
    figures: Mapping[tuple[int, Quarter], Figures]


def at_a_glance(actor: Actor, quarters: Sequence[Quarter]) -> Glance:
    """One query; quarters oldest first."""
    rows = (
        QuarterlyReport.objects.visible_to(actor)
        .filter(quarter__range=(quarters[0].starts_on, quarters[-1].starts_on))
        .annotate(counted=FilteredRelation("revisions", condition=COUNTED))
        .order_by("team_id", "-quarter")
        .distinct("team_id")
        .values_list(
            *ReportSeen._fields,
            *PLACE,
            whole_course(),
            "counted__number",
            *(f"counted__{name}" for name in ASKED),
        )
    )
    days = {quarter.starts_on.isoformat(): quarter for quarter in quarters}
    teams: dict[int, TeamSeen] = {}
    reports: dict[tuple[int, Quarter], ReportSeen] = {}
    figures: dict[tuple[int, Quarter], Figures] = {}
    for row in rows:
        report = ReportSeen(*row[:WIDTH])
        team, quarter, (slug, name, agency, of, course, number, *counted) = *report[:2], row[WIDTH:]
        teams[team] = TeamSeen(team, slug, name, AgencySeen(agency, of))
        if quarter == quarters[-1]:
            reports[team, quarter] = report
        if number is not None:
            figures[team, quarter] = compared(counted)
        for told in course:
            if told["number"] is not None and days[told["quarter"]] != quarter:
                figures[team, days[told["quarter"]]] = rated(told)
    return Glance(teams, reports, figures)


def whole_course() -> Window:
    """Of every quarter read what makes the rate: one list, beside each row of the team."""
    told = JSONObject(quarter="quarter", number="counted__number", **{key: f"counted__{key}" for key in PAST})
    return Window(JSONBAgg(told), partition_by="team_id")


def compared(values: Sequence[Any]) -> Figures:
    """From the columns ASKED."""
    *kept, vacant, note, vacancy = values
    known = {key: given(value) for key, value in zip(KEPT, kept, strict=True) if value is not None}
    if vacant is not None:
        known[VACANT] = Figure(number(vacant))
    return Figures(MappingProxyType(known), note=note, vacancy=vacancy)


def rated(told: dict[str, Any]) -> Figures:
    """What is known of PAST."""
    known: dict[str, Figure] = {key: given(told[key]) for key in PAST if told[key] is not None}
    return Figures(MappingProxyType(known))
