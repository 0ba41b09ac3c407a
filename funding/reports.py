"""The papers of a funding plan: the plan with all it says, a page for an agency, the appendix to an agreement."""

from dataclasses import asdict
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from agencies.models import Agency, State
from agencies.permissions import Actor, Resource
from fidelity.lifecycle.months import written
from fidelity.reports import with_logo
from fidelity.snapshots import state_part
from funding.dashboards.gaps import found_in
from funding.dashboards.holding import open_plans, plan_at
from funding.dashboards.plan import Sheet, read, table
from funding.dashboards.versions import Agreement, against, agreement, listed
from funding.dashboards.waiting import open_questions
from funding.grid import Grid
from funding.in_force import stated_on
from funding.models import CellNote, FundingPlan, PlanVersion
from funding.paper import all_terms, hand_overs, others, shares_of, steps
from funding.stored import from_data
from funding.wording import called
from ips_portal.reports import kinds
from ips_portal.reports.kinds import Content, ReportKind

PLAN, HANDOUT, APPENDIX = "funding-plan", "funding-handout", "funding-appendix"


def plans(actor: Actor) -> QuerySet[Any]:
    rows: QuerySet[Any] = FundingPlan.objects.visible_to(actor)
    return rows


def agencies(actor: Actor) -> QuerySet[Any]:
    rows: QuerySet[Any] = Agency.objects.visible_to(actor)
    return rows


def versions(actor: Actor) -> QuerySet[Any]:
    rows: QuerySet[Any] = PlanVersion.objects.visible_to(actor).select_related("plan")
    return rows


def plan_content(plan_id: int) -> Content:
    """Dated, as gaps depend on the day."""
    plan = FundingPlan.objects.select_related("agency", "state").get(pk=plan_id)
    sheet, rows = read(plan), listed(plan)
    newest = rows[0] if rows else None
    today = plan.state.today()
    return {
        **head_part(plan),
        "version": version_line(newest, sheet.grid),
        "on": today.isoformat(),
        "written_on": written(today),
        "table": table_part(sheet.grid),
        "terms": [asdict(each) for each in all_terms(sheet.grid)],
        "gaps": gaps_part(sheet.grid, plan.state, today),
        "questions": questions_part(sheet),
        "newest": newest.version.number if newest else None,
        "signatures": signatures_part(newest, plan.state) if newest else [],
    }


def head_part(plan: FundingPlan) -> Content:
    return with_logo({"state": state_part(plan.state), "plan": str(plan)}, plan.state)


def table_part(grid: Grid) -> Content:
    shown = table(grid)
    return {
        "width": shown.width,
        "heads": [[head.name, [name for _, name in head.columns]] for head in shown.heads],
        "bands": [
            [
                band.phase.name,
                [[row.name, [[look.word, look.how, look.status] for look in row.looks]] for row in band.rows],
            ]
            for band in shown.bands
        ],
    }


def gaps_part(grid: Grid, state: State, on: date) -> list[Any]:
    """By phase, counted with what the state had stated by that day."""
    found = found_in(grid, on, stated_on(state.pk, on).limits)
    return [
        [each.name, [[kind.title, [gap.reason for gap in kind.gaps], kind.advice] for kind in each.kinds]]
        for each in found
    ]


def questions_part(sheet: Sheet) -> list[list[str]]:
    grid = sheet.grid
    rows = open_questions(CellNote.objects.filter(plan=sheet.plan))
    return [
        [
            grid.element(row.element_id).name,
            called(grid.column(row.column_id)),
            row.text,
            f"{row.written_by.name}, {day(row.written_at, sheet.plan.state)}",
        ]
        for row in rows.select_related("written_by")
    ]


def version_line(newest: Agreement | None, grid: Grid) -> str:
    if newest is None:
        return "no version put forward yet"
    status = "agreed" if newest.is_agreed else "waits for signatures"
    since = "" if against(newest.version, grid).is_empty else ", changed since"
    return f"version {newest.version.number}, {status}{since}"


def signatures_part(told: Agreement, state: State) -> list[list[str]]:
    """Department, who signed and when; blank where it has not."""
    signed = [[name, row.signed_by.name, day(row.signed_at, state)] for name, row in told.signed]
    return [*signed, *([name, "", ""] for name in told.waiting.values())]


def day(moment: datetime, state: State) -> str:
    return written(moment.astimezone(ZoneInfo(state.zone)).date())


def handout_content(agency_id: int) -> Content:
    """By the plan that holds at the agency. Raises LookupError where none does."""
    agency = Agency.objects.select_related("state").get(pk=agency_id)
    plan = plan_at(agency, open_plans(agency.state_id))
    if plan is None:
        raise LookupError("No funding plan holds at this agency.")
    sheet, today = read(plan), agency.state.today()
    kept: dict[str, list[str]] = {}
    for column in sheet.grid.columns:
        if column.department:
            kept.setdefault(column.department, []).append(called(column))
    return {
        **head_part(plan),
        "agency": agency.name,
        "on": today.isoformat(),
        "written_on": written(today),
        "steps": [asdict(each) for each in steps(sheet.grid, today)],
        "asks": [[department, "; ".join(names)] for department, names in kept.items()],
    }


def appendix_content(version_id: int) -> Content:
    """Of what was put forward, and nothing that was said since."""
    version = PlanVersion.objects.select_related("plan__agency", "plan__state", "made_by").get(pk=version_id)
    plan, told = version.plan, agreement(version)
    grid = from_data(version.data)
    made_on = version.made_at.astimezone(ZoneInfo(plan.state.zone)).date()
    return {
        **head_part(plan),
        "number": version.number,
        "made_on": written(made_on),
        "made_by": version.made_by.name,
        "note": version.note,
        "is_agreed": told.is_agreed,
        "signatures": signatures_part(told, plan.state),
        "parties": [asdict(each) for each in shares_of(grid, version.parties)],
        "others": [asdict(each) for each in others(grid, version.parties)],
        "hand_overs": hand_overs(grid),
        "gaps": gaps_part(grid, plan.state, made_on),
    }


KINDS = (
    ReportKind(
        key=PLAN,
        label="Funding plan",
        resource=Resource.FUNDING_PLAN,
        subjects=plans,
        content=plan_content,
        renderer="funding.printing.plan_pdf",
        title=lambda content: f"{content['plan']}, {content['version']}",
        file_name=lambda content: f"{content['plan']} {content['on']}",
    ),
    ReportKind(
        key=HANDOUT,
        label="Who pays for what, handout",
        resource=Resource.FUNDING_PLAN,
        subjects=agencies,
        content=handout_content,
        renderer="funding.printing.handout_pdf",
        title=lambda content: f"Who pays for what at {content['agency']}",
        file_name=lambda content: f"who pays for what {content['agency']} {content['on']}",
        right="view",
    ),
    ReportKind(
        key=APPENDIX,
        label="Funding plan, appendix to an agreement",
        resource=Resource.FUNDING_PLAN,
        subjects=versions,
        content=appendix_content,
        renderer="funding.printing.appendix_pdf",
        title=lambda content: f"Appendix to an agreement: {content['plan']}, version {content['number']}",
        file_name=lambda content: f"appendix {content['plan']} version {content['number']}",
    ),
)


def begin() -> None:
    for kind in KINDS:
        kinds.register(kind)
