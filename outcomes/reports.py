"""The papers of a quarter, of a team and of a whole state, and what they are made of. Drawing: `outcomes.printing`.

Only what is accepted is printed: a draft or a submission is nobody's paper yet.
"""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from agencies.models import State
from agencies.permissions import Actor, Resource
from ips_portal.reports import kinds
from ips_portal.reports.kinds import Content, ReportKind
from outcomes.checks import Level, check
from outcomes.dashboards import trend
from outcomes.dashboards.brief import brief
from outcomes.dashboards.comparison import written
from outcomes.dashboards.report import FigureLine, line
from outcomes.dashboards.statewide import summary
from outcomes.goals import MEASURES, goal_of
from outcomes.history import case_of
from outcomes.in_force import job_kept, measures_kept, policy_of
from outcomes.measures import edition
from outcomes.models import QuarterlyReport, Revision, StateQuarter
from outcomes.rates import rate

QUARTER = "team-quarter"
STATE_QUARTER = "state-quarter"
BRIEF = "quarter-brief"
SHOWN = 8  # quarters of the chart


def accepted_reports(actor: Actor) -> QuerySet[Any]:
    """With figures in force, of a quarter in which the team operated."""
    in_force = Revision.objects.visible_to(actor).in_force().values("report_id")
    rows: QuerySet[Any] = QuarterlyReport.objects.visible_to(actor).placed().filter(pk__in=in_force)
    return rows


def quarter_content(report_id: int) -> Content:
    report = QuarterlyReport.objects.placed().select_related("accepted_by").get(pk=report_id)
    revision = Revision.objects.in_force().get(report=report)
    case = case_of(report, revision)
    findings = [found for found in check(case) if found.level is Level.WARNING]
    kept = edition(revision.definition["measures"])
    lines = [line(measure, case, (), {}) for measure in measures_kept(revision.definition)]
    return {
        "state": state_part(report.state),
        "agency": report.team.agency.name,
        "team": report.team.name,
        "quarter": report.quarter.months,
        "slug": report.quarter.slug,
        "status": "Final" if report.is_final else "Provisional",
        "revision": revision.number,
        "accepted_on": f"{report.accepted_at.astimezone(ZoneInfo(report.state.zone)):%B %-d, %Y}",
        "definitions": kept.name,
        "rates": rates_part(report, revision),
        "chart": chart_part(report),
        "groups": [
            [group.name, [figure_part(each) for each in lines if each.measure.group == group.key]]
            for group in kept.groups
            if any(each.measure.group == group.key for each in lines)
        ],
        "warnings": [[found.text, revision.explained.get(found.rule, "")] for found in findings],
        "vacancy": revision.vacancy,
        "note": revision.note,
        "job": list(job_kept(revision.definition).words),
        "published": [
            [each.label, f"{each.percent}%", f"{each.population}. {each.source}"]
            for each in trend.shown_published("employment", report.quarter)
        ],
    }


def state_part(state: State) -> dict[str, str]:
    return {
        "name": state.name,
        "program": state.program_name,
        "brand": state.brand,
        "brand_ink": state.brand_ink,
        "brand_accent": state.brand_accent,
    }


def figure_part(each: FigureLine) -> list[str]:
    return [each.measure.label, each.words, each.last]


def rates_part(report: QuarterlyReport, revision: Revision) -> list[dict[str, str]]:
    """Each rate with what was divided by what, beside the quarter before, the state and the goal."""
    before = Revision.objects.in_force().filter(team=report.team, report__quarter=report.quarter - 1).first()
    goals = policy_of(report.state_id, report.quarter).goals
    found = []
    for key, label in MEASURES.items():
        told = trend.shared_rates(report.state_id, key, (report.quarter,))
        goal = goal_of(goals, key, "team")
        own = rate(key, revision.figures)
        found.append(
            {
                "label": label,
                "now": own.shown,
                "basis": own.sentence.partition(": ")[2],
                "before": rate(key, before.figures).shown if before else "",
                "state": written(key, told[report.quarter]) if told else "",
                "goal": written(key, goal.value) if goal else "",
            }
        )
    return found


def chart_part(report: QuarterlyReport) -> dict[str, Any]:
    """Read under the requester's context: the database shows no more than that person may see."""
    found = trend.course(
        report.team,
        report.state,
        "employment",
        report.quarter.last(SHOWN),
        QuarterlyReport.objects.in_state(report.state_id),
        Revision.objects.in_state(report.state_id),
    )
    return {
        "sentence": found.sentence,
        "picture": found.content,
        "rows": [chart_row(each) for each in found.rows],
    }


def chart_row(each: trend.TrendRow) -> list[str]:
    return [each.quarter.months, each.rate.shown if each.rate else each.why_not, each.state or "not told"]


def periods(actor: Actor) -> QuerySet[Any]:
    """A state's quarters in which some team has figures in force."""
    rows: QuerySet[Any] = StateQuarter.objects.visible_to(actor).with_figures()
    return rows


def state_content(period_id: int) -> Content:
    period = StateQuarter.objects.select_related("state").get(pk=period_id)
    return {"state": state_part(period.state), **asdict(summary(period))}


def brief_content(period_id: int) -> Content:
    period = StateQuarter.objects.select_related("state").get(pk=period_id)
    return {"state": state_part(period.state), **asdict(brief(period))}


def title(content: Content) -> str:
    return f"Quarterly summary, {content['team']}, {content['quarter']}"


def file_name(content: Content) -> str:
    return f"outcomes {content['team']} {content['slug']} revision {content['revision']}"


KINDS: Iterable[ReportKind] = (
    ReportKind(
        key=QUARTER,
        label="Quarterly summary",
        resource=Resource.OUTCOME_ACCEPTED,
        subjects=accepted_reports,
        content=quarter_content,
        renderer="outcomes.printing.quarter_pdf",
        title=title,
        file_name=file_name,
    ),
    ReportKind(
        key=STATE_QUARTER,
        label="Statewide quarterly summary",
        resource=Resource.OUTCOME_ACCEPTED,
        subjects=periods,
        content=state_content,
        renderer="outcomes.printing.state_quarter_pdf",
        title=lambda content: f"Statewide quarterly summary, {content['quarter']}",
        file_name=lambda content: f"outcomes {content['state']['name']} {content['slug']}",
    ),
    ReportKind(
        key=BRIEF,
        label="Quarterly brief",
        resource=Resource.OUTCOME_ACCEPTED,
        subjects=periods,
        content=brief_content,
        renderer="outcomes.printing.brief_pdf",
        title=lambda content: f"Quarterly brief, {content['quarter']}",
        file_name=lambda content: f"brief {content['state']['name']} {content['slug']}",
    ),
)


def begin() -> None:
    for kind in KINDS:
        kinds.register(kind)
