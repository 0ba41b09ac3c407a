"""Finding what an address names for whoever asks. Pages and API find it in the same way."""

from collections.abc import Iterator
from uuid import UUID

from django.db.models import Q
from django.http import Http404

from agencies.access import TenantRequest, enter, find
from agencies.models import Team
from agencies.permissions import Actor, Resource
from agencies.refusals import WrongStatus
from ips_portal.quarters import Quarter
from outcomes.expecting import closed_words
from outcomes.in_force import measures_of, policy_of
from outcomes.measures import Measure
from outcomes.models import (
    AT_HOME,
    MeetingNote,
    OnTeam,
    OutcomeImport,
    QuarterlyReport,
    Revision,
    RevisionQuerySet,
    StateQuarter,
    Strategy,
    SupervisorsMeeting,
    leads,
    sees_drafts,
)
from outcomes.policy import BetweenQuarters


def find_team(request: TenantRequest, team: str) -> Team:
    rows = Team.objects.select_related("agency").prefetch_related("partners")
    found: Team = find(request, rows, slug=team)
    return found


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


def find_for_agency(
    request: TenantRequest, team: str, quarter: Quarter
) -> tuple[QuarterlyReport, tuple[Measure, ...]]:
    """A report of one of its teams, and what the state asks of whole agencies. Raises Http404 where that is nothing."""
    report = find_report(request, team, quarter)
    asked = measures_of(policy_of(report.state_id, quarter), "agency")
    if not asked:
        raise Http404
    return report, asked


def find_to_reopen(request: TenantRequest, team: str, quarter: Quarter) -> QuarterlyReport:
    """For those who reopen what is accepted or locked; whether it is, the action says."""
    report = find_report(request, team, quarter, action="view")
    return find_report(request, team, quarter, resource=report.reopens_as)


def find_import(request: TenantRequest, upload: UUID) -> OutcomeImport:
    """One's own file of quarters, with the team that the right to import comes from."""
    rows = OutcomeImport.objects.select_related("team__agency").prefetch_related("team__partners")
    found: OutcomeImport = find(request, rows, public_id=upload)
    return found


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


def find_period(request: TenantRequest, quarter: Quarter) -> StateQuarter:
    rows = StateQuarter.objects.select_related("state", "brief_by")
    found: StateQuarter = find(request, rows, quarter=quarter)
    return found


# --- meetings -------------------------------------------------------------------------------------------------
def find_meeting(request: TenantRequest, quarter: Quarter) -> SupervisorsMeeting:
    found: SupervisorsMeeting = find(request, SupervisorsMeeting.objects.all(), quarter=quarter)
    found.state = request.tenant
    return found


def find_note(request: TenantRequest, meeting: Quarter, note: int) -> MeetingNote:
    """Of this meeting, or of an earlier one."""
    rows = MeetingNote.objects.select_related("meeting", "written_by")
    rows = rows.filter(meeting__quarter__lte=meeting.starts_on)
    found: MeetingNote = find(request, rows, pk=note)
    return found


def find_strategy(request: TenantRequest, strategy: int, *, team: str = "") -> Strategy:
    """Of this team, or for who leads the state of any."""
    rows = Strategy.objects.select_related("team", "written_by").prefetch_related("team__partners")
    found: Strategy = find(request, rows.filter(team__slug=team) if team else rows, pk=strategy)
    return found


# --- between quarters -----------------------------------------------------------------------------------------
def switched_on(request: TenantRequest, quarter: Quarter, *flags: str) -> BetweenQuarters:
    """What the state offers in the quarter. Raises Http404 unless one of `flags` is on, or anything, without flags."""
    between = policy_of(request.tenant.pk, quarter).between
    if not any(getattr(between, flag) for flag in flags or vars(between)):
        raise Http404
    return between


def at_home(request: TenantRequest) -> None:
    """Only seats on a team count here. The permission table lets a leader edit drafts of the agency; these are none."""
    request.actors = [actor for actor in request.actors if actor.role in AT_HOME]
    if not request.actors:
        raise Http404
    if request.actor not in request.actors:
        enter(request, request.actors[-1])


def seats_at_home(request: TenantRequest) -> Iterator[Actor]:
    """Each seat on a team, entered while it is looked at."""
    at_home(request)
    for actor in request.actors:
        enter(request, actor)
        yield actor


def find_supervised(request: TenantRequest, team: str) -> Team:
    """For a supervisor of it."""
    at_home(request)
    found = find_team(request, team)
    if not leads(request.actor, found.pk):
        raise Http404
    return found


def find_on_team(request: TenantRequest, team: str, person: int) -> OnTeam:
    at_home(request)
    rows = OnTeam.objects.placed().open_on(request.tenant.today())
    found: OnTeam = find(request, rows, team__slug=team, membership__person_id=person)
    found.state = request.tenant
    return found


def find_whose_goals(request: TenantRequest, team: str, person: int | None) -> tuple[Team, OnTeam | None]:
    """The team, and the specialist whom the goals are about; without one they are the team's own."""
    if person is None:
        return find_supervised(request, team), None
    on_team = find_on_team(request, team, person)
    return on_team.team, on_team
