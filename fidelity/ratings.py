"""The ratings a review stands on, and those of the reviews before it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from fidelity import drafting
from fidelity.in_force import scale_of
from fidelity.models import Edition, Rating, Review
from fidelity.scales import Item


@dataclass(frozen=True)
class PastReview:
    """What an earlier issued review says, read from its frozen edition."""

    ends_on: date
    kind: str
    total: int
    band: Mapping[str, str] | None
    ratings: Mapping[str, int]


def sheet_ratings(review: Review) -> dict[str, Rating]:
    """The lead's finished sheet by item code: one reviewer's ratings are enough until there is a consensus."""
    rows = Rating.objects.filter(reviewer__review=review, reviewer__is_lead=True)
    return {row.item_code: row for row in rows}


def unadvised(review: Review) -> list[Item]:
    """Items rated low for which the report recommends nothing."""
    said = {row.item_code for row in review.item_reports.all() if row.recommendation.strip()}
    rated = sheet_ratings(review)
    low = {code for code, row in rated.items() if row.score is not None and drafting.is_priority(row.score)}
    return [item for item in scale_of(review).items if item.code in low - said]


def past_reviews(review: Review) -> list[PastReview]:
    """Issued reviews of the team that ended before this one began, oldest first, each by its latest edition."""
    editions = (
        Edition.objects.filter(review__in=Review.objects.before(review))
        .order_by("review_id", "-number")
        .distinct("review_id")
    )
    return sorted((past(edition.snapshot) for edition in editions), key=lambda each: each.ends_on)


def last_review(review: Review) -> PastReview | None:
    """The latest earlier review of the same kind of eyes: self-reviews are compared with self-reviews.

    Source: domain reference 1.3, R11: trends do not mix them unmarked.
    """
    same = [each for each in past_reviews(review) if (each.kind == Review.Kind.EXTERNAL) != review.is_self]
    return same[-1] if same else None


def past(snapshot: Mapping[str, Any]) -> PastReview:
    return PastReview(
        ends_on=date.fromisoformat(snapshot["review"]["ends_on"]),
        kind=snapshot["review"]["kind"],
        total=snapshot["total"],
        band=snapshot["band"],
        ratings={
            item["code"]: item["rating"] for section in snapshot["sections"] for item in section["items"]
        },
    )
