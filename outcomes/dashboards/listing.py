"""The completeness grid: every team and quarter with where its report stands. No figure of anybody stands in it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet

from agencies.models import State, Team
from agencies.permissions import Actor, Resource, may, scope_of
from ips_portal.quarters import Quarter
from outcomes.models import QuarterlyReport

QUARTERS_SHOWN = 6
Status = QuarterlyReport.Status
CHIPS = {
    Status.EXPECTED: "plain",
    Status.DRAFT: "plain",
    Status.SUBMITTED: "info",
    Status.RETURNED: "watch",
    Status.REOPENED: "watch",
    Status.ACCEPTED: "ok",
    Status.LOCKED: "ok",
}
FINALITY = {Status.ACCEPTED: "provisional", Status.LOCKED: "final"}


@dataclass(frozen=True)
class Standing:
    """Where one report stands, in a word and a chip."""

    word: str
    chip: str
    note: str = ""


@dataclass(frozen=True)
class Square:
    """A team in a quarter; `report` is None where the team was not expected."""

    report: QuarterlyReport | None
    standing: Standing
    quarter: Quarter | None = None  # which column of the grid


@dataclass(frozen=True)
class GridRow:
    team: Team
    agency: str
    squares: tuple[Square, ...]


@dataclass(frozen=True)
class Completeness:
    quarter: Quarter
    expected: int
    reported: int
    accepted: int
    late: int  # past due and not here, or come after it
    waiting: int  # for the state to accept

    @property
    def percent(self) -> int:
        return 100 * self.reported // self.expected if self.expected else 0

    @property
    def words(self) -> str:
        return f"{self.reported} of {self.expected} reported"


@dataclass(frozen=True)
class Grid:
    quarters: tuple[Quarter, ...]
    rows: tuple[GridRow, ...]
    completeness: tuple[Completeness, ...]


@dataclass(frozen=True)
class Due:
    """What a team has to do now."""

    report: QuarterlyReport
    standing: Standing
    may_edit: bool
    is_overdue: bool


def finality(status: str) -> str:
    """Of figures in force: a report that is neither accepted nor locked has them while it is being corrected."""
    return FINALITY.get(Status(status), "being corrected")


def standing(report: QuarterlyReport, today: date) -> Standing:
    status = Status(report.status)
    note = ""
    if report.is_overdue(today) and status in (Status.EXPECTED, Status.DRAFT):
        began = "" if status == Status.EXPECTED else f"draft, {report.percent}% filled in"
        return Standing("Overdue", "action", began)
    if status == Status.DRAFT:
        return Standing("Draft", "plain", f"{report.percent}% filled in")
    if report.submitted_by_id and not report.is_operating:
        note = "not operating"
    elif status in FINALITY:
        note = FINALITY[status]
    elif status == Status.SUBMITTED and report.is_late:
        note = "came late"
    return Standing(str(status.label), CHIPS[status], note)


NOT_EXPECTED = Square(None, Standing("Not expected", "plain"))


def grid_reports(actor: Actor, quarters: Sequence[Quarter]) -> QuerySet[QuarterlyReport]:
    seen = QuarterlyReport.objects.visible_to(actor)
    ends = (quarters[0].starts_on, quarters[-1].starts_on)
    return seen.filter(quarter__range=ends).select_related("team__agency")


def grid(reports: Iterable[QuarterlyReport], quarters: Sequence[Quarter], today: date) -> Grid:
    """`reports` come with team and agency; quarters oldest first."""
    by_team: dict[int, dict[Quarter, QuarterlyReport]] = {}
    teams = {}
    for report in reports:
        teams[report.team_id] = report.team
        by_team.setdefault(report.team_id, {})[report.quarter] = report
    ordered = sorted(teams.values(), key=lambda team: (team.agency.name.casefold(), team.name.casefold()))
    rows = tuple(
        GridRow(
            team,
            team.agency.name,
            tuple(
                replace(square(by_team[team.pk].get(quarter), today), quarter=quarter) for quarter in quarters
            ),
        )
        for team in ordered
    )
    return Grid(
        tuple(quarters),
        rows,
        tuple(
            completeness(quarter, [found[quarter] for found in by_team.values() if quarter in found], today)
            for quarter in quarters
        ),
    )


def square(report: QuarterlyReport | None, today: date) -> Square:
    return NOT_EXPECTED if report is None else Square(report, standing(report, today))


def completeness(quarter: Quarter, reports: Sequence[QuarterlyReport], today: date) -> Completeness:
    """Always 0 to 100 %: the expected set was fixed when the quarter opened."""
    return Completeness(
        quarter=quarter,
        expected=len(reports),
        reported=sum(report.status in QuarterlyReport.REPORTED for report in reports),
        accepted=sum(report.status in (Status.ACCEPTED, Status.LOCKED) for report in reports),
        late=sum(report.is_late or report.is_overdue(today) for report in reports),
        waiting=sum(report.status == Status.SUBMITTED for report in reports),
    )


def completeness_by_quarter(
    reports: QuerySet[QuarterlyReport], today: date
) -> dict[Quarter, tuple[Completeness, bool]]:
    """Counted by the database; and whether all that came in for the quarter is accepted and final."""
    is_overdue = Q(status__in=QuarterlyReport.WITH_TEAM, due_on__lt=today)
    rows = (
        reports.order_by()
        .values("quarter")
        .annotate(
            expected=Count("pk"),
            reported=Count("pk", filter=Q(status__in=QuarterlyReport.REPORTED)),
            accepted=Count("pk", filter=Q(status__in=(Status.ACCEPTED, Status.LOCKED))),
            late=Count("pk", filter=Q(is_late=True) | is_overdue),
            waiting=Count("pk", filter=Q(status=Status.SUBMITTED)),
            counting=Count("in_force"),
            final=Count("in_force", filter=Q(status=Status.LOCKED)),
        )
    )
    found: dict[Quarter, tuple[Completeness, bool]] = {}
    for row in rows:
        told: dict[str, Any] = dict(row)
        counting, final = told.pop("counting"), told.pop("final")
        done = Completeness(**told)
        found[done.quarter] = (done, bool(counting) and counting == final and not done.waiting)
    return found


def due_now(tenant: State, actor: Actor) -> list[Due]:
    """Reports that wait for this person's team, the most pressing first. Nothing is read for who edits no draft."""
    if scope_of(actor.role, "edit", Resource.OUTCOME_DRAFT) is None:
        return []
    today = tenant.today()
    rows = (
        QuarterlyReport.objects.visible_to(actor)
        .placed()
        .filter(status__in=QuarterlyReport.WITH_TEAM)
        .order_by("due_on", "team__name")
    )
    found = []
    for report in rows:
        if may(actor, "edit", Resource.OUTCOME_DRAFT, report.place):
            found.append(Due(report, standing(report, today), True, report.is_overdue(today)))
    return found


def team_quarters(team: Team, tenant: State, actor: Actor) -> list[Square]:
    """The last quarters of one team, newest first."""
    today = tenant.today()
    rows = QuarterlyReport.objects.visible_to(actor).filter(team=team).order_by("-quarter")[:QUARTERS_SHOWN]
    return [Square(row, standing(row, today)) for row in rows]
