"""The last look before rating is finished: every item, what is missing, what the total means."""

from collections.abc import Mapping
from dataclasses import dataclass

from agencies.models import State
from agencies.permissions import Actor, Resource, roles_that_may
from fidelity.dashboards.rating import RatingSheet, SheetItem, Stored, rating_sheet, score_of
from fidelity.ratings import PastReview
from fidelity.scales import Scale
from fidelity.scoring import Score, Subtotal, without_evidence

EXCERPT = 180


@dataclass(frozen=True)
class CheckedItem:
    item: SheetItem
    anchor: str
    excerpt: str
    sources: str
    change: int | None


@dataclass(frozen=True)
class CheckedSection:
    subtotal: Subtotal
    items: tuple[CheckedItem, ...]


@dataclass(frozen=True)
class Comparison:
    """How the ratings moved since the last review."""

    previous: PastReview
    when: str
    up: int
    down: int
    same: int
    points: int | None
    part: str = ""  # whose points they are, where the scale has parts

    @property
    def words(self) -> str:
        if self.up + self.down + self.same == 0:
            return "nothing to compare yet"
        moved = f"{self.up} up, {self.down} down, {self.same} the same"
        if self.points is None:
            return moved
        if self.points == 0:
            return f"the same total{self.whose}; {moved}"
        direction = "more" if self.points > 0 else "fewer"
        count = abs(self.points)
        return f"{count} {'point' if count == 1 else 'points'} {direction}{self.whose}; {moved}"

    @property
    def whose(self) -> str:
        return f" in {self.part}" if self.part else ""


@dataclass(frozen=True)
class CheckSheet:
    sheet: RatingSheet
    score: Score
    sections: tuple[CheckedSection, ...]
    missing: tuple[SheetItem, ...]
    flagged: tuple[SheetItem, ...]
    unexplained: tuple[SheetItem, ...]
    comparison: Comparison | None
    may_reopen: str
    others: tuple[str, ...]  # who rates the same review apart, and has not finished

    @property
    def is_complete(self) -> bool:
        return self.score.is_complete

    @property
    def may_finish(self) -> bool:
        return self.is_complete and not self.sheet.locked


def check_sheet(stored: Stored, tenant: State, actor: Actor, *, labels: Mapping[str, str]) -> CheckSheet:
    sheet = rating_sheet(stored, tenant, actor, labels=labels)
    result = score_of(stored, labels)
    items = {item.code: item for item in sheet.items}
    notes = {code: rating.note for code, rating in stored.ratings.items()}
    return CheckSheet(
        sheet=sheet,
        score=result,
        sections=tuple(
            CheckedSection(subtotal, tuple(_checked(item) for item in section.items))
            for subtotal, section in zip(result.subtotals, sheet.sections, strict=True)
        ),
        missing=tuple(items[code] for code in result.missing),
        flagged=tuple(item for item in sheet.items if item.entry.is_flagged),
        unexplained=tuple(
            items[item.code] for item in without_evidence(stored.scale, stored.scores(), notes)
        ),
        comparison=_compare(sheet, result, stored.scale),
        others=tuple(
            row.person.name
            for row in stored.review.reviewers.rating().select_related("person")
            if row.person_id != actor.person_id and not row.finished_at
        ),
        may_reopen=" or ".join(role.label.lower() for role in roles_that_may("reopen", Resource.REVIEW)),
    )


def _checked(item: SheetItem) -> CheckedItem:
    score = item.entry.score
    flat = " ".join(item.entry.note.split())
    return CheckedItem(
        item=item,
        anchor=item.anchors[score - 1].text if score else "",
        excerpt=flat if len(flat) <= EXCERPT else f"{flat[:EXCERPT].rsplit(' ', 1)[0]} …",
        sources=", ".join(source.name for source in item.sources if source.is_chosen),
        change=score - item.last.score if score and item.last else None,
    )


def _compare(sheet: RatingSheet, result: Score, scale: Scale) -> Comparison | None:
    previous = sheet.previous
    if previous is None:
        return None
    pairs = [(item.entry.score, item.last.score) for item in sheet.items if item.entry.score and item.last]
    is_alike = previous.is_counted_by(scale)  # other totals say nothing
    points = result.total - previous.total if result.total is not None and is_alike else None
    return Comparison(
        previous=previous,
        when=sheet.previous_words,
        up=sum(now > before for now, before in pairs),
        down=sum(now < before for now, before in pairs),
        same=sum(now == before for now, before in pairs),
        points=points,
        part=scale.part,
    )
