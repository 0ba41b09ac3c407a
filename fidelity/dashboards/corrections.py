"""The page of a correction: what was opened, what is changed so far, whose turn it is, and what is still to do."""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from agencies.models import State
from agencies.permissions import Actor, Resource, may
from fidelity import reports
from fidelity.comparing import Comparison, compare
from fidelity.dashboards.history import sees_drafts
from fidelity.dashboards.report import Check
from fidelity.in_force import scale_of, wording_of
from fidelity.models import CorrectedItem, Correction, Edition, Review
from fidelity.paper.wording import day
from fidelity.reviewers import issues_correction
from fidelity.scales import Item
from fidelity.wording import Wording


@dataclass(frozen=True)
class Anchor:
    level: int
    text: str


@dataclass(frozen=True)
class OpenedItem:
    """An item that may be corrected, with what its ratings mean."""

    item: Item
    row: CorrectedItem
    issued: int | None
    anchors: tuple[Anchor, ...]


@dataclass(frozen=True)
class CorrectionPage:
    """`writes`, `issues` and `gives_up` say what this person may do now."""

    correction: Correction
    last_day: date
    items: tuple[OpenedItem, ...]
    changes: Comparison
    writes: bool
    issues: bool
    gives_up: bool

    @property
    def is_handed_over(self) -> bool:
        return self.correction.handed_over_at is not None

    @property
    def words(self) -> str:
        """Whose turn it is."""
        until = day(self.last_day.isoformat())
        if self.is_handed_over:
            return (
                f"{self.correction.writer} has handed the correction over. Somebody else, a trainer or the state "
                f"admin, reads and issues it by {until}."
            )
        return f"{self.correction.writer} writes the correction until {until} and hands it over."


@dataclass(frozen=True)
class CorrectionCheck:
    """What is asked before a correction is issued."""

    page: CorrectionPage
    checks: tuple[Check, ...]

    @property
    def may_issue(self) -> bool:
        return all(check.is_met for check in self.checks)


@dataclass(frozen=True)
class EditionLine:
    """One edition of a report, as the page of its review lists it."""

    edition: Edition
    issued_on: date
    later: int | None  # the number of the edition that has taken its place


def open_correction(review: Review, actor: Actor) -> Correction | None:
    """The one that is being prepared, for those who read drafts. For everybody else the issued edition just stands."""
    if review.status != Review.Status.ISSUED or not sees_drafts(review, actor):
        return None
    rows = Correction.objects.visible_to(actor).filter(review=review).open_at(timezone.now())
    found: Correction | None = rows.select_related("writer", "opened_by", "state").first()
    if found:
        found.review = review
    return found


def correction_page(correction: Correction, actor: Actor) -> CorrectionPage:
    review, issued = correction.review, reports.last_snapshot(correction.review_id)
    rows = {row.item_code: row for row in correction.items.all()}
    wording = wording_of(review.state_id, review.scale_id)
    rated = {item["code"]: item["rating"] for part in issued["sections"] for item in part["items"]}
    writes = correction.writer_id == actor.person_id
    return CorrectionPage(
        correction=correction,
        last_day=correction.last_day,
        items=tuple(
            OpenedItem(item, rows[item.code], rated[item.code], anchors(item, wording))
            for item in scale_of(review).items
            if item.code in rows
        ),
        changes=compare(issued, reports.as_corrected(correction)),
        writes=writes and bool(may(actor, "edit", Resource.DRAFT_REPORT, review.place)),
        issues=bool(may(actor, "approve", Resource.FINAL_REPORT, review.place))
        and issues_correction(correction, actor.person_id),
        gives_up=bool(may(actor, "reopen", Resource.REVIEW, review.place)),
    )


def anchors(item: Item, wording: Wording) -> tuple[Anchor, ...]:
    levels = range(1, len(item.anchors) + 1)
    return tuple(Anchor(level, wording.get((item.code, level)) or item.anchor(level)) for level in levels)


def before_issuing(page: CorrectionPage) -> CorrectionCheck:
    writer = page.correction.writer
    return CorrectionCheck(
        page,
        (
            Check(f"Written by {writer}: somebody else issues it", page.issues),
            Check(f"{writer} has handed it over", page.is_handed_over),
            Check("It says something else than the issued edition", bool(page.changes.passages)),
        ),
    )


def editions_of(review: Review, actor: Actor, tenant: State) -> tuple[EditionLine, ...]:
    """Newest first."""
    rows = Edition.objects.visible_to(actor).filter(review=review).select_related("issued_by")
    found = list(rows.defer("snapshot").order_by("-number"))
    zone = tenant.now().tzinfo
    return tuple(
        EditionLine(row, row.issued_at.astimezone(zone).date(), found[0].number if place else None)
        for place, row in enumerate(found)
    )
