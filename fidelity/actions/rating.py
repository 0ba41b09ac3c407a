"""A reviewer rates items, finishes the sheet, and a state admin may open it again."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from agencies.permissions import Actor, Resource, require
from agencies.refusals import NotPermitted, StaleVersion, Unacceptable, WrongStatus
from agencies.tenancy import because
from fidelity import drafting
from fidelity.actions.scheduling import OPEN, hold, lock
from fidelity.in_force import scale_of
from fidelity.models import NOTE_LIMIT, ItemReport, Rating, Review, Reviewer
from fidelity.ratings import last_review, sheet_ratings
from fidelity.scales import Item, UnknownItem
from fidelity.scoring import RatingError, check_rating

RATED = ["score", "note", "sources", "is_flagged"]
DRAFTED = ["found", "recommendation", "is_drafted", "is_priority"]


@dataclass(frozen=True)
class RatingValues:
    """What one reviewer enters for one item. A score of None is "not rated yet", never zero."""

    score: int | None = None
    note: str = ""
    sources: tuple[str, ...] = ()
    is_flagged: bool = False


@transaction.atomic(savepoint=False)
def save_rating(review: Review, *, item_code: str, values: RatingValues, version: int, by: Actor) -> Rating:
    """Saves one item of the own sheet. `version` is the one the values were typed over; 0 for a first save.

    A repeated save of the same values is answered like the first, so that a lost reply can be retried.
    """
    require(by, "edit", Resource.RATINGS, review.place)
    hold(review)  # whoever finishes it meanwhile waits, and then counts this rating
    sheet = own_sheet(review, by)
    check_not_finished(review, sheet)
    check_values(item_of(review, item_code), values)
    now = timezone.now()
    fields = {
        "score": values.score,
        "note": values.note,
        "sources": list(values.sources),
        "is_flagged": values.is_flagged,
        "saved_at": now,
    }
    rows = Rating.objects.filter(reviewer=sheet, item_code=item_code)
    if version and rows.filter(version=version).update(**fields, version=version + 1):
        saved: Rating = rows.get()
        return saved
    stored = rows.first() if version else insert(sheet, item_code, fields) or rows.get()
    if stored is None:
        raise StaleVersion("This item was never saved before. Reload the page.", current=as_json(Rating()))
    if values_of(stored) == values:
        mark_started(review, sheet)
        return stored
    raise StaleVersion(
        "This item was saved in another window in the meantime. Nothing was overwritten: choose which to keep.",
        current=as_json(stored),
    )


@transaction.atomic(savepoint=False)
def save_sheet(review: Review, *, items: Mapping[str, tuple[RatingValues, int]], by: Actor) -> None:
    """Saves several items of the own sheet, all or none, in one statement; each with the version it was typed over."""
    require(by, "edit", Resource.RATINGS, review.place)
    hold(review)
    sheet = own_sheet(review, by)
    check_not_finished(review, sheet)
    for code, (values, _) in items.items():
        check_values(item_of(review, code), values)
    stored = {row.item_code: row for row in Rating.objects.filter(reviewer=sheet, item_code__in=items)}
    news = {
        code: (values, version)
        for code, (values, version) in items.items()
        if code not in stored or values_of(stored[code]) != values
    }
    clashes = {
        code: as_json(stored.get(code) or Rating())
        for code, (_, version) in news.items()
        if version != (stored[code].version if code in stored else 0)
    }
    if clashes:
        raise StaleVersion(
            f"{len(clashes)} of these items were saved in another window in the meantime. Nothing was saved: choose "
            "which to keep.",
            current=clashes,
        )
    Rating.objects.bulk_create(
        [rating_of(sheet, code, values, version + 1) for code, (values, version) in news.items()],
        update_conflicts=True,
        unique_fields=["reviewer", "item_code"],
        update_fields=[*RATED, "version", "saved_at"],
    )
    mark_started(review, sheet)


def rating_of(sheet: Reviewer, code: str, values: RatingValues, version: int) -> Rating:
    fields = {**vars(values), "sources": list(values.sources)}
    return Rating(state_id=sheet.state_id, reviewer=sheet, item_code=code, version=version, **fields)


def insert(sheet: Reviewer, item_code: str, fields: dict[str, Any]) -> Rating | None:
    """The first save of an item; None when another window was first."""
    try:
        with transaction.atomic():
            return Rating.objects.create(
                state_id=sheet.state_id, reviewer=sheet, item_code=item_code, version=1, **fields
            )
    except IntegrityError:
        return None


def mark_started(review: Review, sheet: Reviewer) -> None:
    if sheet.started_at is None:
        Reviewer.objects.filter(pk=sheet.pk, started_at=None).update(started_at=timezone.now())
        Review.objects.filter(pk=review.pk, status=Review.Status.SCHEDULED).update(
            status=Review.Status.RATING
        )


@transaction.atomic(savepoint=False)
def finish(review: Review, *, by: Actor) -> Review:
    """Locks the own sheet. The lead's finished sheet makes the ratings of the review, and drafts the report.

    The seam for two reviewers who rate apart: the consensus will stand between the sheets and the report.
    """
    require(by, "submit", Resource.RATINGS, review.place)
    lock(review)
    sheet = own_sheet(review, by)
    check_not_finished(review, sheet)
    check_begun(review)
    rated = {
        row.item_code: row.score for row in Rating.objects.filter(reviewer=sheet) if row.score is not None
    }
    missing = [item for item in scale_of(review).items if item.code not in rated]
    if missing:
        names = ", ".join(f"{item.seq} {item.name}" for item in missing[:5])
        more = f" and {len(missing) - 5} more" if len(missing) > 5 else ""
        raise Unacceptable(
            f"{len(missing)} of {len(scale_of(review).items)} items are not rated: {names}{more}."
        )
    now = timezone.now()
    Reviewer.objects.filter(pk=sheet.pk).update(finished_at=now)
    if sheet.is_lead:
        review.status, review.finished_at, review.finished_by_id = (
            Review.Status.DRAFT_REPORT,
            now,
            by.person_id,
        )
        review.save(update_fields=["status", "finished_at", "finished_by"])
        draft_report(review)
    return review


def check_begun(review: Review) -> None:
    """A report dates from its visit, so nobody finishes before the visit begins. Rating ahead is preparation."""
    if review.starts_on > review.state.today():
        raise Unacceptable(
            f"The visit begins on {review.starts_on:%B %-d, %Y}. Rating can be finished from that day; "
            "everything rated so far is kept. If the dates have changed, correct them on the page of the review."
        )


@transaction.atomic(savepoint=False)
def reopen(review: Review, *, reason: str, by: Actor) -> Review:
    """Back to rating, before the report is issued. What people wrote in the report is kept."""
    require(by, "reopen", Resource.REVIEW, review.place)
    lock(review)
    check_reopens(review)
    if not reason.strip():
        raise Unacceptable("Say why the ratings are opened again; it stays in the history.", field="reason")
    with because(reason):
        undraft_report(review)
        review.reviewers.update(finished_at=None)
        review.status, review.finished_at, review.finished_by = Review.Status.RATING, None, None
        review.save(update_fields=["status", "finished_at", "finished_by"])
    return review


def check_reopens(review: Review) -> None:
    if review.status != Review.Status.DRAFT_REPORT:
        raise WrongStatus(
            "Only a review whose report is in draft can be reopened; "
            f"this one is {review.get_status_display().lower()}."
        )


def own_sheet(review: Review, by: Actor) -> Reviewer:
    sheet: Reviewer | None = review.reviewers.filter(person_id=by.person_id).first()
    if sheet is None:
        raise NotPermitted("Only the reviewers of this review rate it. Nothing was changed.")
    return sheet


def item_of(review: Review, code: str) -> Item:
    try:
        return scale_of(review).item(code)
    except UnknownItem as error:
        raise Unacceptable(str(error), field="item") from None


def check_not_finished(review: Review, sheet: Reviewer) -> None:
    if review.status == Review.Status.CANCELLED:
        raise WrongStatus("This review was cancelled, so it can no longer be rated. What was saved is kept.")
    if sheet.finished_at or review.status not in OPEN:
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


def draft_report(review: Review) -> None:
    """First words for the report, from the notes and the next anchors, wherever nobody has written any."""
    rows = sheet_ratings(review)
    present = {report.item_code: report for report in review.item_reports.all()}
    for item in scale_of(review).items:
        if item.code in present:
            draft_item(present[item.code], item, rows[item.code])
    ItemReport.objects.bulk_update(present.values(), DRAFTED)
    ItemReport.objects.bulk_create(
        draft_item(
            ItemReport(state_id=review.state_id, review=review, team_id=review.team_id, item_code=item.code),
            item,
            rows[item.code],
        )
        for item in scale_of(review).items
        if item.code not in present
    )
    if not review.strengths:
        review.strengths = drafted_strengths(review, rows)
        review.save(update_fields=["strengths"])


def draft_item(report: ItemReport, item: Item, rated: Rating) -> ItemReport:
    score = check_rating(rated.score)
    report.found = report.found or rated.note
    if drafting.is_priority(score) and not report.recommendation:
        report.recommendation, report.is_drafted = drafting.recommendation(item, score), True
        report.is_priority = True
    return report


def undraft_report(review: Review) -> None:
    """Takes the portal's own words out again: they follow from ratings and notes that may change now."""
    rows = sheet_ratings(review)
    reports = list(review.item_reports.all())
    for report in reports:
        if report.found == rows[report.item_code].note:
            report.found = ""
        if report.is_drafted:
            report.recommendation, report.is_drafted, report.is_priority = "", False, False
    ItemReport.objects.bulk_update(reports, DRAFTED)
    if review.strengths == drafted_strengths(review, rows):
        review.strengths = ""
        review.save(update_fields=["strengths"])


def drafted_strengths(review: Review, rows: Mapping[str, Rating]) -> str:
    ratings = {code: row.score for code, row in rows.items() if row.score is not None}
    before = last_review(review)
    return drafting.strengths(scale_of(review), ratings, before.ratings if before else None)
