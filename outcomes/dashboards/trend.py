"""One team over the quarters: its own rate beside the state's, the goal and what others have published.

The state's rate is the shared one, rounded, and told only where no agency can be worked out of it. A quarter without
figures in force is a gap, never a zero.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from agencies.models import State, Team
from agencies.permissions import Actor
from ips_portal.quarters import Quarter
from ips_portal.reports.pictures import LINES, Picture, picture
from outcomes.dashboards.comparison import apart, points, written
from outcomes.external import ExternalBenchmark, for_measure
from outcomes.goals import MEASURES, SHARES, Goal, goal_of
from outcomes.in_force import policy_of
from outcomes.models import NationalRate, QuarterlyReport, Revision, RevisionQuerySet, SharedRate
from outcomes.rates import Rate, rate

SHORT, LONG = 4, 12
SHOWN_PUBLISHED = ("us-average", "us-excellent")


@dataclass(frozen=True)
class TrendRow:
    quarter: Quarter
    report: QuarterlyReport | None
    rate: Rate | None
    state: str
    is_provisional: bool
    told: float | None = None  # what `state` writes

    @property
    def why_not(self) -> str:
        if self.report is None:
            return "not expected"
        return "did not operate" if not self.report.is_operating else "no accepted figures"


@dataclass(frozen=True)
class TeamTrend:
    measure: str
    label: str
    rows: tuple[TrendRow, ...]  # newest first
    sentence: str
    picture: Picture
    goal: str
    published: tuple[ExternalBenchmark, ...]
    shows_state: bool
    nation: NationalRate | None  # the newest of the quarters shown

    @property
    def national(self) -> str:
        return written(self.measure, self.nation.mean) if self.nation else ""

    @property
    def choices(self) -> Mapping[str, str]:
        return MEASURES


@dataclass(frozen=True)
class Course:
    """A team's rate over the quarters, oldest first, with all that stands beside it; `content` draws it."""

    rows: tuple[TrendRow, ...]
    sentence: str
    content: dict[str, Any]
    goal: Goal | None
    published: tuple[ExternalBenchmark, ...]
    told: Mapping[Quarter, float]


def team_trend(team: Team, tenant: State, actor: Actor, measure: str, length: int) -> TeamTrend:
    """Five queries, whatever the number of quarters."""
    quarters = Quarter.last_ended(tenant.today()).last(length)
    reports, revisions = (
        QuarterlyReport.objects.visible_to(actor),
        Revision.objects.visible_to(actor),
    )
    found = course(team, tenant, measure, quarters, reports, revisions)
    return TeamTrend(
        measure=measure,
        label=MEASURES[measure],
        rows=tuple(reversed(found.rows)),
        sentence=found.sentence,
        picture=picture(LINES, found.content, found.sentence),
        goal=written(measure, found.goal.value) if found.goal else "",
        published=found.published,
        shows_state=bool(found.told),
        nation=newest_of_nation(tenant, measure, quarters),
    )


def course(
    team: Team,
    tenant: State,
    measure: str,
    quarters: Sequence[Quarter],
    reports: QuerySet[QuarterlyReport],
    revisions: RevisionQuerySet,
) -> Course:
    """`reports` and `revisions` as far as the reader may see them."""
    ends = (quarters[0].starts_on, quarters[-1].starts_on)
    by_quarter = {row.quarter: row for row in reports.filter(team=team, quarter__range=ends)}
    in_force = revisions.in_force().filter(team=team, report__quarter__range=ends)
    own = {row.report.quarter: rate(measure, row.figures) for row in in_force}
    told = shared_rates(tenant.pk, measure, quarters)
    goal = goal_of(policy_of(tenant.pk, quarters[-1]).goals, measure, "team")
    published = shown_published(measure, quarters[-1])
    rows = tuple(row(measure, each, by_quarter.get(each), own.get(each), told) for each in quarters)
    sentence = in_words(measure, rows, told, goal, published)
    drawn = content(team, tenant, measure, rows, told, goal, published, sentence)
    return Course(rows, sentence, drawn, goal, published, told)


def newest_of_nation(tenant: State, measure: str, quarters: Sequence[Quarter]) -> NationalRate | None:
    rows = NationalRate.objects.in_state(tenant.pk).filter(
        measure=measure, quarter__range=(quarters[0].starts_on, quarters[-1].starts_on)
    )
    return rows.order_by("-quarter").first()


def shown_published(measure: str, quarter: Quarter) -> tuple[ExternalBenchmark, ...]:
    return tuple(each for each in for_measure(measure, quarter.ends_on) if each.key in SHOWN_PUBLISHED)


def shared_rates(state_id: int, measure: str, quarters: Sequence[Quarter]) -> dict[Quarter, float]:
    rows = SharedRate.objects.in_state(state_id).filter(
        measure=measure, quarter__range=(quarters[0].starts_on, quarters[-1].starts_on)
    )
    return {row.quarter: float(row.value) for row in rows}


def row(
    measure: str,
    quarter: Quarter,
    report: QuarterlyReport | None,
    own: Rate | None,
    state: Mapping[Quarter, float],
) -> TrendRow:
    told = written(measure, state[quarter]) if quarter in state else ""
    has_value = own if own and own.value is not None else None
    return TrendRow(
        quarter, report, has_value, told, bool(report and not report.is_final), state.get(quarter)
    )


def in_words(
    measure: str,
    rows: Sequence[TrendRow],
    state: Mapping[Quarter, float],
    goal: Goal | None,
    published: Sequence[ExternalBenchmark],
) -> str:
    """Such as "In July-September 2026 it was 45%, 3 points above the state (42%)"."""
    newest = next((row for row in reversed(rows) if row.rate), None)
    if newest is None or newest.rate is None or newest.rate.value is None:
        return "There are no accepted figures in these quarters yet."
    value = newest.rate.value
    others = []
    if newest.quarter in state:
        others.append(beside(measure, float(value), state[newest.quarter], "the state"))
    if goal:
        others.append(beside(measure, float(value), float(goal.value), "the state's goal for a team"))
    others += [beside(measure, float(value), float(each.value), each.label) for each in published[:1]]
    return (
        f"In {newest.quarter.months} it was {newest.rate.shown}"
        + "".join(f", {each}" for each in others)
        + "."
    )


def beside(measure: str, own: float, other: float, whose: str) -> str:
    difference = apart(measure, own, other)
    if not difference:
        return f"the same as {whose} ({written(measure, other)})"
    by = points(difference) if measure in SHARES else f"{abs(difference):g}"
    return f"{by} {'above' if difference > 0 else 'below'} {whose} ({written(measure, other)})"


def content(
    team: Team,
    tenant: State,
    measure: str,
    rows: Sequence[TrendRow],
    state: Mapping[Quarter, float],
    goal: Goal | None,
    published: Sequence[ExternalBenchmark],
    sentence: str,
) -> dict[str, Any]:
    """What the chart is drawn from."""
    own = {
        each.quarter.slug: [float(each.rate.value), each.is_provisional]
        for each in rows
        if each.rate and each.rate.value is not None
    }
    lines = [{"label": team.name, "series": "TEAM", "points": own}]
    if state:
        points = {quarter.slug: [value, False] for quarter, value in state.items()}
        lines.append({"label": tenant.name, "series": "STATE", "points": points})
    return {
        "quarters": [each.quarter.slug for each in rows],
        "lines": lines,
        "references": [
            *([["Goal for a team", float(goal.value)]] if goal else []),
            *([each.label, float(each.value)] for each in published),
        ],
        "title": f"{MEASURES[measure]} of {team.name}",
        "description": sentence,
        "is_share": measure in SHARES,
    }
