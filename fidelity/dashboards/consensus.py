"""The consensus of one review: every sheet beside the others, what differs first."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from agencies.permissions import Actor, Resource, may
from fidelity import agreement
from fidelity.agreement import Agreement
from fidelity.in_force import policy_on, scale_of, wording_of
from fidelity.models import ConsensusRating, Rating, Review, Reviewer
from fidelity.paper.wording import day
from fidelity.ratings import PastReview, last_review, locked_sheets, scores_of
from fidelity.scales import Item
from fidelity.scoring import Score, score
from fidelity.wording import Wording

Sheets = Mapping[int, Mapping[str, Rating]]  # by reviewer


@dataclass(frozen=True)
class Given:
    """What one reviewer gave one item."""

    name: str
    is_me: bool
    score: int
    note: str
    sources: str


@dataclass(frozen=True)
class Anchor:
    level: int
    text: str
    by: str  # who gave it


@dataclass(frozen=True)
class ComparedItem:
    item: Item
    given: tuple[Given, ...]
    anchors: tuple[Anchor, ...]
    previous: int | None
    agreed: ConsensusRating | None

    @property
    def gap(self) -> int:
        return agreement.gap([each.score for each in self.given])

    @property
    def words(self) -> str:
        if not self.gap:
            return f"All rated {self.given[0].score}"
        return "1 point apart" if self.gap == 1 else f"{self.gap} points apart"

    @property
    def asks_why(self) -> bool:
        return self.gap >= agreement.SECOND_LOOK


@dataclass(frozen=True)
class ConsensusPage:
    review: Review
    names: tuple[str, ...]
    differing: tuple[ComparedItem, ...]  # widest gap first
    alike: tuple[ComparedItem, ...]
    left: int
    agreement: Agreement
    score: Score  # as far as it is settled
    previous_when: str
    may_settle: bool
    may_close: bool

    @property
    def settled(self) -> int:
        return len(self.differing) - self.left

    @property
    def items(self) -> tuple[ComparedItem, ...]:
        return (*self.differing, *self.alike)


@dataclass(frozen=True)
class Compared:
    """What the page and its form are made of."""

    review: Review
    sheets: Sheets
    kept: Mapping[str, ConsensusRating]

    @property
    def scores(self) -> list[dict[str, int]]:
        return scores_of(self.review, self.sheets.values())

    @property
    def alike(self) -> dict[str, int]:
        return agreement.alike(self.scores)

    @property
    def left(self) -> list[str]:
        return [code for code in agreement.to_settle(self.scores) if code not in self.kept]

    @property
    def asking_why(self) -> set[str]:
        """Items whose ratings are so far apart that a reason is asked for, whatever is agreed."""
        scores = self.scores
        far = {code: agreement.gap([sheet[code] for sheet in scores]) for code in scores[0]}
        return {code for code, gap in far.items() if gap >= agreement.SECOND_LOOK}


def compared(review: Review) -> Compared:
    kept = {row.item_code: row for row in review.consensus.select_related("saved_by")}
    return Compared(review, locked_sheets(review), kept)


def consensus_page(found: Compared, actor: Actor) -> ConsensusPage:
    review, scores = found.review, found.scores
    writer = _Writer(found, actor, last_review(review), wording_of(review.state_id, review.scale_id))
    differing = agreement.to_settle(scores)
    is_open = review.status == Review.Status.CONSENSUS
    labels = policy_on(review.state_id, review.ends_on).band_labels
    agreed = found.alike | {code: row.score for code, row in found.kept.items()}
    return ConsensusPage(
        review=review,
        names=tuple(row.person.name for row in writer.reviewers.values()),
        differing=writer.items(differing),
        alike=writer.items(code for code in scale_of(review).codes if code not in set(differing)),
        left=len(found.left),
        agreement=agreement.agreement(
            pair for code in scale_of(review).codes for pair in agreement.pairs_of(scores, code)
        ),
        score=score(scale_of(review), agreed, labels=labels),
        previous_when=day(writer.previous.ends_on.isoformat()) + writer.previous.mark
        if writer.previous
        else "",
        may_settle=is_open and bool(may(actor, "edit", Resource.CONSENSUS, review.place)),
        may_close=is_open and bool(may(actor, "submit", Resource.CONSENSUS, review.place)),
    )


@dataclass(frozen=True)
class _Writer:
    """Carries what each item's picture is drawn from."""

    found: Compared
    actor: Actor
    previous: PastReview | None
    wording: Wording

    @property
    def reviewers(self) -> dict[int, Reviewer]:
        """Those who rated, the lead first; the review comes with them."""
        rows = {row.pk: row for row in self.found.review.reviewers.all()}
        return {pk: rows[pk] for pk in self.found.sheets}

    def items(self, codes: Iterable[str]) -> tuple[ComparedItem, ...]:
        return tuple(self.item(scale_of(self.found.review).item(code)) for code in codes)

    def item(self, item: Item) -> ComparedItem:
        given = tuple(
            self.given(row, self.found.sheets[pk][item.code], item) for pk, row in self.reviewers.items()
        )
        return ComparedItem(
            item=item,
            given=given,
            anchors=tuple(self.anchor(item, level, given) for level in range(1, len(item.anchors) + 1)),
            previous=self.previous.ratings.get(item.code) if self.previous else None,
            agreed=self.found.kept.get(item.code),
        )

    def given(self, row: Reviewer, rating: Rating, item: Item) -> Given:
        scale = scale_of(self.found.review)
        return Given(
            name=row.person.name,
            is_me=row.person_id == self.actor.person_id,
            score=rating.score or 0,
            note=rating.note,
            sources=", ".join(scale.source_name(code) for code in rating.sources),
        )

    def anchor(self, item: Item, level: int, given: tuple[Given, ...]) -> Anchor:
        who = " and ".join("you" if each.is_me else each.name for each in given if each.score == level)
        return Anchor(level, self.wording.get((item.code, level)) or item.anchor(level), who)
