"""How far one reviewer's sheet is: counted here, and by the page's script from the same items and bands."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fidelity.in_force import scale_of
from fidelity.models import Rating, Review, Reviewer
from fidelity.scales import Scale
from fidelity.scales.bands import labelled
from fidelity.scoring import Part, score


@dataclass(frozen=True)
class Progress:
    """How far a sheet is. A missing rating is missing, never 0."""

    rated: int
    of: int
    total: int
    possible: int
    flagged: int
    sections: Mapping[str, tuple[int, int]]
    band: str = ""
    parts: tuple[Part, ...] = ()

    @property
    def is_complete(self) -> bool:
        return self.rated == self.of

    @property
    def words(self) -> str:
        if self.parts:
            return self.words_of_parts
        if self.is_complete:
            return f"All {self.of} rated, total {self.total} of {self.possible}" + (
                f", {self.band}" if self.band else ""
            )
        return f"{self.rated} of {self.of} rated, running total {self.total} of {self.possible} so far"

    @property
    def words_of_parts(self) -> str:
        if self.is_complete:
            return f"All {self.of} rated, {'; '.join(part.words for part in self.parts)}"
        so_far = ", ".join(part.so_far for part in self.parts)
        return f"{self.rated} of {self.of} rated, running totals so far: {so_far}"

    def as_json(self) -> dict[str, Any]:
        sections = {code: {"rated": rated, "of": of} for code, (rated, of) in self.sections.items()}
        return {
            "rated": self.rated,
            "of": self.of,
            "total_so_far": self.total,
            "possible": self.possible,
            "flagged": self.flagged,
            "sections": sections,
            "parts": [
                {
                    "code": part.code,
                    "name": part.name,
                    "total_so_far": part.provisional,
                    "possible": part.possible,
                }
                for part in self.parts
            ],
        }


def progress(
    scale: Scale, scores: Mapping[str, int], flagged: int, labels: Mapping[str, str] | None = None
) -> Progress:
    result = score(scale, scores, labels=labels or {})
    sections = {part.code: (part.rated, part.of) for part in result.subtotals}
    band = result.band.label if result.band else ""
    return Progress(
        *(result.rated, result.of, result.provisional_total, result.possible),
        *(flagged, sections, band, result.parts),
    )


def totals(scale: Scale, labels: Mapping[str, str]) -> list[dict[str, Any]]:
    """What is added up: the items and bands of each part, or of the whole under no name."""
    parts = [(each.name, scale.items_of(each.code), each.bands) for each in scale.subscales]
    return [
        {
            "name": name,
            "codes": [item.code for item in items],
            "bands": [[band.minimum, band.label] for band in labelled(bands, labels)],
        }
        for name, items, bands in parts or [("", scale.items, scale.bands)]
    ]


def progress_of(review: Review, sheet: Reviewer) -> Progress:
    """How far a sheet is now, without what was written on it."""
    rows = Rating.objects.in_state(sheet.state_id).filter(reviewer=sheet)
    rated = rows.order_by().values_list("item_code", "score", "is_flagged")
    scores = {code: score for code, score, _ in rated if score is not None}
    return progress(scale_of(review), scores, sum(flagged for _, _, flagged in rated))
