"""Whom this app tells what: whose turn a quarter is, what came back, and what is due."""

from collections.abc import Collection, Mapping
from datetime import date, timedelta

from django.db.models import Q

from agencies import tenancy
from agencies.models import Membership, Person, State
from agencies.permissions import Actor, Role
from ips_portal.notices import mornings, register
from ips_portal.notices.actions import remind, tell
from ips_portal.notices.pacing import Pace
from ips_portal.notices.register import Notice, record_in
from outcomes.in_force import policy_of
from outcomes.models import AgreementAnswer, FigureInFull, Publication, QuarterlyReport, SharingAgreement

FACTS = frozenset({"team", "quarter"})
LONGEST = timedelta(days=91)  # no ladder reaches farther
LEADS = (Role.STATE_ADMIN, Role.STATE_TRAINER)
LATE = timedelta(days=7)  # a morning that was missed is made up for within a week


def still_submitted(state: State, key: str, person: Person | None) -> bool:
    return _report(state, key).status == QuarterlyReport.Status.SUBMITTED


def still_with_team(state: State, key: str, person: Person | None) -> bool:
    return _report(state, key).is_with_team


def still_asked(state: State, key: str, person: Person | None) -> bool:
    waiting = AgreementAnswer.objects.in_state(state.pk).filter(status=AgreementAnswer.Status.WAITING)
    return bool(waiting.filter(pk=int(record_in(key))).exists())


def still_left(state: State, key: str, person: Person | None) -> bool:
    sharing = AgreementAnswer.objects.in_state(state.pk).filter(status=AgreementAnswer.Status.ACCEPTED)
    return not sharing.filter(pk=int(record_in(key))).exists()


def _report(state: State, key: str) -> QuarterlyReport:
    found: QuarterlyReport = QuarterlyReport.objects.in_state(state.pk).get(pk=int(record_in(key)))
    return found


SUBMITTED = Notice(
    key="quarter-submitted",
    event="Your turn: a team has submitted its quarter",
    to_whom="State admins and trainers, except who submitted",
    subject="{team} has submitted {quarter}",
    why="you may accept quarterly figures or return them",
    facts=FACTS | {"by"},
    pace=Pace.DIGEST,
    button="Read the figures",
    still=still_submitted,
)
RETURNED = Notice(
    key="quarter-returned",
    event="Your turn: the state has returned your quarter with comments",
    to_whom="The supervisor of the team, and who submitted",
    subject="{quarter} of {team} came back to you",
    why="you report the figures of this team",
    facts=FACTS | {"by"},
    pace=Pace.AT_ONCE,
    button="See the comments",
    still=still_with_team,
)
REOPENED = Notice(
    key="quarter-reopened",
    event="An accepted quarter of your team is reopened for correction",
    to_whom="The supervisor of the team, and who submitted",
    subject="{quarter} of {team} is reopened",
    why="you report the figures of this team",
    facts=FACTS | {"by"},
    pace=Pace.AT_ONCE,
    button="Open the report",
    still=still_with_team,
)
DUE = Notice(
    key="quarter-due",
    event="A quarter of your team is due soon, or is overdue",
    to_whom="The supervisors of the team, before and after the due date as the state has set",
    subject="{quarter} of {team} is due on {due_on}",
    why="you report the figures of this team, and they are not submitted yet",
    facts=FACTS | {"due_on"},
    pace=Pace.AT_ONCE,
    button="Enter the figures",
    still=still_with_team,
)
PUBLISHED = Notice(
    key="quarter-published",
    event="A quarter of all programs is published",
    to_whom="Agency leaders and supervisors of the state",
    subject="{quarter}: the outcomes of all programs are published",
    why="your program is one of those that share their outcomes",
    facts=frozenset({"quarter"}),
    pace=Pace.DIGEST,
    button="See all programs",
)
SHARING = Notice(
    key="sharing-asked",
    event="An agreement on sharing in full waits for the answer of your agency",
    to_whom="The leaders of each agency that takes part",
    subject="Your answer is asked: sharing outcomes in full",
    why="you answer for your agency",
    facts=frozenset({"until"}),
    pace=Pace.AT_ONCE,
    button="Read the agreement",
    still=still_asked,
)
LEFT = Notice(
    key="sharing-left",
    event="An agency no longer shares in full",
    to_whom="State admins and trainers, and the leaders of the agencies that read its exact figures, "
    "except who withdrew",
    subject="{name} no longer shares in full",
    why="you answer for your agency or lead the state, and sharing in full is agreed between agencies",
    facts=frozenset({"name"}),
    button="See the agreement",
    still=still_left,
)
ENDED = Notice(
    key="sharing-ended",
    event="An agreement on sharing in full has ended",
    to_whom="The leaders of each agency that shared, state admins and trainers, except who ended it",
    subject="Sharing in full has ended",
    why="you answer for an agency that shared in full, or you lead the state",
    facts=frozenset({"until"}),
    button="See the agreement",
)
ALL = (SUBMITTED, RETURNED, REOPENED, DUE, PUBLISHED, SHARING, LEFT, ENDED)


def begin() -> None:
    for notice in ALL:
        register.register(notice)
    mornings.each_morning("quarters due", remind_of_due)
    mornings.each_morning("agreements ended", tell_of_ended)


def remind_of_due(state: State) -> None:
    """Each step of the state's ladder once, as long as the figures are the team's to submit."""
    today = state.today()
    waiting = (
        QuarterlyReport.objects.in_state(state.pk)
        .placed()
        .filter(status__in=QuarterlyReport.WITH_TEAM, due_on__gt=today - LONGEST, due_on__lt=today + LONGEST)
    )
    for report in waiting:
        report.state = state
        remind(
            DUE.key,
            state=state,
            to=supervisors_of(report),
            record=str(report.pk),
            due_on=report.due_on,
            ladder=policy_of(state.pk, report.quarter).reminders,
            today=today,
            link=f"/{state.slug}/outcomes/{report.team.slug}/{report.quarter.slug}/edit/",
            facts={
                "team": report.team.name,
                "quarter": report.quarter.months,
                "due_on": _day(report.due_on),
            },
        )


def submitted(report: QuarterlyReport, *, by: Actor) -> int:
    with tenancy.as_system(report.state_id):
        able = Membership.objects.in_state(report.state_id).open_on(report.state.today())
        deciding = able.filter(role__in=LEADS).exclude(person=by.person_id)
        people = list(Person.objects.filter(pk__in=deciding.values("person_id")).order_by("pk"))
    return _tell(SUBMITTED, report, people, by)


def returned(report: QuarterlyReport, *, by: Actor) -> int:
    return _tell(RETURNED, report, those_who_report(report), by)


def reopened(report: QuarterlyReport, *, by: Actor) -> int:
    return _tell(REOPENED, report, those_who_report(report), by)


def published(publication: Publication) -> int:
    """Once for a quarter: a corrected publication is seen on the page."""
    state = publication.state
    rows = Membership.objects.in_state(state.pk).open_on(state.today())
    reading = rows.filter(role__in=[Role.AGENCY_LEADER, Role.SUPERVISOR])
    return tell(
        PUBLISHED.key,
        state=state,
        to=list(Person.objects.filter(pk__in=reading.values("person_id")).order_by("pk")),
        key=f"{PUBLISHED.key}:{publication.quarter.slug}",
        link=f"/{state.slug}/outcomes/shared/?quarter={publication.quarter.slug}",
        facts={"quarter": publication.quarter.months},
    )


def asked_to_share(agreement: SharingAgreement, given: AgreementAnswer) -> int:
    return _tell_of_sharing(
        SHARING, agreement, f"{given.pk}", leaders=[given.agency_id], facts={"until": _day(agreement.ends_on)}
    )


def left_sharing(given: AgreementAnswer, *, by: Actor) -> int:
    """To agencies that were in a circle with it; where it never was in one, there is nothing they have seen."""
    agreement = given.agreement
    with tenancy.as_system(given.state_id):
        circles = Publication.objects.in_state(given.state_id).filter(
            pk__in=FigureInFull.objects.filter(agreement=agreement).values("publication"),
            circle__contains=[given.agency_id],
        )
        knew = {agency for circle in circles.values_list("circle", flat=True) for agency in circle}
    return _tell_of_sharing(
        LEFT,
        agreement,
        f"{given.pk}:{given.answered_at:%Y%m%dT%H%M%S.%f}",
        leaders=knew | {given.agency_id},
        facts={"name": given.agency.name},
        with_state=True,
        by=by,
    )


def tell_of_ended(state: State) -> None:
    today = state.today()
    rows = SharingAgreement.objects.in_state(state.pk).filter(ended_at=None)
    for agreement in rows.filter(ends_on__lt=today, ends_on__gte=today - LATE):
        agreement.state = state
        sharing_ended(agreement, agreement.ends_on)


def sharing_ended(agreement: SharingAgreement, last_day: date, *, by: Actor | None = None) -> int:
    return _tell_of_sharing(
        ENDED,
        agreement,
        f"{agreement.pk}",
        leaders=sharing_in(agreement),
        facts={"until": _day(last_day)},
        with_state=True,
        by=by,
    )


def sharing_in(agreement: SharingAgreement) -> set[int]:
    """Agencies by their ids."""
    with tenancy.as_system(agreement.state_id):
        answers = AgreementAnswer.objects.filter(agreement=agreement, status=AgreementAnswer.Status.ACCEPTED)
        return set(answers.values_list("agency_id", flat=True))


def supervisors_of(report: QuarterlyReport) -> list[Person]:
    with tenancy.as_system(report.state_id):
        rows = Membership.objects.in_state(report.state_id).open_on(report.state.today())
        supervise = rows.filter(role=Role.SUPERVISOR, teams__team=report.team_id)
        return list(Person.objects.filter(pk__in=supervise.values("person_id")).order_by("pk"))


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


def _tell_of_sharing(
    notice: Notice,
    agreement: SharingAgreement,
    record: str,
    *,
    leaders: Collection[int],
    facts: Mapping[str, str],
    with_state: bool = False,
    by: Actor | None = None,
) -> int:
    state = agreement.state
    with tenancy.as_system(state.pk):
        rows = Membership.objects.in_state(state.pk).open_on(state.today())
        whom = Q(role=Role.AGENCY_LEADER, agency__in=leaders)
        if with_state:
            whom |= Q(role__in=LEADS)
        ids = rows.filter(whom).exclude(person=by and by.person_id).values("person_id")
        people = list(Person.objects.filter(pk__in=ids).order_by("pk"))
    return tell(
        notice.key,
        state=state,
        to=people,
        key=f"{notice.key}:{record}",
        link=f"/{state.slug}/outcomes/sharing/",
        facts=facts,
    )


def _day(day: date) -> str:
    return f"{day:%B %-d, %Y}"
