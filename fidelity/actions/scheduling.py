"""A review gets a date and its reviewers, another date, other reviewers, or is cancelled."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from agencies import tenancy
from agencies.actions import assignments
from agencies.models import Assignment, Membership, State, Team
from agencies.permissions import Actor, Resource, Role, require
from agencies.refusals import NotPermitted, Unacceptable, WrongStatus
from agencies.tenancy import because
from fidelity import notices
from fidelity.in_force import scale_version_on
from fidelity.models import Correction, Review, Reviewer, ReviewerQuerySet
from fidelity.reviewers import candidates, conflicts

LONGEST_VISIT = timedelta(days=31)
FARTHEST_AHEAD = timedelta(days=2 * 366)


@transaction.atomic(savepoint=False)
def schedule(
    team: Team,
    *,
    kind: str,
    mode: str,
    starts_on: date,
    ends_on: date,
    lead: Membership,
    others: Sequence[Membership] = (),
    by: Actor,
) -> Review:
    """Books a review. Leaders and supervisors book self-reviews of their own teams only."""
    require(by, "create", Resource.REVIEW, team.place)
    today = team.state.today()
    if by.role in (Role.AGENCY_LEADER, Role.SUPERVISOR) and kind == Review.Kind.EXTERNAL:
        raise Unacceptable(
            "An external review is scheduled by the state's trainers. You may schedule a self-review.",
            field="kind",
        )
    if team.ended_on and team.ended_on <= today:
        raise Unacceptable(
            f"{team} closed on {team.ended_on:%B %-d, %Y}. Reopen the team first.", field="team"
        )
    check_dates(starts_on, ends_on, today)
    check_overlap(team, starts_on, ends_on)
    check_reviewers(team, kind, lead, others, today)
    review = Review.objects.create(
        state_id=team.state_id,
        team=team,
        scale=scale_version_on(team.state_id, starts_on),
        kind=kind,
        mode=mode,
        starts_on=starts_on,
        ends_on=ends_on,
        scheduled_by_id=by.person_id,
    )
    for membership in [lead, *others]:
        add_reviewer(review, membership, is_lead=membership == lead, by=by)
    if ends_on >= today:  # nobody is invited to a visit that is entered afterwards
        notices.scheduled(review, by=by.person_id)
    return review


@transaction.atomic(savepoint=False)
def reschedule(review: Review, *, mode: str, starts_on: date, ends_on: date, by: Actor) -> Review:
    require(by, "edit", Resource.REVIEW, review.place)
    check_dated_by(by)
    lock(review)
    check_open(review)
    check_dates(starts_on, ends_on, review.state.today())
    check_overlap(review.team, starts_on, ends_on, but=review)
    if (review.mode, review.starts_on, review.ends_on) == (mode, starts_on, ends_on):
        return review
    review.mode, review.starts_on, review.ends_on = mode, starts_on, ends_on
    if review.status == Review.Status.SCHEDULED:
        review.scale = scale_version_on(review.state_id, starts_on)
    review.save(update_fields=["mode", "starts_on", "ends_on", "scale"])
    notices.changed(review, by=by.person_id)
    return review


def settle_scales(state: State, since: date) -> None:
    """Visits that are booked and not begun are rated by the scale of their day, also where it was decided later."""
    booked = Review.objects.in_state(state.pk).filter(status=Review.Status.SCHEDULED, starts_on__gte=since)
    for review in booked.select_for_update(of=("self",)):
        version = scale_version_on(state.pk, review.starts_on)
        if version.pk != review.scale_id:
            review.scale = version
            review.save(update_fields=["scale"])


@transaction.atomic(savepoint=False)
def cancel(review: Review, *, reason: str, by: Actor) -> Review:
    """Keeps the review and what was rated; nobody can rate it any more."""
    require(by, "edit", Resource.REVIEW, review.place)
    check_dated_by(by)
    lock(review)
    check_open(review)
    if not reason.strip():
        raise Unacceptable("Say why the review is cancelled; the team will see it.", field="reason")
    review.status, review.cancelled_reason = Review.Status.CANCELLED, reason.strip()
    with because(reason):
        review.save(update_fields=["status", "cancelled_reason"])
        close_assignments(review, review.state.today() - timedelta(days=1), by=by)  # from the next request on
    notices.cancelled(review, by=by.person_id)
    return review


def lock(review: Review) -> None:
    """Reads the review as it is now and keeps it so: what was read before may have changed meanwhile."""
    review.refresh_from_db(from_queryset=Review.objects.select_for_update(of=("self",)))


def check_dated_by(by: Actor) -> None:
    """A payer's right to edit a review is that of naming reviewers (trust reference 2.1)."""
    if by.role is Role.PAYER:
        raise NotPermitted("The state's people set the dates of a review and cancel it. Nothing was changed.")


def check_open(review: Review) -> None:
    if not review.is_open:
        raise WrongStatus(
            f"This review is {review.get_status_display().lower()}, so its dates and reviewers stay as they are."
        )


def check_dates(starts_on: date, ends_on: date, today: date) -> None:
    if ends_on < starts_on:
        raise Unacceptable(
            f"The last day ({ends_on:%B %-d, %Y}) is before the first ({starts_on:%B %-d, %Y}).",
            field="ends_on",
        )
    if ends_on - starts_on > LONGEST_VISIT:
        raise Unacceptable(
            "A review lasts a few days; these dates are more than a month apart.", field="ends_on"
        )
    if not today - FARTHEST_AHEAD <= starts_on <= today + FARTHEST_AHEAD:
        raise Unacceptable(
            f"Check the year: {starts_on:%B %-d, %Y} is more than two years away.", field="starts_on"
        )


def check_overlap(team: Team, starts_on: date, ends_on: date, but: Review | None = None) -> None:
    """One booking of a team at a time, or two would not see each other."""
    Team.objects.select_for_update(of=("self",)).get(pk=team.pk)
    other = (
        team.reviews.exclude(status=Review.Status.CANCELLED)
        .exclude(pk=but.pk if but else None)
        .filter(starts_on__lte=ends_on, ends_on__gte=starts_on)
        .first()
    )
    if other:
        raise Unacceptable(
            f"{team} already has a review on {other.starts_on:%B %-d, %Y} ({other.get_kind_display().lower()}).",
            field="starts_on",
        )


def check_reviewers(
    team: Team, kind: str, lead: Membership | None, others: Sequence[Membership], today: date
) -> None:
    reviewers = [*([lead] if lead else []), *others]
    if len({membership.person_id for membership in reviewers}) < len(reviewers):
        raise Unacceptable("A person can review once. Name each reviewer one time.", field="others")
    known = {membership.pk for membership in candidates(team, kind, today)}
    barred = conflicts(team, [m.person_id for m in reviewers], today) if kind == Review.Kind.EXTERNAL else {}
    for membership in reviewers:
        field = "lead" if membership is lead else "others"
        if membership.person_id in barred:
            raise Unacceptable(barred[membership.person_id].text(str(membership.person)), field=field)
        if membership.pk not in known:
            raise Unacceptable(
                f"{membership.person} cannot review this team in a review of this kind.", field=field
            )


def add_reviewer(review: Review, membership: Membership, *, is_lead: bool, by: Actor) -> Reviewer:
    assignments.assign(
        membership,
        team=review.team,
        purpose=Assignment.Purpose.REVIEWER,
        starts_on=review.state.today(),
        by=by,
    )
    return Reviewer.objects.create(
        state_id=review.state_id,
        review=review,
        team_id=review.team_id,
        person_id=membership.person_id,
        membership=membership,
        is_lead=is_lead,
    )


def close_assignments(review: Review, on: date, *, by: Actor) -> None:
    """The reviewers' way into the team ends on a day, but for those who review it again."""
    for reviewer in review.reviewers.exclude(person__in=reviewing_again(review).values("person")):
        end_assignment(review, reviewer, on, by=by)


def reviewing_again(review: Review) -> ReviewerQuerySet:
    """The reviewers of the team's other reviews that are not issued yet."""
    rows: ReviewerQuerySet = Reviewer.objects.filter(
        team_id=review.team_id, review__status__in=Review.UNDER_WAY
    )
    return rows.exclude(review=review)


def end_assignment(review: Review, reviewer: Reviewer, on: date, *, by: Actor) -> None:
    """Who writes a correction of a report about the team stays in until its last day."""
    on = max([on, *days_of_writing(review, reviewer.person_id)])
    assignments.end_open(
        reviewer.membership_id, team_id=review.team_id, purpose=Assignment.Purpose.REVIEWER, on=on, by=by
    )


def days_of_writing(review: Review, person_id: int) -> list[date]:
    """The last days of the team's open corrections this person writes, also of those the caller does not see."""
    with tenancy.as_system(review.state_id):
        rows = Correction.objects.in_state(review.state_id).filter(
            team_id=review.team_id, writer_id=person_id
        )
        return [row.last_day for row in rows.open_at(timezone.now()).select_related("state")]
