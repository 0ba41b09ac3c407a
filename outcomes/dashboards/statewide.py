"""A whole state's quarter for paper: its rates, its sums and its teams, each figure with how much it rests on.

Exact, so only for the state's leads (trust reference 2.4, T-lead). Everything is text: what changes by itself, such as
days overdue, stays off paper.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Max

from ips_portal.quarters import Quarter
from outcomes.averages import coverage
from outcomes.dashboards.charted import state_chart
from outcomes.dashboards.comparison import (
    QUARTERS,
    TEAM_QUARTERS,
    moved,
    state_rates,
    team_lines,
    written,
)
from outcomes.dashboards.listing import Completeness, completeness, completeness_by_quarter, finality
from outcomes.dashboards.need import need_met
from outcomes.dashboards.side_by_side import SideBySide, side_by_side
from outcomes.external import QuarterlyBenchmark, for_measure
from outcomes.figures import Figures
from outcomes.figures import written as in_full
from outcomes.goals import MEASURES, SHARES, Goal, goal_of
from outcomes.in_force import eligible_on, measures_of, policy_of
from outcomes.measures import Measure, edition
from outcomes.models import QuarterlyReport, StateQuarter, StateRate
from outcomes.need import Need
from outcomes.policy import OutcomesPolicy
from outcomes.rates import BY_KEY

ADDED_UP = ("people", "jobs", "contacts", "FTE")  # days, hours and dollars are averages of a team
NOBODY = "no team expected"


@dataclass(frozen=True)
class Course:
    """One measure of the state: everybody pooled and the middle team, of so many teams."""

    key: str
    label: str
    pooled: str
    basis: str  # what was divided by what
    middle: str
    spread: str
    teams: int
    coverage: str
    change: str
    goal: str


@dataclass(frozen=True)
class QuarterLine:
    quarter: str
    pooled: str
    middle: str
    spread: str
    teams: int
    coverage: str
    finality: str


@dataclass(frozen=True)
class Sum:
    group: str
    label: str
    value: str
    coverage: str


@dataclass(frozen=True)
class TeamRow:
    agency: str
    team: str
    rates: tuple[str, ...]
    change: str
    job_starts: str
    caseload: str
    finality: str


@dataclass(frozen=True)
class Summary:
    quarter: str
    slug: str
    status: str
    completeness: str
    accepted: int
    last_accepted_on: str
    numbers: tuple[Course, ...]
    need: Need | None
    chart: Mapping[str, Any]  # nothing without two quarters
    trend: tuple[QuarterLine, ...]
    sums: tuple[Sum, ...]
    quarters: tuple[str, ...]  # of the teams' rates
    teams: tuple[TeamRow, ...]
    definitions: str
    job: tuple[str, ...]
    published: tuple[tuple[str, str, str, str], ...]  # label, value, of whom, source


@dataclass(frozen=True)
class Whole:
    """The rows behind papers about the state, read once."""

    period: StateQuarter
    policy: OutcomesPolicy
    read: SideBySide  # the last four quarters, with the reports of the newest
    rates: Mapping[tuple[str, Quarter], StateRate]
    done: Mapping[Quarter, tuple[Completeness, bool]]
    last_accepted_at: datetime | None
    published: tuple[QuarterlyBenchmark, ...]

    @property
    def quarter(self) -> Quarter:
        return self.period.quarter  # type: ignore[no-any-return]  # the field gives the value

    @property
    def figures(self) -> Mapping[tuple[int, Quarter], Figures]:
        """In force."""
        return self.read.figures

    @property
    def completeness(self) -> Completeness:
        return self.done[self.quarter][0]

    @property
    def is_final(self) -> bool:
        return self.done[self.quarter][1]

    @property
    def now(self) -> list[Figures]:
        return [figures for (_, quarter), figures in self.figures.items() if quarter == self.quarter]

    def covers(self, teams: int, quarter: Quarter | None = None) -> str:
        done = self.done[quarter or self.quarter][0]
        return coverage(teams, done.reported, done.expected) if done.expected else NOBODY


def whole(period: StateQuarter) -> Whole:
    """Read under the requester's context: the database shows no more than that person may see."""
    state, quarter = period.state, period.quarter
    shown, recent = quarter.last(QUARTERS), quarter.last(TEAM_QUARTERS)
    rows = QuarterlyReport.objects.in_state(state.pk).filter(quarter__lte=quarter.starts_on)
    today = state.today()
    counted = completeness_by_quarter(rows.filter(quarter__gte=shown[0].starts_on), today)
    return Whole(
        period=period,
        policy=policy_of(state.pk, quarter),
        read=side_by_side(rows, recent, newest_alone=True),
        rates=state_rates(state.pk, shown),
        done={each: counted.get(each, (completeness(each, (), today), False)) for each in shown},
        last_accepted_at=rows.of_quarter(quarter).aggregate(last=Max("accepted_at"))["last"],
        published=for_measure("employment", quarter.ends_on),
    )


def summary(period: StateQuarter) -> Summary:
    found = whole(period)
    quarter = found.quarter
    return Summary(
        quarter=quarter.months,
        slug=quarter.slug,
        status="Final" if found.is_final else "Provisional",
        completeness=found.completeness.words,
        accepted=found.completeness.accepted,
        last_accepted_on=last_accepted(found),
        numbers=tuple(course(found, key) for key in MEASURES),
        need=need_met(
            eligible_on(period.state_id, quarter.ends_on),
            quarter,
            found.figures,
            found.completeness.expected,
        ),
        chart=state_chart(period.state, quarter.last(QUARTERS), found.rates, found.published),
        trend=tuple(quarter_line(found, each) for each in quarter.last(QUARTERS)),
        sums=sums(found),
        quarters=tuple(str(each) for each in quarter.last(TEAM_QUARTERS)),
        teams=team_rows(found),
        definitions=edition(found.policy.measures).name,
        job=found.policy.job.words,
        published=tuple(
            (each.label, f"{each.percent}%", each.population, each.source) for each in found.published
        ),
    )


def last_accepted(found: Whole) -> str:
    zone = ZoneInfo(found.period.state.zone)
    return f"{found.last_accepted_at.astimezone(zone):%B %-d, %Y}" if found.last_accepted_at else ""


def course(found: Whole, key: str) -> Course:
    now, before = found.rates.get((key, found.quarter)), found.rates.get((key, found.quarter - 1))
    goal = goal_of(found.policy.goals, key, "state")
    if now is None:
        return Course(key, MEASURES[key], "", "", "", "", 0, found.covers(0), "", stated(key, goal))
    return Course(
        key=key,
        label=MEASURES[key],
        pooled=written(key, now.pooled),
        basis=divided(key, now),
        middle=written(key, now.median),
        spread=spread(key, now),
        teams=now.teams,
        coverage=found.covers(now.teams),
        change=moved(key, now.pooled, before.pooled) if before else "the quarter before has no figures",
        goal=stated(key, goal),
    )


def stated(key: str, goal: Goal | None) -> str:
    return written(key, goal.value) if goal else ""


def divided(key: str, row: StateRate) -> str:
    """Such as "412 people working of 980 people served"."""
    formula = BY_KEY[key]
    joined = "of" if key in SHARES else "for"
    return f"{plain(row.numerator)} {formula.above_is} {joined} {plain(row.denominator)} {formula.below_is}"


def plain(value: Decimal) -> str:
    return in_full(int(value) if value == int(value) else value)


def spread(key: str, row: StateRate) -> str:
    return " to ".join(written(key, end) for end in (row.lower_quartile, row.upper_quartile))


def quarter_line(found: Whole, quarter: Quarter) -> QuarterLine:
    row, (_, is_final) = found.rates.get(("employment", quarter)), found.done[quarter]
    if row is None:
        return QuarterLine(quarter.months, "", "", "", 0, found.covers(0, quarter), "")
    return QuarterLine(
        quarter=quarter.months,
        pooled=written("employment", row.pooled),
        middle=written("employment", row.median),
        spread=spread("employment", row),
        teams=row.teams,
        coverage=found.covers(row.teams, quarter),
        finality="final" if is_final else "provisional",
    )


def sums(found: Whole) -> tuple[Sum, ...]:
    """What can be added up over teams."""
    kept = edition(found.policy.measures)
    names = {group.key: group.name for group in kept.groups}
    wanted = [each for each in measures_of(found.policy) if each.unit in ADDED_UP]
    return tuple(added(found, measure, names[measure.group]) for measure in wanted)


def added(found: Whole, measure: Measure, group: str) -> Sum:
    values = [value for figures in found.now if (value := figures.value(measure.key)) is not None]
    total = in_full(sum(values)) if values else ""
    return Sum(group, measure.label, total, found.covers(len(values)))


def team_rows(found: Whole) -> tuple[TeamRow, ...]:
    lines = team_lines(found.read, found.quarter, found.period.state)
    return tuple(
        TeamRow(
            agency=line.team.agency.name,
            team=line.team.name,
            rates=line.rates,
            change=line.change,
            job_starts=line.job_starts,
            caseload=line.caseload,
            finality=stands(found.read.reports.get((line.team.pk, found.quarter))),
        )
        for line in lines
    )


def stands(report: QuarterlyReport | None) -> str:
    if report is None:
        return "not expected"
    if report.in_force is None:
        return "no accepted figures"
    if not report.is_operating:
        return "did not operate"
    return finality(report.status)
