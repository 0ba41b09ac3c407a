"""The completeness grid: every team and quarter with where its report stands. No figure of anybody stands in it."""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple, Protocol

from django.db.models import Count, QuerySet

from agencies.models import State, Team
from agencies.permissions import Actor, Resource, may, scope_of
from agencies.tenancy import among
from ips_portal.quarters import Quarter
from outcomes.models import QuarterlyReport, overdue

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


class Reported(Protocol):
    """What is looked at of a report, be it a record or the columns read of it."""

    @property
    def status(self) -> str: ...
    @property
    def percent(self) -> int: ...
    @property
    def is_late(self) -> bool: ...
    @property
    def is_operating(self) -> bool: ...
    @property
    def submitted_by_id(self) -> int | None: ...
    def is_overdue(self, today: date) -> bool: ...


class Columns(NamedTuple):
    """A report of the grid: of thousands no record is built."""

    team_id: int
    quarter: Quarter
    status: str
    percent: int
    due_on: date
    is_late: bool
    is_operating: bool
    submitted_by_id: int | None

    def is_overdue(self, today: date) -> bool:
        return overdue(self.status, self.due_on, today)


class Alike(NamedTuple):
    """Reports of a quarter that stand alike: how many, and how many of them have figures in force."""

    status: str
    is_late: bool
    due_on: date
    of_them: int
    counting: int


@dataclass(frozen=True)
class Square:
    """A team in a quarter."""

    quarter: Quarter
    standing: Standing
    is_expected: bool = True


@dataclass(frozen=True)
class GridRow:
    team: str
    slug: str
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


def standing(report: Reported, today: date) -> Standing:
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


NOT_EXPECTED = Standing("Not expected", "plain")


def grid(actor: Actor, quarters: Sequence[Quarter], today: date) -> Grid:
    """Two queries; quarters oldest first."""
    ends = (quarters[0].starts_on, quarters[-1].starts_on)
    seen = QuarterlyReport.objects.visible_to(actor).filter(quarter__range=ends).order_by()
    reports = {quarter: dict[int, Columns]() for quarter in quarters}
    for row in map(Columns._make, seen.values_list(*Columns._fields)):
        reports[row.quarter][row.team_id] = row
    teams = Team.objects.visible_to(actor).filter(among("pk", set().union(*reports.values())))
    named = teams.order_by().values_list("agency__name", "name", "slug", "pk")
    return Grid(
        tuple(quarters),
        tuple(
            GridRow(
                team,
                slug,
                agency,
                tuple(square(quarter, reports[quarter].get(pk), today) for quarter in quarters),
            )
            for agency, team, slug, pk in sorted(
                named, key=lambda row: (row[0].casefold(), row[1].casefold())
            )
        ),
        tuple(completeness(quarter, reports[quarter].values(), today) for quarter in quarters),
    )


def square(quarter: Quarter, report: Columns | None, today: date) -> Square:
    return (
        Square(quarter, standing(report, today))
        if report
        else Square(quarter, NOT_EXPECTED, is_expected=False)
    )


def completeness(quarter: Quarter, reports: Collection[Reported], today: date) -> Completeness:
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
    alike = reports.order_by().values_list("quarter", "status", "is_late", "due_on")
    by_quarter: dict[Quarter, list[Alike]] = defaultdict(list)
    for quarter, *rest in alike.annotate(of_them=Count("pk"), counting=Count("in_force")):
        by_quarter[quarter].append(Alike(*rest))
    return {quarter: counted(quarter, kinds, today) for quarter, kinds in by_quarter.items()}


def counted(quarter: Quarter, kinds: Sequence[Alike], today: date) -> tuple[Completeness, bool]:
    """Late is whoever came late, and who is past due and not here."""
    by_status: Counter[str] = Counter()
    counting: Counter[str] = Counter()
    late = 0
    for kind in kinds:
        by_status[kind.status] += kind.of_them
        counting[kind.status] += kind.counting
        missing = overdue(kind.status, kind.due_on, today)
        late += kind.of_them if kind.is_late or missing else 0
    done = Completeness(
        quarter=quarter,
        expected=by_status.total(),
        reported=sum(by_status[status] for status in QuarterlyReport.REPORTED),
        accepted=by_status[Status.ACCEPTED] + by_status[Status.LOCKED],
        late=late,
        waiting=by_status[Status.SUBMITTED],
    )
    is_final = 0 < counting.total() == counting[Status.LOCKED] and not done.waiting
    return done, is_final


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
    return [Square(row.quarter, standing(row, today)) for row in rows]
