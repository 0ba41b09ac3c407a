"""A reviewer rates the items of the own sheet."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from agencies.permissions import Actor, Resource, require
from agencies.refusals import NotPermitted, StaleVersion, Unacceptable, WrongStatus
from fidelity.in_force import scale_of
from fidelity.models import NOTE_LIMIT, Rating, Review, Reviewer
from fidelity.reviewers import check_independent, own_conflict
from fidelity.scales import Item, UnknownItem
from fidelity.scoring import RatingError, check_rating

NOT_A_REVIEWER = "Only the reviewers of this review rate it. Nothing was changed."
HELD = ("state", "started_at", "finished_at", "review__status", "review__finished_at")
RATED = ["score", "note", "sources", "is_flagged"]


@dataclass(frozen=True)
class RatingValues:
    """What one reviewer enters for one item. A score of None is "not rated yet", never zero."""

    score: int | None = None
    note: str = ""
    sources: tuple[str, ...] = ()
    is_flagged: bool = False


@dataclass(frozen=True)
class Typed:
    """Values, and the version they were typed over; 0 for a first save."""

    values: RatingValues
    version: int


# One statement whatever the number of items, so that its history is one entry a kind of change too.
SAVE = """
INSERT INTO fidelity_rating AS kept
    (state_id, reviewer_id, item_code, score, note, sources, is_flagged, version, saved_at)
SELECT %(state)s, %(sheet)s, item, score, note, sources::jsonb, is_flagged, version + 1, %(now)s
FROM unnest(%(items)s::text[], %(scores)s::int[], %(notes)s::text[], %(sources)s::text[], %(flags)s::bool[],
    %(versions)s::int[]) AS typed (item, score, note, sources, is_flagged, version)
WHERE version = 0 OR EXISTS
    (SELECT 1 FROM fidelity_rating old
    WHERE old.reviewer_id = %(sheet)s AND old.item_code = item AND old.version = typed.version)
ON CONFLICT (reviewer_id, item_code) DO UPDATE SET score = excluded.score, note = excluded.note,
    sources = excluded.sources, is_flagged = excluded.is_flagged, version = excluded.version,
    saved_at = excluded.saved_at
WHERE kept.version = excluded.version - 1
RETURNING kept.id, kept.item_code, kept.version
"""


def save_rating(review: Review, *, item_code: str, values: RatingValues, version: int, by: Actor) -> Rating:
    """Saves one item of the own sheet."""
    return save_ratings(review, items={item_code: Typed(values, version)}, by=by)[item_code]


@transaction.atomic(savepoint=False)
def save_ratings(review: Review, *, items: Mapping[str, Typed], by: Actor) -> dict[str, Rating]:
    """Saves items of the own sheet, each over the version it was typed over.

    A repeated save of the same values is answered like the first, so that a lost reply can be retried. A refusal may
    come after others were saved: the caller takes them back.
    """
    require(by, "edit", Resource.RATINGS, review.place)
    sheet = held_sheet(review, by)
    check_not_finished(review, sheet)
    for code, typed in items.items():
        check_values(item_of(review, code), typed.values)
    saved = write(sheet, items)
    if missed := items.keys() - saved.keys():
        stored = {row.item_code: row for row in sheet.ratings.filter(item_code__in=missed)}
        for code in missed:
            check_same(stored.get(code), items[code].values)
        saved |= stored
    mark_started(review, sheet)
    return saved


def write(sheet: Reviewer, items: Mapping[str, Typed]) -> dict[str, Rating]:
    """Whatever is still at the version it was typed over."""
    typed, now = items.values(), timezone.now()
    values: dict[str, Any] = {
        "state": sheet.state_id,
        "sheet": sheet.pk,
        "now": now,
        "items": list(items),
        "scores": [each.values.score for each in typed],
        "notes": [each.values.note for each in typed],
        "sources": [json.dumps(each.values.sources) for each in typed],
        "flags": [each.values.is_flagged for each in typed],
        "versions": [each.version for each in typed],
    }
    with connection.cursor() as cursor:
        cursor.execute(SAVE, values)
        kept = cursor.fetchall()
    return {code: as_kept(sheet, key, code, items[code].values, version, now) for key, code, version in kept}


def as_kept(
    sheet: Reviewer, key: int, code: str, values: RatingValues, version: int, now: datetime
) -> Rating:
    """The row as it stands after the statement above."""
    fields = {**vars(values), "sources": list(values.sources)}
    return Rating(
        pk=key,
        state_id=sheet.state_id,
        reviewer=sheet,
        item_code=code,
        version=version,
        saved_at=now,
        **fields,
    )


def check_same(stored: Rating | None, values: RatingValues) -> None:
    if stored is None:
        raise StaleVersion("This item was never saved before. Reload the page.", current=as_json(Rating()))
    if values_of(stored) != values:
        raise StaleVersion(
            "This item was saved in another window in the meantime. Nothing was overwritten: choose which to keep.",
            current=as_json(stored),
        )


def save_sheet(review: Review, *, items: Mapping[str, Typed], by: Actor) -> dict[str, Rating]:
    """All or none; the refusal carries what is stored of every item that another window has saved."""
    try:
        with transaction.atomic():
            return save_ratings(review, items=items, by=by)
    except StaleVersion:
        rows = Rating.objects.filter(reviewer=own_sheet(review, by), item_code__in=items)
        stored = {row.item_code: row for row in rows}
        clashes = {
            code: as_json(stored.get(code) or Rating())
            for code, typed in items.items()
            if (stored[code].version if code in stored else 0) != typed.version
            and (code not in stored or values_of(stored[code]) != typed.values)
        }
        raise StaleVersion(
            f"{len(clashes)} of these items were saved in another window in the meantime. Nothing was saved: choose "
            "which to keep.",
            current=clashes,
        ) from None


def mark_started(review: Review, sheet: Reviewer) -> None:
    if sheet.started_at is None:
        Reviewer.objects.filter(pk=sheet.pk, started_at=None).update(started_at=timezone.now())
        Review.objects.filter(pk=review.pk, status=Review.Status.SCHEDULED).update(
            status=Review.Status.RATING
        )


def held_sheet(review: Review, by: Actor) -> Reviewer:
    """The own sheet and its review, locked and read in one statement: a save comes every few seconds.

    Whoever finishes meanwhile waits, and then counts these ratings. Like theirs, the first lock is the review's.
    """
    rows = Reviewer.objects.select_related("review").filter(review=review, person_id=by.person_id).only(*HELD)
    rows = rows.annotate(is_barred=own_conflict(review, by.person_id)).order_by()
    sheet: Reviewer | None = rows.select_for_update(of=("review", "self")).first()
    if sheet is None or sheet.is_barred:  # type: ignore[attr-defined]  # annotated above
        check_independent(review, by.person_id)
        raise NotPermitted(NOT_A_REVIEWER)
    review.status, review.finished_at = sheet.review.status, sheet.review.finished_at
    return sheet


def own_sheet(review: Review, by: Actor) -> Reviewer:
    sheet: Reviewer | None = review.reviewers.filter(person_id=by.person_id).first()
    if sheet is None:
        raise NotPermitted(NOT_A_REVIEWER)
    return sheet


def item_of(review: Review, code: str) -> Item:
    try:
        return scale_of(review).item(code)
    except UnknownItem as error:
        raise Unacceptable(str(error), field="item") from None


def check_not_finished(review: Review, sheet: Reviewer) -> None:
    if review.status == Review.Status.CANCELLED:
        raise WrongStatus("This review was cancelled, so it can no longer be rated. What was saved is kept.")
    if sheet.finished_at or not review.is_open:
        when = (sheet.finished_at or review.finished_at or timezone.now()).astimezone(
            review.state.now().tzinfo
        )
        raise WrongStatus(
            f"You finished rating on {when:%B %-d, %Y at %-I:%M %p}, so ratings are locked. "
            "A state admin can reopen them; what you typed was not saved."
        )


def check_values(item: Item, values: RatingValues) -> None:
    if values.score is not None:
        try:
            check_rating(values.score)
        except RatingError as error:
            raise Unacceptable(str(error), field="score") from None
    if len(values.note) > NOTE_LIMIT:
        raise Unacceptable(
            f"The note has {len(values.note):,} characters; the limit is {NOTE_LIMIT:,}. Shorten it and save again.",
            field="note",
        )
    if foreign := set(values.sources) - set(item.sources):
        raise Unacceptable(
            f"Item {item.seq} has no data source {', '.join(sorted(foreign))}.", field="sources"
        )


def values_of(rating: Rating) -> RatingValues:
    return RatingValues(rating.score, rating.note, tuple(rating.sources), rating.is_flagged)


def as_json(rating: Rating) -> dict[str, Any]:
    return {
        "score": rating.score,
        "note": rating.note,
        "sources": list(rating.sources),
        "is_flagged": rating.is_flagged,
        "version": rating.version,
        "saved_at": rating.saved_at.isoformat(),
    }
