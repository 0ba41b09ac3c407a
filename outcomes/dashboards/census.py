"""Whole agencies in a quarter: the figures as their people enter them, and how many of their people IPS reaches."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import Exists, OuterRef

from agencies.models import Agency, State, TeamPartner
from agencies.permissions import Actor, Resource, Scope, scope_of
from ips_portal.quarters import Quarter
from ips_portal.spreadsheets import Table
from outcomes.census import EMPLOYED, SERVED, remark
from outcomes.dashboards.comparison import Comparison
from outcomes.dashboards.entry import MeasureRow, Shown, as_shown, words_of
from outcomes.dashboards.exporting import about, agency_word, in_quarter
from outcomes.figures import Figure, Figures
from outcomes.in_force import measures_of
from outcomes.measures import Measure
from outcomes.models import AgencyQuarter, QuarterlyReport, Revision
from outcomes.policy import OutcomesPolicy
from outcomes.rates import Rate, agency_employment, agency_reach

MISSING = (
    "no figure",
    "not entered",
    "no figure",
    "not entered",
    "no figure",
)  # what stands on the page for a blank
COLUMNS = ("People in IPS", "Adults served", "Share in IPS", "Adults working", "Share working")


@dataclass(frozen=True)
class AgencyLine:
    """What was not entered is blank, what was not collected says so.

    `working_of`: the people of whom some work, where they are others than all that are served.
    """

    name: str
    in_ips: int | None
    figures: Figures
    team: str = ""  # one of its teams, through whose report its figures are entered
    working_of: int | None = None

    @property
    def served(self) -> str:
        return told(self.figures[SERVED])

    @property
    def employed(self) -> str:
        return told(self.figures[EMPLOYED])

    @property
    def is_open(self) -> bool:
        return not (self.served or self.employed)

    @property
    def both(self) -> tuple[int, int] | None:
        """People in IPS and all that the agency served, where both are known and a share can be worked out."""
        served = self.figures.count(SERVED)
        return (self.in_ips, served) if self.in_ips is not None and served else None

    @property
    def reach(self) -> Rate:
        return agency_reach(self.in_ips, self.figures.count(SERVED))

    @property
    def working(self) -> Rate:
        of = self.figures.count(SERVED) if self.working_of is None else self.working_of
        return agency_employment(self.figures.count(EMPLOYED), of)

    @property
    def cells(self) -> tuple[tuple[str, str], ...]:
        in_ips = "" if self.in_ips is None else f"{self.in_ips:,}"
        values = (in_ips, self.served, self.reach.shown, self.employed, self.working.shown)
        return tuple(zip(COLUMNS, values, strict=True))

    @property
    def shown(self) -> tuple[tuple[str, str], ...]:
        return tuple((under, cell or blank) for (under, cell), blank in zip(self.cells, MISSING, strict=True))

    @property
    def told(self) -> "AgencyTold":
        return AgencyTold(self.name, self.is_open, self.shown)


class AgencyTold(NamedTuple):
    """As its row says it; `is_open`: nothing is entered."""

    name: str
    is_open: bool
    shown: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class AgencyPage:
    row: AgencyQuarter | None
    agency: Agency
    rows: tuple[MeasureRow, ...]
    last_quarter: Quarter
    remark: str  # about what is stored

    @property
    def version(self) -> int:
        return self.row.version if self.row else 1

    @property
    def unreadable(self) -> tuple[MeasureRow, ...]:
        return tuple(row for row in self.rows if row.shown.problem)

    @property
    def told(self) -> tuple[tuple[MeasureRow, str], ...]:
        """Each measure with what is stored."""
        return tuple((row, words_of(row.stored)) for row in self.rows)


@dataclass(frozen=True)
class Agencies:
    lines: tuple[AgencyLine, ...]
    together: AgencyLine | None  # of those that have both numbers; for who leads the state
    counted: int


def agency_page(
    report: QuarterlyReport, asked: tuple[Measure, ...], actor: Actor, typed: Mapping[str, Shown]
) -> AgencyPage:
    """The measures stand as those of a team's report stand on its page."""
    seen = AgencyQuarter.objects.visible_to(actor).filter(agency=report.team.agency_id)
    around = seen.filter(quarter__in=[report.quarter, report.quarter - 1]).select_related("saved_by")
    by_quarter = {row.quarter: row for row in around}
    row = by_quarter.get(report.quarter)
    stored = row.figures if row else Figures()
    last = by_quarter[report.quarter - 1].figures if report.quarter - 1 in by_quarter else Figures()
    return AgencyPage(
        row=row,
        agency=report.team.agency,
        rows=tuple(
            MeasureRow(
                measure=measure,
                hint=measure.definition,
                stored=stored[measure.key],
                shown=typed.get(measure.key) or as_shown(stored[measure.key]),
                last=last[measure.key],
                marked="",
                findings=(),
            )
            for measure in asked
        ),
        last_quarter=report.quarter - 1,
        remark=remark(stored, together(people_in_ips(report, actor))) if row else "",
    )


def people_in_ips(report: QuarterlyReport, actor: Actor) -> list[tuple[int, bool]]:
    """People each of the agency's teams served, as far as the reader may see accepted figures; has it partners?"""
    rows = Revision.objects.visible_to(actor).in_force().filter(report__quarter=report.quarter)
    own = rows.filter(team__agency=report.team.agency_id, served__isnull=False)
    partners = Exists(TeamPartner.objects.filter(team=OuterRef("team")))
    return list(own.annotate(has_partners=partners).values_list("served", "has_partners"))


def largest(teams: Sequence[tuple[int, bool]]) -> int | None:
    return max((served for served, has_partners in teams if not has_partners), default=None)


def together(teams: Sequence[tuple[int, bool]]) -> int | None:
    return sum(served for served, _ in teams) if teams else None


def agencies(policy: OutcomesPolicy, actor: Actor, page: Comparison) -> Agencies | None:
    """None where the state does not ask, and for people who do not read all teams of an agency. One query."""
    scope = scope_of(actor.role, "view", Resource.OUTCOME_SUBMITTED)
    quarter = page.quarter
    if scope not in (Scope.STATE, Scope.AGENCY) or not measures_of(policy, "agency"):
        return None
    rows = AgencyQuarter.objects.visible_to(actor).filter(quarter=quarter)
    told = {row.agency_id: row.figures for row in rows}
    places = {line.team.agency_id: line.team for line in page.teams if line.report}
    if scope is Scope.AGENCY:
        places = {key: place for key, place in places.items() if key in actor.agency_ids}
    served = in_ips(page, quarter)
    lines = tuple(
        AgencyLine(place.agency.name, served.get(key), told.get(key, Figures()), place.slug)
        for key, place in places.items()
    )
    whole = [line for line in lines if line.both]
    return Agencies(lines, added(whole) if scope is Scope.STATE and len(whole) > 1 else None, len(whole))


def in_ips(page: Comparison, quarter: Quarter) -> dict[int, int]:
    """People its teams served, by agency and by accepted figures; somebody on two teams counts twice."""
    found: dict[int, int] = {}
    for line in page.teams:
        figures = page.figures.get((line.team.pk, quarter))
        if figures and (people := figures.count("served")) is not None:
            found[line.team.agency_id] = found.get(line.team.agency_id, 0) + people
    return found


def told(figure: Figure) -> str:
    return "" if figure.is_open else words_of(figure)


def added(lines: Sequence[AgencyLine]) -> AgencyLine:
    """A share adds up the agencies that have both of its numbers."""
    people, served = (sum(column) for column in zip(*(line.both for line in lines if line.both), strict=True))
    working = [
        (employed, line.figures.count(SERVED) or 0)
        for line in lines
        if (employed := line.figures.count(EMPLOYED)) is not None
    ]
    known = {SERVED: Figure(served)}
    if working:
        known[EMPLOYED] = Figure(sum(employed for employed, _ in working))
    return AgencyLine("Together", people, Figures(known), working_of=sum(of for _, of in working))


def agencies_table(tenant: State, actor: Actor, quarter: Quarter, found: Agencies | None) -> Table:
    """The same cells; without rows where nothing is asked or told."""
    now = tenant.now()
    lines = (*found.lines, *([found.together] if found.together else [])) if found else ()
    return Table(
        about=about(tenant, actor, now, quarter, in_quarter(quarter)),
        columns=(agency_word(tenant), *COLUMNS),
        rows=tuple([line.name, *(cell for _, cell in line.cells)] for line in lines),
        made=now,
    )
