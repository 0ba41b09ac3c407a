"""The report is written around the ratings, then issued by somebody else and frozen."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from agencies.models import Person, Team
from agencies.permissions import Actor, Resource, require
from agencies.refusals import NotPermitted, StaleVersion, Unacceptable, WrongStatus
from agencies.tenancy import because
from fidelity import notices, reports, snapshots
from fidelity.actions import answering, planning
from fidelity.actions.scheduling import close_assignments, lock
from fidelity.drafting import PRIORITY_FROM
from fidelity.in_force import scale_of
from fidelity.models import NOTE_LIMIT, Edition, ItemReport, Review, ReviewText
from fidelity.moderation import check_moderated, check_not_moderator
from fidelity.ratings import unadvised
from fidelity.reviewers import check_independent, is_second_person, led_by
from fidelity.scales import UnknownItem

REVIEWERS_STAY = timedelta(days=30)  # after the report is issued; trust reference 2.2 rule 10


@dataclass(frozen=True)
class ItemText:
    """What the report says of one item."""

    found: str = ""
    recommendation: str = ""
    is_priority: bool = False


@transaction.atomic(savepoint=False)
def save_report(
    review: Review,
    *,
    method: str,
    overview: str,
    strengths: str,
    next_steps: str,
    items: Mapping[str, ItemText],
    version: int,
    by: Actor,
) -> ReviewText:
    """Saves the whole draft. `version` is the one it was typed over.

    What was handed over and then changed is with its writers again. A repeated save of the same texts is answered like
    the first, so that a lost reply can be retried.
    """
    require(by, "edit", Resource.DRAFT_REPORT, review.place)
    if not review.reviewers.filter(person_id=by.person_id).exists():
        raise NotPermitted("The reviewers of this review write its report. Nothing was changed.")
    check_independent(review, by.person_id)
    lock(review)
    check_in_draft(review)
    texts = {"method": method, "overview": overview, "strengths": strengths, "next_steps": next_steps}
    for field, text in texts.items():
        check_length(text, field)
    stored, changed = review.text, changed_items(review, items)
    if not changed and all(getattr(stored, field) == text for field, text in texts.items()):
        return stored
    fresh = {
        **texts,
        "version": version + 1,
        "writers": stored.written_by(by.person_id),
        **dict.fromkeys(("handed_over_at", "handed_over_by")),
    }
    if not review.texts.filter(version=version).update(**fresh):
        raise StaleVersion(
            "The report was saved in another window or by another reviewer in the meantime. Your texts are below, "
            "not saved yet: compare, then save again.",
            current={"version": stored.version} | {field: getattr(stored, field) for field in texts},
        )
    ItemReport.objects.bulk_update(changed, ["found", "recommendation", "is_priority", "is_drafted"])
    return review.text


@transaction.atomic(savepoint=False)
def hand_over(review: Review, *, by: Actor) -> int:
    """The reviewers have written what they have to say; those whose turn it is are told.

    That is the agency where the policy gives it days to correct the draft, and whoever may issue the report
    otherwise; where the policy asks for moderation, once a second person has agreed to it. Returns to how many.
    Nothing is locked: the report may still be changed until it is issued.
    """
    require(by, "edit", Resource.DRAFT_REPORT, review.place)
    if not review.reviewers.filter(person_id=by.person_id).exists():
        raise NotPermitted("The reviewers of this review hand its report over. Nothing was changed.")
    check_independent(review, by.person_id)
    lock(review)
    check_in_draft(review)
    check_complete(review)
    check_moderated(review)
    writers = review.text.written_by(by.person_id)
    review.texts.update(handed_over_at=timezone.now(), handed_over_by=by.person_id, writers=writers)
    return answering.hand_to_agency(review)


def changed_items(review: Review, items: Mapping[str, ItemText]) -> list[ItemReport]:
    """The rows whose words differ from the stored ones, with the new words, not saved yet."""
    rows = {row.item_code: row for row in review.item_reports.all()}
    changed = []
    for code, text in items.items():
        try:
            scale_of(review).item(code)
        except UnknownItem as error:
            raise Unacceptable(str(error), field=f"{code}-found") from None
        check_length(text.found, f"{code}-found")
        check_length(text.recommendation, f"{code}-recommendation")
        row = rows[code]
        if ItemText(row.found, row.recommendation, row.is_priority) != text:
            row.is_drafted = row.is_drafted and row.recommendation == text.recommendation
            row.found, row.recommendation, row.is_priority = text.found, text.recommendation, text.is_priority
            changed.append(row)
    return changed


@transaction.atomic(savepoint=False)
def issue(review: Review, *, version: int, by: Actor) -> Edition:
    """Freezes the report as its first edition and drafts the action plan. Never by the one who led the review.

    `version` is the one the issuer has read, so that nobody issues words they have not seen.

    Source: trust reference 2.2 rule 4; a state may allow one person by a dated, written exception.
    """
    require(by, "approve", Resource.FINAL_REPORT, review.place)
    check_independent(review, by.person_id)
    lock(review)
    lock_team(review)
    check_in_draft(review)
    check_second_person(review, by)
    check_not_moderator(review, by)
    check_moderated(review)
    answering.check_heard(review)
    check_read(review, version)
    check_complete(review)
    today = review.state.today()
    issuer = Person.objects.get(pk=by.person_id)
    snapshot = snapshots.freeze(review, edition=1, issued_on=today, issued_by=issuer.name)
    alone = exception_used(review, by.person_id)
    with because(alone):
        edition = Edition.objects.create(
            state_id=review.state_id,
            review=review,
            team_id=review.team_id,
            number=1,
            snapshot=snapshot,
            issued_at=timezone.now(),
            issued_by=issuer,
            reason=alone,
        )
        review.status, review.issued_on = Review.Status.ISSUED, today
        review.total, review.band = snapshot["total"], (snapshot["band"] or {}).get("key", "")
        review.save(update_fields=["status", "issued_on", "total", "band"])
    plan = planning.draft_plan(review, snapshot, by=by)
    close_assignments(review, today + REVIEWERS_STAY, by=by)
    reports.ask_for_papers(((reports.REPORT, review), (reports.PLAN, plan)), by=by)
    notices.issued(review, edition=edition.number)
    return edition


def lock_team(review: Review) -> None:
    """The report tells of the team's earlier reviews, and no import of them is taken back until it is out."""
    Team.objects.select_for_update(of=("self",), no_key=True).get(pk=review.team_id)


def check_in_draft(review: Review) -> None:
    if review.status == Review.Status.ISSUED:
        raise WrongStatus(
            f"This report was issued on {review.issued_on:%B %-d, %Y}. An issued report is never changed."
        )
    if review.status != Review.Status.DRAFT_REPORT:
        raise WrongStatus(
            f"The report begins when rating is finished; this review is {review.get_status_display().lower()}."
        )


def check_second_person(review: Review, by: Actor) -> None:
    if not is_second_person(review, by.person_id):
        raise NotPermitted(
            "You led this review, so another trainer or the state admin issues its report. Nothing was changed."
        )


def check_read(review: Review, version: int) -> None:
    stored = review.text.version
    if version != stored:
        raise StaleVersion(
            "The report was changed after you opened this page. Read it once more, then issue it.",
            current={"version": stored},
        )


def exception_used(review: Review, person_id: int) -> str:
    """What the history and the edition say when one person led and issues; empty in the ordinary case.

    Source: trust reference 2.2 rule 4, each use of the exception is flagged.
    """
    if not led_by(review, person_id):
        return ""
    return "Issued by the person who led the review, under the state's written exception."


def check_complete(review: Review) -> None:
    """Strengths are said, each low item is advised on, and no advice went out as the portal drafted it.

    Source: domain reference 1.6, a recommendation always where the rating is 3 or lower.
    """
    if not review.text.strengths.strip():
        raise Unacceptable("The report begins with strengths, and none are written yet.", field="strengths")
    left = review.item_reports.filter(is_drafted=True).exclude(recommendation="")
    codes = set(left.values_list("item_code", flat=True))
    if drafted := [item for item in scale_of(review).items if item.code in codes]:
        names = ", ".join(item.name for item in drafted)
        raise Unacceptable(
            f"A person edits each recommendation before the report goes out. Still as drafted: {names}.",
            field=f"{drafted[0].code}-recommendation",
        )
    silent = unadvised(review)
    if silent:
        names = ", ".join(item.name for item in silent)
        raise Unacceptable(
            f"Items rated {PRIORITY_FROM} or lower need a recommendation. Nothing is written for: {names}.",
            field=f"{silent[0].code}-recommendation",
        )


def check_length(text: str, field: str) -> None:
    if len(text) > NOTE_LIMIT:
        raise Unacceptable(
            f"This text has {len(text):,} characters; the limit is {NOTE_LIMIT:,}. Nothing was saved yet.",
            field=field,
        )
