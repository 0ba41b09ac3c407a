"""The ratings a review stands on, and those of the reviews before it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from fidelity import drafting
from fidelity.in_force import scale_of
from fidelity.models import Edition, Rating, Review
from fidelity.paper import parts
from fidelity.scales import Item, Scale


@dataclass(frozen=True)
class PastReview:
    """What an earlier issued review says, read from its frozen edition."""

    ends_on: date
    kind: str
    total: int
    band: Mapping[str, str] | None
    ratings: Mapping[str, int]
    possible: int = 0
    is_imported: bool = False
    leads: str = ""  # the code of the part its total is of, where its scale has parts
    parts: Sequence[Mapping[str, Any]] = ()

    @property
    def said(self) -> str:
        """The total, or that of each part with its name."""
        return parts.said(parts.parts_of({"parts": self.parts})) if self.parts else str(self.total)

    def is_counted_by(self, scale: Scale) -> bool:
        """Do its total and one of this scale stand for the same? Others are not compared."""
        return (self.possible, self.leads) == (scale.possible, scale.leads)

    @property
    def mark(self) -> str:
        """What stands behind its day."""
        return ", imported" if self.is_imported else ""


@dataclass(frozen=True)
class Agreed:
    """What a review says of one item: its rating, and the evidence of all who rated it."""

    score: int | None
    note: str = ""
    sources: tuple[str, ...] = ()


def locked_sheets(review: Review) -> dict[int, dict[str, Rating]]:
    """The finished sheets by reviewer and item code, the lead's first."""
    sheets: dict[int, dict[str, Rating]] = {}
    rows = Rating.objects.filter(reviewer__review=review, reviewer__finished_at__isnull=False)
    for row in rows.order_by("-reviewer__is_lead", "reviewer_id", "id"):
        sheets.setdefault(row.reviewer_id, {})[row.item_code] = row
    return sheets


def scores_apart(review: Review) -> list[dict[str, int]]:
    """The ratings of each finished sheet, the lead's first."""
    return scores_of(review, locked_sheets(review).values())


def scores_of(review: Review, sheets: Iterable[Mapping[str, Rating]]) -> list[dict[str, int]]:
    """In the order of the scale. A finished sheet is complete."""
    codes = scale_of(review).codes
    return [{code: score for code in codes if (score := sheet[code].score) is not None} for sheet in sheets]


def agreed_ratings(review: Review) -> dict[str, Agreed]:
    """By item code: what the reviewers agreed on, or else what the lead rated, with everybody's evidence."""
    sheets = list(locked_sheets(review).values())
    decided = {row.item_code: row.score for row in review.consensus.all()} if len(sheets) > 1 else {}
    return {
        code: together([sheet[code] for sheet in sheets if code in sheet], decided.get(code))
        for code in (sheets[0] if sheets else {})
    }


def together(rows: list[Rating], decided: int | None) -> Agreed:
    notes = dict.fromkeys(row.note.strip() for row in rows if row.note.strip())
    sources = dict.fromkeys(code for row in rows for code in row.sources)
    return Agreed(decided or rows[0].score, "\n\n".join(notes), tuple(sources))


def unadvised(review: Review) -> list[Item]:
    """Items rated low for which the report recommends nothing."""
    said = {row.item_code for row in review.item_reports.all() if row.recommendation.strip()}
    rated = agreed_ratings(review)
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
    return comparable(past_reviews(review), review, scale_of(review).codes)


def comparable(earlier: Sequence[PastReview], review: Review, codes: Sequence[str]) -> PastReview | None:
    """The last of `earlier`, oldest first, by the same kind of eyes; not one by a scale without any item of this."""
    same = [
        each
        for each in earlier
        if (each.kind == Review.Kind.EXTERNAL) != review.is_self and not each.ratings.keys().isdisjoint(codes)
    ]
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
        possible=snapshot["possible"],
        leads=parts.leads(snapshot),
        parts=parts.stored(snapshot),
        is_imported="imported" in snapshot,
    )
