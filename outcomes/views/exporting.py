"""Tables of pages as files, CSV or Excel. Who downloads stands in the file."""

from django.http import Http404, HttpResponse

from agencies.access import TenantRequest, door, find
from agencies.models import Team
from agencies.permissions import Resource
from fidelity.in_force import policy_on, scale_by
from ips_portal import downloads
from ips_portal.quarters import Quarter
from ips_portal.spreadsheets import Table
from outcomes.dashboards import exporting
from outcomes.dashboards.census import agencies, agencies_table
from outcomes.dashboards.charted import fidelity_pairs
from outcomes.dashboards.choosing import chosen_teams
from outcomes.dashboards.comparison import Comparison, comparison, leads_state
from outcomes.dashboards.listing import grid
from outcomes.dashboards.published import published_table
from outcomes.dashboards.side_by_side import side_by_side
from outcomes.dashboards.trend import course
from outcomes.in_force import policy_of
from outcomes.models import QuarterlyReport, Revision
from outcomes.views.pages import asked_measure, asked_quarter, newest_open, quarters_shown


def as_file(request: TenantRequest, table: Table, file: str, name: str, until: Quarter) -> HttpResponse:
    return downloads.as_file(table, file, f"{name}-{request.tenant.slug}-{until.slug}")


@door(Resource.OUTCOME_SUBMITTED, GET="export")
def quarter_file(request: TenantRequest, state: str, file: str) -> HttpResponse:
    quarter = asked_quarter(request, newest_open(request.tenant.today()))
    table = exporting.quarter_table(request.tenant, request.actor, quarter)
    return as_file(request, table, file, "outcomes", quarter)


@door(Resource.OUTCOME_SUBMITTED, GET="export")
def teams_file(request: TenantRequest, state: str, file: str) -> HttpResponse:
    page = compared(request)
    chosen = chosen_teams(page, request.GET, of_quarter=True)
    table = exporting.teams_table(request.tenant, request.actor, page, chosen.lines, chosen.choice.words)
    return as_file(request, table, file, "teams", page.quarter)


@door(Resource.OUTCOME_SUBMITTED, GET="export")
def state_file(request: TenantRequest, state: str, file: str) -> HttpResponse:
    """Exact rates of the whole state, so for nobody below it."""
    to_leads_only(request)
    page = compared(request)
    table = exporting.state_table(request.tenant, request.actor, page)
    return as_file(request, table, file, "state", page.quarter)


@door(Resource.OUTCOME_SUBMITTED, GET="export")
def fidelity_file(request: TenantRequest, state: str, file: str) -> HttpResponse:
    to_leads_only(request)
    quarter = asked_quarter(request)
    policy = policy_on(request.tenant.pk, quarter.ends_on)
    read = side_by_side(QuarterlyReport.objects.visible_to(request.actor), [quarter])
    scale = scale_by(policy, request.tenant.pk, quarter.ends_on)
    pairs = fidelity_pairs(policy, scale, request.actor, quarter, read.teams, read.figures)
    table = exporting.fidelity_table(request.tenant, request.actor, quarter, pairs, scale)
    return as_file(request, table, file, "fidelity-and-employment", quarter)


@door(Resource.OUTCOME_SUBMITTED, GET="export")
def agencies_file(request: TenantRequest, state: str, file: str) -> HttpResponse:
    page = compared(request)
    found = agencies(policy_of(request.tenant.pk, page.quarter), request.actor, page)
    table = agencies_table(request.tenant, request.actor, page.quarter, found)
    return as_file(request, table, file, "agencies", page.quarter)


@door(Resource.OUTCOME_SUBMITTED, GET="export")
def reports_file(request: TenantRequest, state: str, file: str) -> HttpResponse:
    quarters = quarters_shown(request)
    shown = grid(request.actor, quarters, request.tenant.today())
    table = exporting.grid_table(request.tenant, request.actor, shown)
    return as_file(request, table, file, "reports", quarters[-1])


@door(Resource.BENCHMARKS, GET="export")
def published_file(request: TenantRequest, state: str, file: str) -> HttpResponse:
    table = published_table(request.tenant, request.actor)
    return as_file(request, table, file, "published", Quarter.last_ended(request.tenant.today()))


@door(Resource.OUTCOME_SUBMITTED, GET="export")
def trend_file(request: TenantRequest, state: str, team: str, file: str) -> HttpResponse:
    found = find(request, Team.objects.select_related("agency").prefetch_related("partners"), slug=team)
    measure, length = asked_measure(request)
    quarters = Quarter.last_ended(request.tenant.today()).last(length)
    reports = QuarterlyReport.objects.visible_to(request.actor)
    revisions = Revision.objects.visible_to(request.actor)
    own = course(found, request.tenant, measure, quarters, reports, revisions)
    table = exporting.trend_table(request.tenant, request.actor, found, measure, own)
    return as_file(request, table, file, f"{measure.replace('_', '-')}-{found.slug}", quarters[-1])


def compared(request: TenantRequest) -> Comparison:
    return comparison(request.tenant, request.actor, asked_quarter(request))


def to_leads_only(request: TenantRequest) -> None:
    if not leads_state(request.actor):
        raise Http404
