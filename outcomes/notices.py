"""Whom this app tells what: whose turn a quarter is, what came back, and what is due."""

from agencies import tenancy
from agencies.models import Membership, Person
from agencies.permissions import Actor, Role
from ips_portal.notices import register
from ips_portal.notices.actions import tell
from ips_portal.notices.register import Notice
from outcomes.models import QuarterlyReport

FACTS = frozenset({"team", "quarter"})
SUBMITTED = Notice(
    key="quarter-submitted",
    event="Your turn: a team has submitted its quarter",
    to_whom="State admins and trainers, except who submitted",
    subject="{team} has submitted {quarter}",
    why="you may accept quarterly figures or return them",
    facts=FACTS | {"by"},
)
RETURNED = Notice(
    key="quarter-returned",
    event="Your turn: the state has returned your quarter with comments",
    to_whom="The supervisor of the team, and who submitted",
    subject="{quarter} of {team} came back to you",
    why="you report the figures of this team",
    facts=FACTS | {"by"},
)
REOPENED = Notice(
    key="quarter-reopened",
    event="An accepted quarter of your team is reopened for correction",
    to_whom="The supervisor of the team, and who submitted",
    subject="{quarter} of {team} is reopened",
    why="you report the figures of this team",
    facts=FACTS | {"by"},
)
ALL = (SUBMITTED, RETURNED, REOPENED)


def begin() -> None:
    for notice in ALL:
        register.register(notice)


def submitted(report: QuarterlyReport, *, by: Actor) -> int:
    with tenancy.as_system(report.state_id):
        able = Membership.objects.in_state(report.state_id).open_on(report.state.today())
        deciding = able.filter(role__in=[Role.STATE_ADMIN, Role.STATE_TRAINER]).exclude(person=by.person_id)
        people = list(Person.objects.filter(pk__in=deciding.values("person_id")).order_by("pk"))
    return _tell(SUBMITTED, report, people, by)


def returned(report: QuarterlyReport, *, by: Actor) -> int:
    return _tell(RETURNED, report, those_who_report(report), by)


def reopened(report: QuarterlyReport, *, by: Actor) -> int:
    return _tell(REOPENED, report, those_who_report(report), by)


def those_who_report(report: QuarterlyReport) -> list[Person]:
    """The team's supervisors and whoever submitted last, as far as they still belong to the agency."""
    with tenancy.as_system(report.state_id):
        rows = Membership.objects.in_state(report.state_id).open_on(report.state.today())
        supervise = rows.filter(role=Role.SUPERVISOR, teams__team=report.team_id)
        sent = rows.filter(person=report.submitted_by_id, agency__in=report.team.agency_ids)
        ids = {row.person_id for row in [*supervise, *sent]}
        return list(Person.objects.filter(pk__in=ids).order_by("pk"))


def _tell(notice: Notice, report: QuarterlyReport, people: list[Person], by: Actor) -> int:
    return tell(
        notice.key,
        state=report.state,
        to=[person for person in people if person.pk != by.person_id],
        key=f"{notice.key}:{report.pk}:{report.version}",
        link=f"/{report.state.slug}/outcomes/{report.team.slug}/{report.quarter.slug}/",
        facts={"team": report.team.name, "quarter": report.quarter.months, "by": by.name},
    )
