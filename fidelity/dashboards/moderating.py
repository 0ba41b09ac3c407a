"""Where the reading of a draft by a second person stands, in words; what that person reads; and what was said."""

from dataclasses import dataclass
from datetime import datetime

from agencies.models import State
from agencies.permissions import Actor
from fidelity import snapshots
from fidelity.dashboards.history import sees_drafts
from fidelity.in_force import scale_of
from fidelity.models import Moderation, Review
from fidelity.moderation import Moderated, Stage, moderates, on_record, others_may_issue
from fidelity.paper import ReportPaper, report_paper
from fidelity.paper.report import ItemPaper
from fidelity.paper.wording import day
from fidelity.ratings import agreed_ratings
from fidelity.scales import Item


@dataclass(frozen=True)
class ModerationLine:
    """`note` stands under the stage, `words` on pages; `next_text` is empty where it waits for nothing of this.

    `asks` and `reads` say what this person may do now; who agreed (`is_mine`) does not issue the report.
    """

    found: Moderated
    note: str
    words: str
    next_text: str
    asks: bool
    reads: bool
    is_mine: bool

    @property
    def stage(self) -> str:
        return self.found.stage

    @property
    def reason(self) -> str:
        """Of a return that waits for its answer."""
        return self.found.last.note if self.found.last and self.stage == Stage.RETURNED else ""

    @property
    def is_asked(self) -> bool:
        return self.found.is_asked


@dataclass(frozen=True)
class ReadItem:
    """An item of the draft, where it was seen, and the evidence noted there, if the report says something else."""

    item: ItemPaper
    sources: str
    evidence: str


@dataclass(frozen=True)
class DraftRead:
    """The whole draft, as whoever moderates reads it; `issuers`: is anybody left to issue it if they agree?"""

    paper: ReportPaper
    issuers: bool
    sections: tuple[tuple[str, tuple[ReadItem, ...]], ...]


@dataclass(frozen=True)
class Record:
    """One time the draft was to be read, with its remarks beside their items."""

    row: Moderation
    remarks: tuple[tuple[Item, str], ...]


def moderation_line(review: Review, tenant: State, actor: Actor) -> ModerationLine | None:
    """Nothing where the state does not ask for it, nor for whoever reads no drafts, such as the agency."""
    if review.status not in Review.REPORTED or not sees_drafts(review, actor):
        return None
    found, in_draft = on_record(review), review.status == Review.Status.DRAFT_REPORT
    if found is None or not (in_draft or found.last):  # rules that came later ask nothing of an issued report
        return None
    return ModerationLine(
        found=found,
        note=note_of(found, tenant),
        words=words_of(found, tenant),
        next_text=next_of(review, found) if in_draft and found.is_asked else "",
        asks=in_draft
        and found.is_asked
        and actor.person_id in review.place.people
        and found.stage not in (Stage.WAITING, Stage.AGREED),
        reads=in_draft and found.stage == Stage.WAITING and moderates(review, actor),
        is_mine=found.was_agreed_by(actor.person_id),
    )


def note_of(found: Moderated, tenant: State) -> str:
    last = found.last
    if last is None or not found.stage:
        return "Not asked for yet" if last is None else "To be asked for again"
    if found.stage == Stage.WAITING:
        return "Waits to be read"
    return f"{Stage(found.stage).label} {on(last.done_at, tenant)}"


def words_of(found: Moderated, tenant: State) -> str:
    last = found.last
    if not found.is_asked:
        return "By the state's rules as they are now, this draft needs no second reader. What was said stays on record."
    if last is None:
        return "Nobody has asked yet for the draft to be read."
    match found.stage:
        case Stage.WAITING:
            return f"{last.asked_by} asked on {on(last.asked_at, tenant)} for the draft to be read."
        case Stage.AGREED:
            return f"{last.done_by} read the draft on {on(last.done_at, tenant)} and agreed to it."
        case Stage.RETURNED:
            return f"{last.done_by} read the draft on {on(last.done_at, tenant)} and returned it."
    before = f"{last.done_by} agreed to it" if last.done_by else f"{last.asked_by} asked for it to be read"
    return (
        f"{before}, which no longer counts: the draft or its reviewers changed since. It is asked for again."
    )


def next_of(review: Review, found: Moderated) -> str:
    lead = next((row.person.name for row in review.reviewers.all() if row.is_lead), "The lead reviewer")
    match found.stage:
        case Stage.WAITING:
            return (
                "A trainer or the state admin who did not review reads the draft, then agrees or returns it."
            )
        case Stage.RETURNED:
            return f"{lead} answers the remarks on the draft, then asks for it to be read again."
        case Stage.AGREED if review.text.handed_over_at is None:
            return f"The draft was read and agreed to. {lead} hands it over."
        case Stage.AGREED:
            return ""
    if review.text.handed_over_at:
        return f"The report was handed over before anybody read it as it is. {lead} asks for it to be read first."
    return (
        f"{lead} writes the report and asks for it to be read. A trainer or the state admin who did not review reads "
        "it before it is handed over."
    )


def on(moment: datetime | None, tenant: State) -> str:
    return day(moment.astimezone(tenant.now().tzinfo).date().isoformat()) if moment else ""


def draft_read(review: Review, actor: Actor) -> DraftRead:
    scale = scale_of(review)
    paper, rated = report_paper(snapshots.draft(review)), agreed_ratings(review)
    said = dict(review.item_reports.values_list("item_code", "found"))

    def read(item: ItemPaper) -> ReadItem:
        row = rated[item.code]
        new = row.note.strip() != said.get(item.code, "").strip()
        return ReadItem(
            item, ", ".join(scale.source_name(code) for code in row.sources), row.note if new else ""
        )

    return DraftRead(
        paper,
        others_may_issue(review, actor.person_id),
        tuple((part.name, tuple(read(item) for item in part.items)) for part in paper.sections),
    )


def records(review: Review) -> tuple[Record, ...]:
    """Newest first."""
    items = {item.code: item for item in scale_of(review).items}
    rows = review.moderations.staged().select_related("asked_by", "done_by").order_by("-pk")
    return tuple(
        Record(row, tuple((items[code], text) for code, text in row.remarks.items() if code in items))
        for row in rows
    )
