"""Who reviews is changed: others are named, and who has not begun is taken off."""

from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from agencies.models import Membership
from agencies.permissions import Actor, Resource, require
from agencies.refusals import NotPermitted, Unacceptable
from fidelity import notices
from fidelity.actions.finishing import move_on
from fidelity.actions.scheduling import (
    add_reviewer,
    check_open,
    check_reviewers,
    end_assignment,
    lock,
    reviewing_again,
)
from fidelity.models import Review, Reviewer
from fidelity.moderation import Stage, stage_of
from fidelity.reviewers import candidates, may_name_reviewers


@transaction.atomic(savepoint=False)
def change_reviewers(
    review: Review, *, lead: Membership | None, others: Sequence[Membership] = (), by: Actor
) -> Review:
    """Who has begun to rate stays: nobody's ratings are thrown away. Without a `lead` the lead stays.

    While the report is in draft the lead stays in any case, and others may be named to go on writing it; what a
    second person has said of the draft counts no more then.
    """
    require(by, "edit", Resource.REVIEW, review.place)
    lock(review)
    check_named_by(review, by)
    present = {reviewer.person_id: reviewer for reviewer in review.reviewers.select_related("person")}
    led = next(person_id for person_id, reviewer in present.items() if reviewer.is_lead)
    leads = check_lead(review, lead, led)
    named = {membership.person_id: membership for membership in [lead, *others] if membership}
    today = review.state.today()
    check_reviewers(review.team, review.kind, lead, others, today)
    able = {membership.person_id for membership in candidates(review.team, review.kind, today)}
    gone = {person_id for person_id, row in present.items() if row.started_at and person_id not in able}
    wanted = named.keys() | gone | {leads}  # nobody can name who left the state, and what they rated stays
    if present.keys() == wanted and led == leads:
        return review
    withdraw_moderation(review)
    for person_id in present.keys() - wanted:
        remove_reviewer(present[person_id], by=by)
    review.reviewers.filter(is_lead=True).exclude(person_id=leads).update(is_lead=False)
    for person_id in wanted - present.keys():
        add_reviewer(review, named[person_id], is_lead=False, by=by)
    review.reviewers.filter(person_id=leads).update(is_lead=True)
    if review.is_open:
        review.reviewers.filter(person__in=gone, finished_at=None).update(set_aside_at=timezone.now())
        move_on(review, by=by)
    notices.changed(review, by=by.person_id)
    return review


def withdraw_moderation(review: Review) -> None:
    """The reviewers' names stand in the report, so nobody has read it as it is from now on."""
    if stage_of(review) in (Stage.WAITING, Stage.AGREED):
        review.texts.update(version=F("version") + 1)


def check_named_by(review: Review, by: Actor) -> None:
    if not may_name_reviewers(review, by):
        raise NotPermitted("The state's people name the reviewers of this review. Nothing was changed.")


def check_nameable(review: Review) -> None:
    """Until the report is issued: others may go on writing it."""
    if review.status != Review.Status.DRAFT_REPORT:
        check_open(review)


def check_lead(review: Review, lead: Membership | None, led: int) -> int:
    """Returns whose review it is from now on. A report in draft stands on its lead's ratings."""
    check_nameable(review)
    if review.is_open:
        return lead.person_id if lead else led
    if lead and lead.person_id != led:
        raise Unacceptable(
            "Rating is finished, so the lead stays. Name others to go on writing the report.",
            field="lead",
        )
    return led


def remove_reviewer(reviewer: Reviewer, *, by: Actor) -> None:
    if reviewer.started_at:  # the ratings themselves are blind even to whoever manages the review
        raise Unacceptable(
            f"{reviewer.person} has begun to rate, so stays on the review. Cancel the review to start over.",
            field="others",
        )
    review = reviewer.review
    reviewer.delete()
    if not reviewing_again(review).filter(person_id=reviewer.person_id).exists():
        yesterday = review.state.today() - timedelta(days=1)  # so that the very next request is refused
        end_assignment(review, reviewer, yesterday, by=by)
