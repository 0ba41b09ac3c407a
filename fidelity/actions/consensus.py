"""Reviewers who rated apart agree on each item that differs, and close the consensus."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from agencies.permissions import Actor, Resource, require
from agencies.refusals import StaleVersion, Unacceptable, WrongStatus
from fidelity import agreement
from fidelity.actions.finishing import begin_report
from fidelity.actions.rating import item_of, own_sheet
from fidelity.actions.scheduling import lock
from fidelity.in_force import scale_of
from fidelity.models import NOTE_LIMIT, ConsensusRating, Review
from fidelity.ratings import scores_apart
from fidelity.reviewers import check_independent
from fidelity.scoring import RatingError, check_rating

NOT_YET = (
    "The consensus opens when every reviewer has finished rating. Until then nobody sees what others rated."
)
CHANGED = ["score", "reason", "version", "saved_by", "saved_at"]


@dataclass(frozen=True)
class Settled:
    """What the reviewers agree on for one item, and the version it was typed over; 0 for a first time."""

    score: int | None
    reason: str = ""
    version: int = 0


@transaction.atomic(savepoint=False)
def settle(review: Review, *, items: Mapping[str, Settled], by: Actor) -> dict[str, ConsensusRating]:
    """Keeps what was agreed on: all of it or nothing.

    A repeated save of the same values is answered like the first. Refusals name their fields `<item>-score` and
    `<item>-reason`.
    """
    require(by, "edit", Resource.CONSENSUS, review.place)
    hold(review, by)
    sheets = scores_apart(review)
    check_values(review, items, sheets)
    kept = {row.item_code: row for row in stored(review)}
    news = {code: each for code, each in items.items() if not is_same(kept.get(code), each)}
    clashes = {
        code: kept.get(code) for code, each in news.items() if version_of(kept.get(code)) != each.version
    }
    if clashes:
        raise StaleVersion(
            f"{len(clashes)} of these items were settled by another reviewer in the meantime. Nothing was overwritten: "
            "look at both and save again what you agree on.",
            current={code: as_json(row) for code, row in clashes.items()},
        )
    rows = [row_of(review, code, each, by) for code, each in news.items()]
    return kept | {row.item_code: row for row in keep(rows)}


@transaction.atomic(savepoint=False)
def close(review: Review, *, by: Actor) -> Review:
    """Makes what was agreed the ratings of the review, and drafts the report. The sheets stay as they were locked."""
    require(by, "submit", Resource.CONSENSUS, review.place)
    hold(review, by)
    sheets = scores_apart(review)
    kept = {row.item_code for row in stored(review)}
    check_settled(review, [code for code in agreement.to_settle(sheets) if code not in kept])
    alike = {code: score for code, score in agreement.alike(sheets).items() if code not in kept}
    keep([row_of(review, code, Settled(score), by) for code, score in alike.items()])
    begin_report(review, by=by)
    return review


def hold(review: Review, by: Actor) -> None:
    """Two who settle items at once come one after the other, and nobody settles while another closes."""
    check_independent(review, by.person_id)
    lock(review)
    check_open(review)
    own_sheet(review, by)


def check_open(review: Review) -> None:
    if review.is_open:
        raise WrongStatus(NOT_YET)
    if review.status != Review.Status.CONSENSUS:
        raise WrongStatus(
            f"This review is {review.get_status_display().lower()}, so what was agreed stays as it is. "
            "A state admin can reopen it before the report is issued."
        )


def check_settled(review: Review, left: Sequence[str]) -> None:
    if not left:
        return
    items = [scale_of(review).item(code) for code in left]
    names = ", ".join(f"{item.seq} {item.name}" for item in items[:5])
    more = f" and {len(items) - 5} more" if len(items) > 5 else ""
    raise Unacceptable(
        f"{len(items)} {'item is' if len(items) == 1 else 'items are'} still to settle: {names}{more}."
    )


def check_values(review: Review, items: Mapping[str, Settled], sheets: list[dict[str, int]]) -> None:
    wrong: dict[str, list[str]] = {}
    for code, settled in items.items():
        given = [sheet[item_of(review, code).code] for sheet in sheets]
        if found := problem(settled, given):
            field, text = found
            wrong[f"{code}-{field}"] = [text]
    if wrong:
        raise Unacceptable("Nothing was saved: some items need another look.", fields=wrong)


def problem(settled: Settled, given: list[int]) -> tuple[str, str] | None:
    """The field that is wrong, and why."""
    try:
        agreed = check_rating(settled.score)
    except RatingError as error:
        return "score", str(error)
    if len(settled.reason) > NOTE_LIMIT:
        return "reason", f"The reason has {len(settled.reason):,} characters; the limit is {NOTE_LIMIT:,}."
    if not agreement.needs_reason(given, agreed) or settled.reason.strip():
        return None
    if agreement.gap(given) >= agreement.SECOND_LOOK:
        return (
            "reason",
            "The ratings are two points or more apart. Say in a sentence why you agree on this one.",
        )
    return "reason", f"None of you rated {agreed}. Say in a sentence why you agree on it."


def stored(review: Review) -> list[ConsensusRating]:
    return list(review.consensus.select_related("saved_by"))


def is_same(row: ConsensusRating | None, settled: Settled) -> bool:
    return row is not None and (row.score, row.reason) == (settled.score, settled.reason.strip())


def version_of(row: ConsensusRating | None) -> int:
    return row.version if row else 0


def row_of(review: Review, code: str, settled: Settled, by: Actor) -> ConsensusRating:
    return ConsensusRating(
        state_id=review.state_id,
        review=review,
        team_id=review.team_id,
        item_code=code,
        score=check_rating(settled.score),
        reason=settled.reason.strip(),
        version=settled.version + 1,
        saved_by_id=by.person_id,
        saved_at=timezone.now(),
    )


def keep(rows: list[ConsensusRating]) -> list[ConsensusRating]:
    return ConsensusRating.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["review", "item_code"], update_fields=CHANGED
    )


def as_json(row: ConsensusRating | None) -> dict[str, object] | None:
    if row is None:
        return None
    return {"score": row.score, "reason": row.reason, "version": row.version, "saved_by": str(row.saved_by)}
