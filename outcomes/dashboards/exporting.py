"""Tables of pages as files: the same rows as on the page, numbers exact. The file says what it is and who asked."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import FilteredRelation

from agencies.models import State, Team
from agencies.permissions import Actor
from fidelity.scales import Scale
from ips_portal.quarters import Quarter
from ips_portal.spreadsheets import Cell, Table
from outcomes.dashboards.charted import FEWEST_POINTS, Pair
from outcomes.dashboards.comparison import Comparison, TeamLine, TrendLine
from outcomes.dashboards.listing import Grid, Square, finality
from outcomes.dashboards.side_by_side import COUNTED
from outcomes.dashboards.trend import Course, TrendRow
from outcomes.figures import Figure, Figures, Standing
from outcomes.goals import MEASURES
from outcomes.in_force import measures_of, policy_of
from outcomes.measures import Measure
from outcomes.models import FIGURES, QuarterlyReport, figures_of
from outcomes.rates import BY_KEY, Rate, rate, ratio

RATES = ("employment", "education", "job_starts_per_fte", "end_caseload_per_fte")
ACCEPTED = "accepted; provisional until they are final; what was not collected is no zero"
OF_TEAM = ("team__agency__name", "team__name", "status", "in_force")
LABELS = {status.value: status.label for status in QuarterlyReport.Status}
SHARES_ARE = "parts of 1: 0.45 is 45%"


def about(
    tenant: State, actor: Actor, now: datetime, quarter: Quarter, *more: tuple[str, str]
) -> tuple[tuple[str, str], ...]:
    policy = policy_of(tenant.pk, quarter)
    return (
        ("State", tenant.name),
        *more,
        ("Definitions", policy.measures),
        ("A competitive job", " ".join(policy.job.words)),
        ("Figures", ACCEPTED),
        ("Rates", SHARES_ARE),
        ("Downloaded", f"{now:%B %-d, %Y, %-I:%M %p} by {actor.name}"),
    )


def in_quarter(quarter: Quarter) -> tuple[str, str]:
    return "Quarter", f"{quarter.months} ({quarter})"


def agency_word(tenant: State) -> str:
    return tenant.terms["agency"].capitalize()


def quarter_table(tenant: State, actor: Actor, quarter: Quarter) -> Table:
    """Figures in force; a team without them has its line and its status, and empty cells."""
    measures = measures_of(policy_of(tenant.pk, quarter))
    rows = (
        QuarterlyReport.objects.visible_to(actor)
        .of_quarter(quarter)
        .annotate(counted=FilteredRelation("revisions", condition=COUNTED))
        .order_by("team__agency__name", "team__name")
        .values_list(*OF_TEAM, "counted__number", *(f"counted__{name}" for name in FIGURES))
    )
    now = tenant.now()
    return Table(
        about=about(tenant, actor, now, quarter, in_quarter(quarter)),
        columns=(
            *(agency_word(tenant), "Team", "Quarter", "Status", "Figures"),
            *(measure.label for measure in measures),
            *(BY_KEY[key].label for key in RATES),
        ),
        rows=tuple(line(row, quarter, measures) for row in rows),
        made=now,
    )


def line(row: Sequence[Any], quarter: Quarter, measures: Sequence[Measure]) -> Sequence[Cell]:
    """Of the columns alone: thousands of rows of models cost more than their query."""
    agency, team, status, in_force, number, *values = row
    start: list[Cell] = [agency, team, quarter.slug, LABELS[status]]
    if number is None:
        why = "" if in_force is None else "not operating"
        return [*start, why, *("" for _ in measures), *("" for _ in RATES)]
    found = figures_of(values)
    return [
        *start,
        finality(status),
        *(cell(found[measure.key]) for measure in measures),
        *(short(ratio(key, found)) for key in RATES),
    ]


def cell(figure: Figure) -> Cell:
    return "not collected" if figure.standing is Standing.NOT_COLLECTED else figure.value


def rounded(found: Rate) -> Cell:
    return short(found.value)


def short(value: Decimal | None) -> Cell:
    return None if value is None else round(value, 4)


def teams_table(
    tenant: State, actor: Actor, page: Comparison, lines: Sequence[TeamLine], chosen: str
) -> Table:
    """All teams of the choice that is said in `chosen`, on however many pages they stand."""
    now = tenant.now()
    return Table(
        about=about(tenant, actor, now, page.quarter, in_quarter(page.quarter), ("Teams", chosen)),
        columns=(
            *(agency_word(tenant), "Team"),
            *(f"Employment rate, {quarter}" for quarter in page.quarters),
            *("Change", "Job starts per specialist", "Caseload per specialist"),
            *("Status", "Warnings explained", "Needs attention"),
        ),
        rows=tuple(team_row(page, each) for each in lines),
        made=now,
    )


def team_row(page: Comparison, line: TeamLine) -> Sequence[Cell]:
    past = {quarter: page.figures.get((line.team.pk, quarter), Figures()) for quarter in page.quarters}
    return [
        line.team.agency.name,
        line.team.name,
        *(rounded(rate("employment", found)) for found in past.values()),
        line.change,
        *(rounded(rate(key, past[page.quarter])) for key in RATES[2:]),
        line.standing.word if line.standing else "not expected",
        line.notes,
        "; ".join(flag.text for flag in line.flags),
    ]


def state_table(tenant: State, actor: Actor, page: Comparison) -> Table:
    """The state over the quarters, newest first."""
    now = tenant.now()
    return Table(
        about=about(tenant, actor, now, page.quarter, ("Until", in_quarter(page.quarter)[1])),
        columns=(
            *("Quarter", "Employment rate, people pooled", "People working", "People served"),
            *("Median of teams", "Lower quartile of teams", "Upper quartile of teams", "Teams"),
            *("Expected", "Reported", "Accepted", "Figures"),
        ),
        rows=tuple(state_row(each) for each in page.trend),
        made=now,
    )


def state_row(line: TrendLine) -> Sequence[Cell]:
    row, done = line.exact, line.completeness
    finality = ("final" if line.is_final else "provisional") if row else ""
    exact: Sequence[Cell] = (
        [
            *(round(row.pooled, 4), row.numerator.normalize(), row.denominator.normalize()),
            *(round(value, 4) for value in (row.median, row.lower_quartile, row.upper_quartile)),
        ]
        if row
        else [None] * 6
    )
    return [line.quarter.slug, *exact, line.teams, done.expected, done.reported, done.accepted, finality]


def fidelity_table(
    tenant: State, actor: Actor, quarter: Quarter, pairs: Sequence[Pair], scale: Scale
) -> Table:
    """No row with so few teams that they say nothing, as on the page."""
    now = tenant.now()
    of = f"the total of {scale.part} at" if scale.part else "the total of"
    words = f"{of} the last official review that ended by the end of the quarter"
    more = [in_quarter(quarter), ("Fidelity", words)]
    if len(pairs) < FEWEST_POINTS:
        few = f"{len(pairs)} with both a review and a rate; fewer than {FEWEST_POINTS} say nothing, so none is listed"
        more, pairs = [*more, ("Teams", few)], ()
    return Table(
        about=about(tenant, actor, now, quarter, *more),
        columns=(
            *(agency_word(tenant), "Team", "Review ended", "Fidelity total"),
            *("Employment rate", "People working", "People served"),
        ),
        rows=tuple(
            [
                *(pair.team.agency.name, pair.team.name, pair.reviewed_on.isoformat(), pair.total),
                *(rounded(pair.rate), pair.rate.numerator, pair.rate.denominator),
            ]
            for pair in pairs
        ),
        made=now,
    )


def grid_table(tenant: State, actor: Actor, grid: Grid) -> Table:
    """Where each report stands; no figure of anybody."""
    now = tenant.now()
    first, last = grid.quarters[0], grid.quarters[-1]
    return Table(
        about=(
            ("State", tenant.name),
            ("Quarters", f"{first} to {last}"),
            ("Reported", "submitted, accepted or locked, of the teams that were expected"),
            ("Downloaded", f"{now:%B %-d, %Y, %-I:%M %p} by {actor.name}"),
        ),
        columns=(agency_word(tenant), "Team", *(str(quarter) for quarter in grid.quarters)),
        rows=(
            *([row.agency, row.team, *(in_words(each) for each in row.squares)] for row in grid.rows),
            ["", "Reported", *(done.words if done.expected else "" for done in grid.completeness)],
        ),
        made=now,
    )


def in_words(square: Square) -> str:
    standing = square.standing
    return f"{standing.word}, {standing.note}" if standing.note else standing.word


def trend_table(tenant: State, actor: Actor, team: Team, measure: str, course: Course) -> Table:
    """One team's rate and what stands beside it, newest first; the state only where it is told."""
    now = tenant.now()
    newest = course.rows[-1].quarter
    own = (("Team", f"{team.name}, {team.agency.name}"), ("Rate", MEASURES[measure]))
    published = tuple((each.label, f"{each.percent}%. Source: {each.source}") for each in course.published)
    return Table(
        about=about(tenant, actor, now, newest, *own, *published),
        columns=("Quarter", "Figures", MEASURES[measure], "Made of", tenant.name, "Goal for a team"),
        rows=tuple(trend_row(each, course) for each in reversed(course.rows)),
        made=now,
    )


def trend_row(row: TrendRow, course: Course) -> Sequence[Cell]:
    figures = ("provisional" if row.is_provisional else "final") if row.rate else row.why_not
    state: Cell = "not told" if row.told is None else row.told
    return [
        row.quarter.slug,
        figures,
        rounded(row.rate) if row.rate else None,
        row.rate.sentence if row.rate else "",
        state,
        course.goal.value if course.goal else None,
    ]
