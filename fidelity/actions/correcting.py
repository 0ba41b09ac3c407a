"""A correction is written by the one the state named, and issued by somebody else as the next edition.

What was issued before stays as it was and says what took its place. Only the items that were chosen can be written, and
only until the last day. Source: domain reference 1.3, R13; trust reference 2.2 rules 4, 6 and 7.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from agencies.models import Person
from agencies.permissions import Actor, Resource, require
from agencies.refusals import NotPermitted, StaleVersion, Unacceptable, WrongStatus
from agencies.tenancy import because
from fidelity import notices, reports, snapshots
from fidelity.actions.opening import end, open_one
from fidelity.actions.reporting import check_length, check_second_person
from fidelity.actions.scheduling import lock
from fidelity.drafting import PRIORITY_FROM
from fidelity.models import CorrectedItem, Correction, Edition, Review
from fidelity.paper.wording import listed
from fidelity.reviewers import check_independent, led_by, may_issue_correction
from fidelity.scoring import RatingError, check_rating
from ips_portal.reports.actions import draw_again

Texts = Mapping[str, str]


@dataclass(frozen=True)
class ItemWords:
    """What the next edition says of one item."""

    score: int | None
    found: str = ""
    recommendation: str = ""
    is_priority: bool = False


@transaction.atomic(savepoint=False)
def save_correction(
    review: Review, *, items: Mapping[str, ItemWords], texts: Texts | None = None, version: int, by: Actor
) -> Correction:
    """Saves what is sent, all of it or nothing, over the version it was typed over. What was handed over and then
    changed is with its writer again. A repeated save of the same words is answered like the first."""
    correction = held(review, by)
    rows = {row.item_code: row for row in correction.items.all()}
    check_opened(correction, rows.keys(), items, texts)
    check_items(items)
    changed = [row for code, words in items.items() if put(row := rows[code], words)]
    news = {name: text for name, text in (texts or {}).items() if getattr(correction, name) != text}
    if not changed and not news:
        return correction
    fresh = {**news, "version": version + 1, "handed_over_at": None}
    if not Correction.objects.filter(pk=correction.pk, version=version).update(**fresh):
        raise StaleVersion(
            "The correction was saved in another window in the meantime. What you typed is below, not saved yet: "
            "compare, then save again.",
            current={"version": correction.version},
        )
    CorrectedItem.objects.bulk_update(changed, ["score", "found", "recommendation", "is_priority"])
    correction.refresh_from_db()
    return correction


def put(row: CorrectedItem, words: ItemWords) -> bool:
    """Whether that changes anything; not saved yet."""
    before = (row.score, row.found, row.recommendation, row.is_priority)
    row.score = check_rating(words.score)
    row.found, row.recommendation, row.is_priority = words.found, words.recommendation, words.is_priority
    return before != (row.score, row.found, row.recommendation, row.is_priority)


@transaction.atomic(savepoint=False)
def hand_over(review: Review, *, by: Actor) -> int:
    """The writer is done: those who may issue it are told; returns how many."""
    correction = held(review, by)
    check_complete(correction, reports.as_corrected(correction))
    Correction.objects.filter(pk=correction.pk).update(handed_over_at=timezone.now())
    return notices.to_issue_correction(correction)


@transaction.atomic(savepoint=False)
def issue(review: Review, *, version: int, by: Actor) -> Edition:
    """Freezes the next edition, with its reason. The one before stays, and says what took its place.

    Totals and band of the review follow. Its action plan goes on as it is: it is the team's own by now.
    """
    require(by, "approve", Resource.FINAL_REPORT, review.place)
    check_independent(review, by.person_id)
    lock(review)
    correction = open_one(review)
    check_second_person(review, by)
    check_not_written_by(correction, by)
    check_handed_over(correction)
    check_read(correction, version)
    issuer = Person.objects.get(pk=by.person_id)
    before = reports.last_edition(review.pk)
    today = review.state.today()
    snapshot = snapshots.corrected(before.snapshot, correction, issued_on=today, issued_by=issuer.name)
    check_complete(correction, snapshot)
    reason = whole_reason(correction, by)
    papers = ((reports.REPORT, review), *((reports.PLAN, plan) for plan in review.plans.all()))
    draw_papers_again(review, papers)
    with because(reason):
        edition = Edition.objects.create(
            state_id=review.state_id,
            review=review,
            team_id=review.team_id,
            number=correction.corrects + 1,
            snapshot=snapshot,
            issued_at=timezone.now(),
            issued_by=issuer,
            reason=reason,
        )
        review.total, review.band = snapshot["total"], (snapshot["band"] or {}).get("key", "")
        review.save(update_fields=["total", "band"])
        end(correction, Correction.Outcome.ISSUED, by=by)
    reports.ask_for_papers(papers, by=by)
    notices.corrected(edition)
    return edition


def draw_papers_again(review: Review, papers: reports.Papers) -> None:
    """What a worker has finished before was made from the edition before, so the new one is dated after this."""
    earlier = review.editions.order_by("number").values_list("pk", flat=True)
    on_paper = [(kind, subject.pk) for kind, subject in papers]
    for kind, subject_id in (*on_paper, *((reports.SUPERSEDED, pk) for pk in earlier)):
        draw_again(kind, subject_id, state_id=review.state_id)


def whole_reason(correction: Correction, by: Actor) -> str:
    """What the history and the edition say: why it is corrected, and where the state's exception was used, that too.

    Source: trust reference 2.2 rule 4, each use of the exception is flagged.
    """
    did = ["led the review"] if led_by(correction.review, by.person_id) else []
    did += ["wrote this correction"] if correction.writer_id == by.person_id else []
    if not did:
        return correction.reason
    flag = f"Issued by the person who {' and '.join(did)}, under the state's written exception."
    return f"{correction.reason} {flag}"


# --- which one, and for whom ---------------------------------------------------------------------------------
def held(review: Review, by: Actor) -> Correction:
    """For its writer alone. Nobody writes while another issues it or gives it up."""
    require(by, "edit", Resource.DRAFT_REPORT, review.place)
    lock(review)
    correction = open_one(review)
    if correction.writer_id != by.person_id:
        raise NotPermitted(f"{correction.writer} writes this correction. Nothing was changed.")
    check_independent(review, by.person_id)
    return correction


# --- what is asked -------------------------------------------------------------------------------------------
def check_opened(
    correction: Correction,
    opened: Collection[str],
    items: Mapping[str, ItemWords],
    texts: Texts | None,
) -> None:
    """Whatever was not opened stays locked."""
    for code in items:
        if code not in opened:
            raise Unacceptable(
                f"{code} is not among the items this correction is about, so it stays as it was issued. "
                "Nothing was saved.",
                field=f"{code}-score",
            )
    if texts and not correction.with_texts:
        raise Unacceptable(
            "This correction is not about the texts, so they stay as they were issued. Nothing was saved.",
            field=next(iter(texts)),
        )
    for name, text in (texts or {}).items():
        check_length(text, name)


def check_items(items: Mapping[str, ItemWords]) -> None:
    wrong: dict[str, list[str]] = {}
    for code, words in items.items():
        try:
            check_rating(words.score)
        except RatingError as error:
            wrong[f"{code}-score"] = [str(error)]
        for part in ("found", "recommendation"):
            check_length(getattr(words, part), f"{code}-{part}")
    if wrong:
        raise Unacceptable("Nothing was saved: some items need another look.", fields=wrong)


def check_complete(correction: Correction, snapshot: Mapping[str, Any]) -> None:
    """It says something else than before, begins with strengths, and advises on each low item that was opened.

    Source: domain reference 1.6, a recommendation always where the rating is 3 or lower.
    """
    issued = reports.last_edition(correction.review_id).snapshot
    said, before = snapshots.items_of(snapshot), snapshots.items_of(issued)
    if said == before and snapshots.texts_of(snapshot) == snapshots.texts_of(issued):
        raise Unacceptable("Nothing is corrected yet: the new edition would say what the issued one says.")
    if not snapshot["strengths"].strip():
        raise Unacceptable("The report begins with strengths, and none are written.", field="strengths")
    silent = [
        item
        for code, item in said.items()
        if item != before[code] and item["rating"] <= PRIORITY_FROM and not item["recommendation"].strip()
    ]
    if silent:
        raise Unacceptable(
            f"Items rated {PRIORITY_FROM} or lower need a recommendation. Nothing is written for: "
            f"{listed([item['name'] for item in silent])}.",
            field=f"{silent[0]['code']}-recommendation",
        )


def check_not_written_by(correction: Correction, by: Actor) -> None:
    """Nobody issues what they wrote, unless the state wrote down a dated exception."""
    if may_issue_correction(correction, by.person_id):
        return
    raise NotPermitted(
        "You wrote this correction, so another trainer or the state admin issues it. Nothing was changed."
    )


def check_handed_over(correction: Correction) -> None:
    if correction.handed_over_at is None:
        raise WrongStatus(
            f"{correction.writer} is still writing this correction and hands it over first. Nothing was changed."
        )


def check_read(correction: Correction, version: int) -> None:
    if version != correction.version:
        raise StaleVersion(
            "The correction was changed after you opened this page. Read it once more, then issue it.",
            current={"version": correction.version},
        )
