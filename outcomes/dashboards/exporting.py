"""A quarter of all teams one may read, as a table: what the Learning Community asks of a state, in one file."""

from collections.abc import Sequence

from django.db.models import F

from agencies.models import State
from agencies.permissions import Actor
from ips_portal.quarters import Quarter
from ips_portal.spreadsheets import Cell, Table
from outcomes.dashboards.listing import FINALITY, Status
from outcomes.figures import Figure, Standing
from outcomes.in_force import measures_of, policy_of
from outcomes.measures import Measure
from outcomes.models import QuarterlyReport, Revision
from outcomes.rates import rate

RATES = ("employment", "education", "job_starts_per_fte", "end_caseload_per_fte")


def quarter_table(tenant: State, actor: Actor, quarter: Quarter) -> Table:
    """Figures in force; a team without them has its line and its status, and empty cells."""
    policy = policy_of(tenant.pk, quarter)
    measures = measures_of(policy)
    reports = (
        QuarterlyReport.objects.visible_to(actor)
        .of_quarter(quarter)
        .select_related("team__agency")
        .order_by("team__agency__name", "team__name")
    )
    rows = Revision.objects.visible_to(actor).filter(number=F("report__in_force"), report__quarter=quarter)
    figures = {row.report_id: row for row in rows}
    now = tenant.now()
    return Table(
        about=(
            ("State", tenant.name),
            ("Quarter", f"{quarter.months} ({quarter})"),
            ("Definitions", policy.measures),
            ("A competitive job", " ".join(policy.job.words)),
            ("Figures", "accepted; provisional until they are final; what was not collected is no zero"),
            ("Downloaded", f"{now:%B %-d, %Y, %-I:%M %p} by {actor.name}"),
        ),
        columns=(
            *(tenant.terms["agency"].capitalize(), "Team", "Quarter", "Status", "Figures"),
            *(measure.label for measure in measures),
            *(rate(key, Revision().figures).label for key in RATES),
        ),
        rows=tuple(line(report, figures.get(report.pk), measures) for report in reports),
    )


def line(report: QuarterlyReport, row: Revision | None, measures: Sequence[Measure]) -> Sequence[Cell]:
    start: list[Cell] = [
        report.team.agency.name,
        report.team.name,
        report.quarter.slug,
        report.get_status_display(),
    ]
    if row is None:
        return [*start, "", *("" for _ in measures), *("" for _ in RATES)]
    if not row.is_operating:
        return [*start, "not operating", *("" for _ in measures), *("" for _ in RATES)]
    found = row.figures
    return [
        *start,
        FINALITY.get(Status(report.status), "being corrected"),
        *(cell(found[measure.key]) for measure in measures),
        *(rounded(key, row) for key in RATES),
    ]


def cell(figure: Figure) -> Cell:
    return "not collected" if figure.standing is Standing.NOT_COLLECTED else figure.value


def rounded(key: str, row: Revision) -> Cell:
    value = rate(key, row.figures).value
    return None if value is None else round(value, 4)
