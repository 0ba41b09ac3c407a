"""A correction of an issued report is opened by the state, over chosen items and until a day, or given up again.

The issued edition stands meanwhile, and where the days are over without a new one, it goes on standing. Source: domain
reference 1.3, R13; trust reference 2.2 rules 6 and 7.
"""

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from agencies.actions import assignments
from agencies.models import Assignment, Membership
from agencies.permissions import Actor, Resource, require
from agencies.refusals import StaleVersion, Unacceptable, WrongStatus
from agencies.tenancy import because
from fidelity import notices, reports, snapshots
from fidelity.actions.reporting import check_length
from fidelity.actions.scheduling import lock
from fidelity.answering import end_of
from fidelity.in_force import scale_of
from fidelity.models import CorrectedItem, Correction, Review
from fidelity.reviewers import can_be_corrected, correctors, who_corrects
from fidelity.scales import UnknownItem

USUAL_DAYS = 14  # how long a correction stays open where nobody says otherwise
MOST_DAYS = 60


@transaction.atomic(savepoint=False)
def begin(
    review: Review,
    *,
    items: Collection[str],
    with_texts: bool,
    writer: Membership,
    until: date,
    reason: str,
    by: Actor,
) -> Correction:
    """Opens the chosen items, and the texts where it says so, over the edition that is issued now.

    The writer's way into the team is opened until that day, and ends with it.
    """
    require(by, "reopen", Resource.REVIEW, review.place)
    lock(review)
    check_issued(review)
    check_has_writer(review)
    before = last_of(review)
    check_none_open(before)
    check_chosen(review, items, with_texts=with_texts)
    check_until(review, until)
    check_writer(review, writer)
    check_words(
        reason, "reason", "Say why the report is corrected; everybody who reads the new edition sees it."
    )
    check_rated(items, snapshots.items_of(reports.last_snapshot(review.pk)))
    if before and before.closed_at is None:
        expire(before)
    with because(reason):
        correction = laid_over(
            review,
            items,
            with_texts=with_texts,
            writer_id=writer.person_id,
            reason=reason.strip(),
            ends_at=end_of(until, review.state.zone),
            by=by,
        )
    let_in(review, writer, until, by=by)
    notices.to_write_correction(correction)
    return correction


def laid_over(
    review: Review, items: Collection[str], *, by: Actor, with_texts: bool, **asked: Any
) -> Correction:
    """The rows begin as what the issued edition says."""
    issued = reports.last_edition(review.pk)
    said = snapshots.items_of(issued.snapshot)
    correction = Correction.objects.create(
        state_id=review.state_id,
        review=review,
        team_id=review.team_id,
        corrects=issued.number,
        with_texts=with_texts,
        opened_by_id=by.person_id,
        **(snapshots.texts_of(issued.snapshot) if with_texts else {}),
        **asked,
    )
    codes = [code for code in scale_of(review).codes if code in set(items)]
    CorrectedItem.objects.bulk_create(item_of(correction, said[code]) for code in codes)
    return correction


def item_of(correction: Correction, said: Mapping[str, Any]) -> CorrectedItem:
    return CorrectedItem(
        state_id=correction.state_id,
        correction=correction,
        team_id=correction.team_id,
        item_code=said["code"],
        score=said["rating"],
        found=said["found"],
        recommendation=said["recommendation"],
        is_priority=said["priority"],
    )


def let_in(review: Review, writer: Membership, until: date, *, by: Actor) -> None:
    """Reviewers leave a team some days after its report is issued."""
    purpose = Assignment.Purpose.REVIEWER
    if not assignments.lasts_until(writer, team=review.team, purpose=purpose, day=until, by=by):
        today = review.state.today()
        assignments.assign(writer, team=review.team, purpose=purpose, starts_on=today, ends_on=until, by=by)


@transaction.atomic(savepoint=False)
def abandon(review: Review, *, reason: str, by: Actor) -> Correction:
    """The issued edition stands; what was written is kept, unseen by the agency."""
    require(by, "reopen", Resource.REVIEW, review.place)
    lock(review)
    correction = open_one(review)
    check_words(reason, "reason", "Say why the correction is given up; it stays in the history.")
    with because(reason):
        end(correction, Correction.Outcome.ABANDONED, by=by, given_up_because=reason.strip())
    correction.refresh_from_db()
    return correction


def end(correction: Correction, outcome: str, *, by: Actor, given_up_because: str = "") -> None:
    Correction.objects.filter(pk=correction.pk).update(
        outcome=outcome,
        closed_at=timezone.now(),
        closed_by=by.person_id,
        given_up_because=given_up_because,
    )


def expire(correction: Correction) -> None:
    """Its days were over by themselves; the row is told so when the next one begins."""
    Correction.objects.filter(pk=correction.pk).update(
        outcome=Correction.Outcome.EXPIRED, closed_at=correction.ends_at
    )


# --- which one ----------------------------------------------------------------------------------------------
def last_of(review: Review) -> Correction | None:
    found: Correction | None = (
        review.corrections.select_related("writer", "opened_by", "closed_by", "state").order_by("-pk").first()
    )
    return found


def open_one(review: Review) -> Correction:
    """The correction that can be written and issued now, or the refusal that says why there is none."""
    check_issued(review)
    correction = last_of(review)
    if correction is None or not correction.is_open(timezone.now()):
        raise WrongStatus(why_closed(correction))
    correction.review = review
    return correction


def why_closed(correction: Correction | None) -> str:
    stands = "The issued edition stands. Nothing was changed."
    if correction is None:
        return f"No correction of this report is open. {stands}"
    if correction.outcome == Correction.Outcome.ISSUED:
        return (
            f"{correction.closed_by} has issued this correction as edition {correction.corrects + 1}. "
            "Nothing more was changed."
        )
    if correction.outcome == Correction.Outcome.ABANDONED:
        return f"{correction.closed_by} has given this correction up. {stands}"
    return f"The time to correct this report ended with {correction.last_day:%B %-d, %Y}. {stands}"


# --- what is asked ------------------------------------------------------------------------------------------
def check_issued(review: Review) -> None:
    if review.status != Review.Status.ISSUED:
        in_draft = review.status == Review.Status.DRAFT_REPORT
        raise WrongStatus(
            f"Only an issued report is corrected; this review is {review.get_status_display().lower()}"
            f"{', so its report is changed as it is' if in_draft else ''}."
        )
    if review.is_imported:
        raise WrongStatus(
            "This review was imported with its ratings alone, so there is no report to correct. Take its import back, "
            "then import the review again. Nothing was changed."
        )


def check_has_writer(review: Review) -> None:
    if not can_be_corrected(review):
        raise WrongStatus(
            "Only those who did this self-review can correct its report, and none of them leads the agency or "
            "supervises the team any more. The issued edition stands."
        )


def check_none_open(correction: Correction | None) -> None:
    if correction is not None and correction.is_open(timezone.now()):
        raise StaleVersion(
            f"{correction.opened_by} has opened a correction of this report already. {correction.writer} writes it, "
            f"until {correction.last_day:%B %-d, %Y}. Nothing was changed.",
            current={
                "version": correction.version,
                "writer": str(correction.writer),
                "until": correction.last_day.isoformat(),
            },
        )


def check_chosen(review: Review, items: Collection[str], *, with_texts: bool) -> None:
    for code in items:
        try:
            scale_of(review).item(code)
        except UnknownItem as error:
            raise Unacceptable(str(error), field="items") from None
    if not items and not with_texts:
        raise Unacceptable("Choose what is to be corrected: items, or the texts.", field="items")


def check_rated(items: Collection[str], said: Mapping[str, Any]) -> None:
    """Reports that were taken over from elsewhere may leave an item out."""
    if silent := [code for code in items if said.get(code, {}).get("rating") is None]:
        raise Unacceptable(
            f"The issued report has no rating of {', '.join(silent)}, so there is nothing to correct there.",
            field="items",
        )


def check_until(review: Review, until: date) -> None:
    today = review.state.today()
    if not today <= until <= today + timedelta(days=MOST_DAYS):
        raise Unacceptable(
            f"Choose a day from today on, and within {MOST_DAYS} days: {today:%B %-d, %Y} to "
            f"{today + timedelta(days=MOST_DAYS):%B %-d, %Y}.",
            field="until",
        )


def check_writer(review: Review, writer: Membership) -> None:
    if writer.pk not in {each.pk for each in correctors(review, review.state.today())}:
        raise Unacceptable(
            f"{writer.person} cannot correct this report. It is corrected by {who_corrects(review)}.",
            field="writer",
        )


def check_words(text: str, field: str, missing: str) -> None:
    if not text.strip():
        raise Unacceptable(missing, field=field)
    check_length(text, field)
