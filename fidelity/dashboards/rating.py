"""One reviewer's sheet: everything the rating page shows, read in a fixed number of queries.

The page, the answer to an autosave and the check page all read the same values, so they cannot disagree.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType
from zoneinfo import ZoneInfo

from agencies.models import State
from agencies.permissions import Actor, Resource, roles_that_may
from fidelity.dashboards.progress import Progress, progress, totals
from fidelity.in_force import scale_of, wording_of
from fidelity.models import NOTE_LIMIT, Rating, Review, Reviewer
from fidelity.ratings import PastReview, last_review
from fidelity.scales import Component, Gate, Item, Scale, Section
from fidelity.scoring import Score, score
from fidelity.suggesting import Reading, can_be_worked_out
from fidelity.wording import Wording

KINDS = dict(Review.Kind.choices)


@dataclass(frozen=True)
class LastRating:
    score: int
    when: str


@dataclass(frozen=True)
class Entry:
    """What stands in one item's fields: stored, or typed and not taken yet."""

    score: int | None = None
    note: str = ""
    sources: tuple[str, ...] = ()
    is_flagged: bool = False
    version: int = 0

    @property
    def digest(self) -> str:
        """Tells whether a form sent back without scripts changed an item at all (the version does not count)."""
        told = json.dumps([self.score, self.note, sorted(self.sources), self.is_flagged])
        return hashlib.sha256(told.encode()).hexdigest()[:16]

    @classmethod
    def of(cls, rating: Rating) -> "Entry":
        return cls(rating.score, rating.note, tuple(rating.sources), rating.is_flagged, rating.version)


@dataclass(frozen=True)
class Anchor:
    level: int
    text: str
    is_official: bool


@dataclass(frozen=True)
class SourceChoice:
    code: str
    name: str
    is_chosen: bool


@dataclass(frozen=True)
class Conflict:
    """What somebody else, or another tab, saved meanwhile."""

    entry: Entry
    saved: str
    sources: str


@dataclass(frozen=True)
class SheetItem:
    code: str
    seq: int
    name: str
    measure: str
    anchors: tuple[Anchor, ...]
    sources: tuple[SourceChoice, ...]
    components: tuple[Component, ...]
    gates: tuple[Gate, ...]
    boundary_note: str
    guidance: str
    entry: Entry
    base: str
    saved: str
    last: LastRating | None = None
    problems: tuple[str, ...] = ()
    conflict: Conflict | None = None
    suggestions: tuple[Reading, ...] = ()
    can_be_worked_out: bool = False

    @property
    def has_help(self) -> bool:
        return bool(self.components or self.boundary_note or self.guidance)


@dataclass(frozen=True)
class SheetSection:
    code: str
    name: str
    items: tuple[SheetItem, ...]
    rated: int

    @property
    def of(self) -> int:
        return len(self.items)


@dataclass(frozen=True)
class RatingSheet:
    review: Review
    person_id: int
    zone: str
    scale_name: str
    sections: tuple[SheetSection, ...]
    progress: Progress
    totals: str  # as the page's script adds them up
    saved: str
    previous: PastReview | None = None
    locked: str = ""
    is_typed: bool = False
    unknown: tuple[str, ...] = ()
    note_limit: int = NOTE_LIMIT

    @property
    def previous_words(self) -> str:
        return past_words(self.previous) if self.previous else ""

    @property
    def items(self) -> tuple[SheetItem, ...]:
        return tuple(item for section in self.sections for item in section.items)

    @property
    def with_problems(self) -> tuple[SheetItem, ...]:
        return tuple(item for item in self.items if item.problems)

    @property
    def conflicts(self) -> tuple[SheetItem, ...]:
        return tuple(item for item in self.items if item.conflict)

    @property
    def next_unrated(self) -> SheetItem | None:
        return next((item for item in self.items if item.entry.score is None), None)


@dataclass(frozen=True)
class Typed:
    """What a refused form held, so that it is shown again whole."""

    entries: Mapping[str, Entry] = field(default_factory=dict)
    problems: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    conflicts: frozenset[str] = frozenset()
    unknown: tuple[str, ...] = ()


NOTHING_TYPED = Typed()
NO_SUGGESTIONS: Mapping[str, tuple[Reading, ...]] = MappingProxyType({})


@dataclass(frozen=True)
class Stored:
    """One reviewer's sheet as it is in the database."""

    review: Review
    reviewer: Reviewer
    scale: Scale
    ratings: Mapping[str, Rating]

    def entry(self, code: str) -> Entry:
        return Entry.of(self.ratings[code]) if code in self.ratings else Entry()

    def scores(self) -> dict[str, int]:
        return {code: rating.score for code, rating in self.ratings.items() if rating.score is not None}


def stored_sheet(review: Review, actor: Actor) -> Stored:
    """The actor's own sheet of the review. The review comes with its scale."""
    reviewer = review.reviewers.get(person_id=actor.person_id)
    own = Rating.objects.in_state(actor.state_id).filter(reviewer__person_id=actor.person_id)
    rows = own.filter(reviewer=reviewer)  # narrower than `visible_to`, which takes longer to plan than to run
    return Stored(review, reviewer, scale_of(review), {row.item_code: row for row in rows})


def rating_sheet(
    stored: Stored,
    tenant: State,
    actor: Actor,
    *,
    labels: Mapping[str, str],
    typed: Typed = NOTHING_TYPED,
    suggestions: Mapping[str, tuple[Reading, ...]] = NO_SUGGESTIONS,
) -> RatingSheet:
    """Everything the rating page shows; what was typed and refused stands in front of what is stored."""
    review, scale = stored.review, stored.scale
    zone = ZoneInfo(tenant.zone)
    wording = wording_of(review.state_id, review.scale_id)
    writer = _Writer(stored, last_review(review), wording, zone, tenant.today(), typed, suggestions)
    sections = tuple(writer.section(section) for section in scale.sections)
    entries = {item.code: item.entry for section in sections for item in section.items}
    scores = {code: entry.score for code, entry in entries.items() if entry.score is not None}
    latest = max((row.saved_at for row in stored.ratings.values() if row.version), default=None)
    return RatingSheet(
        review=review,
        person_id=actor.person_id,
        zone=tenant.zone,
        scale_name=scale.name,
        sections=sections,
        progress=progress(scale, scores, sum(entry.is_flagged for entry in entries.values()), labels),
        totals=json.dumps(totals(scale, labels)),
        saved=moment(latest, zone, tenant.today()) if latest else "",
        previous=writer.previous,
        locked=lock_reason(stored, zone),
        is_typed=typed is not NOTHING_TYPED,
        unknown=typed.unknown,
    )


@dataclass(frozen=True)
class _Writer:
    """Carries what each item's picture is drawn from."""

    stored: Stored
    previous: PastReview | None
    wording: Wording
    zone: ZoneInfo
    today: date
    typed: Typed
    suggestions: Mapping[str, tuple[Reading, ...]]

    def section(self, section: Section) -> SheetSection:
        items = tuple(self.item(item) for item in section.items)
        return SheetSection(
            section.code, section.name, items, sum(item.entry.score is not None for item in items)
        )

    def item(self, item: Item) -> SheetItem:
        kept = self.stored.entry(item.code)
        entry = self.typed.entries.get(item.code, kept)
        row = self.stored.ratings.get(item.code)
        saved = moment(row.saved_at, self.zone, self.today) if row and row.version else ""
        clash = item.code in self.typed.conflicts
        return SheetItem(
            code=item.code,
            seq=item.seq,
            name=item.name,
            measure=item.measure,
            anchors=tuple(self.anchor(item, level) for level in range(1, len(item.anchors) + 1)),
            sources=tuple(
                SourceChoice(code, self.stored.scale.source_name(code), code in entry.sources)
                for code in item.sources
            ),
            components=item.components,
            gates=item.gates,
            boundary_note=item.boundary_note,
            guidance=item.guidance,
            entry=entry,
            base=kept.digest,
            saved=saved,
            last=self.last(item.code),
            problems=self.typed.problems.get(item.code, ()),
            conflict=Conflict(kept, saved, self.source_names(kept.sources)) if clash else None,
            suggestions=self.suggestions.get(item.code, ()),
            can_be_worked_out=can_be_worked_out(item),
        )

    def last(self, code: str) -> LastRating | None:
        score = self.previous.ratings.get(code) if self.previous else None
        return LastRating(score, past_words(self.previous)) if score and self.previous else None

    def anchor(self, item: Item, level: int) -> Anchor:
        official = self.wording.get((item.code, level))
        return Anchor(level, official or item.anchor(level), official is not None)

    def source_names(self, codes: Iterable[str]) -> str:
        return ", ".join(self.stored.scale.source_name(code) for code in codes)


def lock_reason(stored: Stored, zone: ZoneInfo) -> str:
    """Why the sheet cannot be changed now, and who can change that; empty while it is open."""
    if stored.review.status == Review.Status.CANCELLED:
        return "This review was cancelled. Its ratings can be read, not changed."
    finished = stored.reviewer.finished_at
    if stored.review.is_open and not finished:
        return ""
    when = f" on {moment(finished, zone)}" if finished else ""
    who = " or ".join(role.label.lower() for role in roles_that_may("reopen", Resource.REVIEW))
    return (
        f"Rating was finished{when}. The ratings are locked; a {who} can reopen the review and must say why."
    )


def past_words(past: PastReview) -> str:
    return f"{KINDS[past.kind]}, {past.ends_on:%B %Y}{past.mark}"


def moment(at: datetime, zone: ZoneInfo, today: date | None = None) -> str:
    """A time in the state's zone, with the day unless it is today."""
    local = at.astimezone(zone)
    clock = f"{local.hour % 12 or 12}:{local:%M %p}"
    if today and local.date() == today:
        return clock
    return f"{local:%B} {local.day}, {local.year}, {clock}"


def score_of(stored: Stored, labels: Mapping[str, str]) -> Score:
    return score(stored.scale, stored.scores(), labels=labels)
