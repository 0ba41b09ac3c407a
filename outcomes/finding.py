"""Finding a team's report of a quarter for whoever asks. Pages and API find it in the same way."""

from django.db.models import Q
from django.http import Http404

from agencies.access import TenantRequest, find
from agencies.models import Team
from agencies.permissions import Resource
from agencies.refusals import WrongStatus
from ips_portal.quarters import Quarter
from outcomes.expecting import closed_words
from outcomes.models import QuarterlyReport, Revision, RevisionQuerySet, sees_drafts


def find_report(
    request: TenantRequest,
    team: str,
    quarter: Quarter,
    *,
    resource: Resource | None = None,
    action: str | None = None,
) -> QuarterlyReport:
    """Raises Http404, and WrongStatus for a team that was closed by then."""
    rows = QuarterlyReport.objects.placed().select_related("submitted_by", "accepted_by")
    try:
        found: QuarterlyReport = find(
            request, rows, resource=resource, action=action, team__slug=team, quarter=quarter
        )
    except Http404:
        check_not_closed(request, team, quarter)
        raise
    found.state = request.tenant
    return found


def check_not_closed(request: TenantRequest, slug: str, quarter: Quarter) -> None:
    """Only to those who may read the team's reports."""
    rows = Team.objects.select_related("agency").prefetch_related("partners")
    team: Team = find(request, rows, resource=Resource.OUTCOME_SUBMITTED, action="view", slug=slug)
    if closed := closed_words(team.name, quarter, team.ended_on):
        raise WrongStatus(closed)


def find_to_reopen(request: TenantRequest, team: str, quarter: Quarter) -> QuarterlyReport:
    """For those who reopen what is accepted or locked; whether it is, the action says."""
    report = find_report(request, team, quarter, action="view")
    return find_report(request, team, quarter, resource=report.reopens_as)


def shown_revision(request: TenantRequest, report: QuarterlyReport) -> Revision | None:
    """The figures this person may read now: a draft only at home, else what was submitted or is in force."""
    rows = Revision.objects.visible_to(request.actor).filter(report=report)
    if report.status == report.Status.SUBMITTED:
        return rows.filter(number=report.current).first()
    if report.is_with_team and sees_drafts(request.actor):
        return rows.filter(number=report.current).first()
    return rows.filter(number=report.in_force, is_draft=False).first() if report.in_force else None


def find_revision(request: TenantRequest, report: QuarterlyReport, number: int) -> Revision:
    row: Revision | None = submitted_revisions(request, report).filter(number=number).first()
    if row is None:
        raise Http404
    return row


def submitted_revisions(request: TenantRequest, report: QuarterlyReport) -> RevisionQuerySet:
    """What was submitted. Above the agency without what the team took back before anybody decided on it."""
    rows = Revision.objects.visible_to(request.actor).filter(report=report, is_draft=False)
    if sees_drafts(request.actor):
        return rows
    latest = rows.order_by("-number").values("number")[:1]
    is_read = report.status in (report.Status.SUBMITTED, report.Status.RETURNED)
    return rows.filter(Q(number__lte=report.in_force or 0) | (Q(number=latest) if is_read else Q(pk=None)))
