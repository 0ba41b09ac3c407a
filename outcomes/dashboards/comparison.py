"""A whole state's outcomes for those who lead it: four numbers in words, what needs attention, teams and trend.

Exact figures, so only for the state's leads (trust reference 2.4, T-lead); agencies read the published comparison.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from typing import NamedTuple

from agencies.models import State
from agencies.permissions import Actor, Resource, Scope, scope_of
from ips_portal.quarters import Quarter
from ips_portal.reports.pictures import Picture
from ips_portal.sparks import Spark, spark
from outcomes.averages import in_percent
from outcomes.dashboards.charted import state_picture
from outcomes.dashboards.flags import Flag, flags_of
from outcomes.dashboards.glance import AnyReport, AnyTeam, Glance, at_a_glance
from outcomes.dashboards.listing import (
    Completeness,
    Standing,
    completeness,
    completeness_by_quarter,
    standing,
)
from outcomes.dashboards.side_by_side import SideBySide
from outcomes.external import QuarterlyBenchmark, for_measure
from outcomes.figures import Figures
from outcomes.goals import MEASURES, SHARES
from outcomes.models import QuarterlyReport, StateRate
from outcomes.need import people_served, teams
from outcomes.rates import Kind, as_shown, ratio, shown_rate

QUARTERS = 8
TEAM_QUARTERS = 4
TOLD = tuple(MEASURES)[:3]  # of all the state has a rate of, what stands at the top; employment first


@dataclass(frozen=True)
class Number:
    label: str
    value: str
    note: str


@dataclass(frozen=True)
class TrendLine:
    """The state in one quarter. Without accepted figures it is a gap, never a zero."""

    quarter: Quarter
    pooled: str
    middle: str
    spread: str
    teams: int
    completeness: Completeness
    is_final: bool
    exact: StateRate | None = None


@dataclass(frozen=True)
class TeamLine:
    """Rates are worked out for the lines that are shown; flags for all of them, since they choose."""

    team: AnyTeam
    quarters: tuple[Quarter, ...]
    past: Mapping[Quarter, Figures]  # in force
    report: AnyReport | None  # of the last of the quarters
    today: date
    flags: tuple[Flag, ...]

    @cached_property
    def standing(self) -> Standing | None:
        return standing(self.report, self.today) if self.report else None

    @property
    def notes(self) -> int:
        return self.report.open_warnings if self.report else 0

    @cached_property
    def employment(self) -> tuple[Decimal | None, ...]:
        """Oldest first; None where there are no figures in force, or no rate."""
        return tuple(
            ratio("employment", self.past[each]) if each in self.past else None for each in self.quarters
        )

    @property
    def rates(self) -> tuple[str, ...]:
        return tuple(as_shown(Kind.SHARE, each) for each in self.employment)

    @property
    def change(self) -> str:
        return in_words(self.employment[-1], self.employment[-2])

    @property
    def job_starts(self) -> str:
        return self.shown("job_starts_per_fte", self.quarters[-1])

    @property
    def caseload(self) -> str:
        return self.shown("end_caseload_per_fte", self.quarters[-1])

    def shown(self, key: str, quarter: Quarter) -> str:
        return shown_rate(key, self.past[quarter]) if quarter in self.past else ""

    @property
    def by_quarter(self) -> tuple[tuple[Quarter, str], ...]:
        return tuple(zip(self.quarters, self.rates, strict=True))

    @property
    def spark(self) -> Spark | None:
        return spark(self.employment)

    @property
    def told(self) -> "Told":
        return Told(
            self.team.slug,
            self.team.name,
            self.team.agency.name,
            self.by_quarter,
            self.spark,
            self.change,
            self.job_starts,
            self.caseload,
            self.standing.word if self.standing else "",
            self.notes,
        )


class Told(NamedTuple):
    """As its row says it."""

    slug: str
    name: str
    agency: str
    by_quarter: tuple[tuple[Quarter, str], ...]
    spark: Spark | None
    change: str
    job_starts: str
    caseload: str
    standing: str
    notes: int


@dataclass(frozen=True)
class Comparison:
    quarter: Quarter
    completeness: Completeness
    numbers: tuple[Number, ...]
    attention: tuple[tuple[AnyTeam, Flag], ...]
    leads_state: bool  # sees the whole state, and so what it gives together
    quarters: tuple[Quarter, ...]
    teams: tuple[TeamLine, ...]
    trend: tuple[TrendLine, ...]
    over_time: Picture | None
    # In force, of the quarters shown for teams and as far as `glance` reads them: of earlier ones, people.
    figures: Mapping[tuple[int, Quarter], Figures]
    published: tuple[QuarterlyBenchmark, ...]  # of quarterly rates only: a trial's rate is another measure


def comparison(tenant: State, actor: Actor, quarter: Quarter) -> Comparison:
    """Three queries, whatever the number of teams and quarters behind them."""
    today = tenant.today()
    shown, recent = quarter.last(QUARTERS), quarter.last(TEAM_QUARTERS)
    seen = QuarterlyReport.objects.visible_to(actor).filter(quarter__lte=quarter.starts_on)
    read = at_a_glance(actor, recent)
    counted = completeness_by_quarter(seen.filter(quarter__gte=shown[0].starts_on), today)
    done = {each: counted.get(each, (completeness(each, (), today), False)) for each in shown}
    rates = state_rates(tenant.pk, shown, TOLD)
    lines = team_lines(read, quarter, tenant)
    leads = leads_state(actor)
    published = for_measure("employment", quarter.ends_on)
    return Comparison(
        quarter=quarter,
        completeness=done[quarter][0],
        numbers=numbers(rates, quarter, read.figures),
        attention=tuple((line.team, flag) for line in lines for flag in line.flags),
        leads_state=leads,
        quarters=recent,
        teams=lines,
        over_time=state_picture(tenant, shown, rates, published) if leads else None,
        figures=read.figures,
        published=published,
        trend=tuple(trend_line(each, rates, *done[each]) for each in reversed(shown)),
    )


def leads_state(actor: Actor) -> bool:
    """Sees every team's figures, and so the exact figures of the whole."""
    return scope_of(actor.role, "view", Resource.OUTCOME_SUBMITTED) is Scope.STATE


def state_rates(
    state_id: int, quarters: Sequence[Quarter], measures: Sequence[str] = tuple(MEASURES)
) -> dict[tuple[str, Quarter], StateRate]:
    rows = (
        StateRate.objects.in_state(state_id)
        .filter(quarter__range=(quarters[0].starts_on, quarters[-1].starts_on), measure__in=measures)
        .order_by()
    )
    return {(row.measure, row.quarter): row for row in rows}


def numbers(
    rates: Mapping[tuple[str, Quarter], StateRate],
    quarter: Quarter,
    figures: Mapping[tuple[int, Quarter], Figures],
) -> tuple[Number, ...]:
    found = [rate_number(key, MEASURES[key], rates, quarter) for key in TOLD]
    served = people_served(figures, quarter)
    return (
        *found,
        Number("People served", f"{sum(served):,}", f"by {teams(len(served))} with accepted figures"),
    )


def rate_number(
    key: str, label: str, rates: Mapping[tuple[str, Quarter], StateRate], quarter: Quarter
) -> Number:
    now, before = rates.get((key, quarter)), rates.get((key, quarter - 1))
    if now is None:
        return Number(label, "none", "no accepted figures yet")
    basis = f"{now.numerator:,.0f} of {now.denominator:,.0f}" if key in SHARES else teams(now.teams)
    if before is None:
        return Number(label, written(key, now.pooled), f"{basis}; the quarter before has no figures")
    return Number(label, written(key, now.pooled), f"{basis}; {moved(key, now.pooled, before.pooled)}")


def moved(key: str, now: float, before: float) -> str:
    """The change since the quarter before, in words."""
    change = apart(key, now, before)
    if not change:
        return "as in the quarter before"
    unit = points(change) if key in SHARES else f"{abs(change):g} per specialist"
    return f"{'up' if change > 0 else 'down'} {unit} since the quarter before"


def written(key: str, value: float | Decimal) -> str:
    """Halves go up, as in a team's own rate: one page never shows 42% and 43% of the same numbers."""
    return f"{in_percent(value)}%" if key in SHARES else f"{in_tenths(value):f}"


def in_tenths(value: float | Decimal) -> Decimal:
    return Decimal(str(value)).quantize(Decimal("0.1"), ROUND_HALF_UP)


def apart(key: str, one: float | Decimal, other: float | Decimal) -> float:
    """How much more one is than the other as both are written, so that a reader who takes one from the other agrees."""
    if key in SHARES:
        return in_percent(one) - in_percent(other)
    return float(in_tenths(one) - in_tenths(other))


def points(change: float) -> str:
    return f"{abs(change):g} {'point' if abs(change) == 1 else 'points'}"


def trend_line(
    quarter: Quarter,
    rates: Mapping[tuple[str, Quarter], StateRate],
    done: Completeness,
    is_final: bool,
) -> TrendLine:
    row = rates.get(("employment", quarter))
    ends = (row.lower_quartile, row.upper_quartile) if row else ()
    return TrendLine(
        quarter=quarter,
        pooled=written("employment", row.pooled) if row else "",
        middle=written("employment", row.median) if row else "",
        spread=" to ".join(written("employment", end) for end in ends),
        teams=row.teams if row else 0,
        completeness=done,
        is_final=is_final,
        exact=row,
    )


def team_lines(read: SideBySide | Glance, quarter: Quarter, tenant: State) -> tuple[TeamLine, ...]:
    """For every team of the quarters read, with its report of this one."""
    today, figures = tenant.today(), read.figures
    recent = quarter.last(TEAM_QUARTERS)
    lines = []
    named: list[AnyTeam] = [*read.teams.values()]
    for team in sorted(named, key=lambda each: (each.agency.name.casefold(), each.name.casefold())):
        past = {each: known for each in recent if (known := figures.get((team.pk, each)))}
        report = read.reports.get((team.pk, quarter))
        lines.append(
            TeamLine(
                team=team,
                quarters=recent,
                past=past,
                report=report,
                today=today,
                flags=flags_of(past, quarter, report, today),
            )
        )
    return tuple(lines)


def change(past: Mapping[Quarter, Figures], quarter: Quarter) -> str:
    now, before = (past.get(each) for each in (quarter, quarter - 1))
    return in_words(ratio("employment", now), ratio("employment", before)) if now and before else ""


def in_words(now: Decimal | None, before: Decimal | None) -> str:
    if now is None or before is None:
        return ""
    change = apart("employment", now, before)
    return f"{'up' if change > 0 else 'down'} {points(change)}" if change else "no change"
