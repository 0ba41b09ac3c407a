"""The report editor and the look before issuing: what stands in the texts, and what is still to do."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils import timezone

from agencies.models import State
from agencies.permissions import Actor
from fidelity.drafting import PRIORITY_FROM
from fidelity.in_force import policy_on, scale_of
from fidelity.models import ItemReport, Review
from fidelity.moderation import moderated
from fidelity.ratings import Agreed, PastReview, agreed_ratings, last_review, unadvised
from fidelity.reviewers import led_by
from fidelity.scales import HIGHEST, Item
from fidelity.scoring import Score, score


@dataclass(frozen=True)
class ItemEditor:
    """One item beside its fields."""

    item: Item
    rating: int | None
    previous: int | None
    anchor: str
    next_anchor: str
    sources: str
    is_drafted: bool
    remark: str  # of who read the draft as its moderator and returned it

    @property
    def change(self) -> int | None:
        return None if self.previous is None or self.rating is None else self.rating - self.previous


@dataclass(frozen=True)
class EditorSection:
    code: str
    name: str
    items: tuple[ItemEditor, ...]


@dataclass(frozen=True)
class Editor:
    review: Review
    score: Score
    sections: tuple[EditorSection, ...]
    drafted: int
    previous_when: str

    @property
    def items(self) -> list[ItemEditor]:
        return [item for section in self.sections for item in section.items]


@dataclass(frozen=True)
class Check:
    """One condition of issuing: met or not, in words."""

    text: str
    is_met: bool


@dataclass(frozen=True)
class IssuePage:
    review: Review
    score: Score
    lead: str
    checks: tuple[Check, ...]
    exception: str

    @property
    def may_issue(self) -> bool:
        return all(check.is_met for check in self.checks)


def editor(review: Review, reports: Mapping[str, ItemReport], remarks: Mapping[str, str]) -> Editor:
    scale, rows, previous = scale_of(review), agreed_ratings(review), last_review(review)
    policy = policy_on(review.state_id, review.ends_on)
    return Editor(
        review=review,
        score=score_of(review, rows, policy.band_labels),
        sections=tuple(
            EditorSection(
                section.code,
                section.name,
                tuple(
                    item_editor(
                        review,
                        item,
                        rows.get(item.code),
                        reports.get(item.code),
                        previous,
                        remarks.get(item.code, ""),
                    )
                    for item in section.items
                ),
            )
            for section in scale.sections
        ),
        drafted=sum(row.is_drafted and bool(row.recommendation) for row in reports.values()),
        previous_when=f"{previous.ends_on:%B} {previous.ends_on.year}{previous.mark}" if previous else "",
    )


def score_of(review: Review, rows: Mapping[str, Agreed], labels: Mapping[str, str]) -> Score:
    ratings = {code: row.score for code, row in rows.items() if row.score is not None}
    return score(scale_of(review), ratings, labels=labels)


def item_editor(
    review: Review,
    item: Item,
    row: Agreed | None,
    report: ItemReport | None,
    previous: PastReview | None,
    remark: str,
) -> ItemEditor:
    rating = row.score if row else None
    scale = scale_of(review)
    return ItemEditor(
        item=item,
        rating=rating,
        previous=previous.ratings.get(item.code) if previous else None,
        anchor=item.anchor(rating) if rating else "",
        next_anchor=item.anchor(rating + 1) if rating and rating < HIGHEST else "",
        sources=", ".join(scale.source_name(code) for code in (row.sources if row else ())),
        is_drafted=bool(report and report.is_drafted and report.recommendation),
        remark=remark,
    )


def checked_by_agency(review: Review) -> tuple[Check, ...]:
    """Where the state's policy gives the agency days to correct the draft."""
    days = policy_on(review.state_id, review.ends_on).answer_days if not review.is_self else 0
    window = review.windows.filter(withdrawn_at=None).select_related("state").first()
    if window is None:
        return (
            (Check(f"The agency has not had its {days} days to correct the draft yet", False),)
            if days
            else ()
        )
    if window.is_open(timezone.now()):
        return (Check(f"The agency may correct the draft until {window.last_day:%B %-d, %Y}", False),)
    left = review.comments.said().filter(outcome="").count()
    if left:
        return (Check(f"Comments of the agency that are not answered yet: {left}", False),)
    return (Check("The agency has checked the draft, and every comment is answered", True),)


def read_before(review: Review) -> tuple[Check, ...]:
    """Where the state's policy asks for the draft to be read by a second person first."""
    found = moderated(review)
    if found is None:
        return ()
    if found.is_agreed and found.last:
        return (Check(f"{found.last.done_by} has read the draft and agreed to it", True),)
    return (Check("Somebody who did not review has not agreed to the draft as it is now", False),)


def issue_page(review: Review, tenant: State, actor: Actor) -> IssuePage:
    today = tenant.today()
    rows = agreed_ratings(review)
    policy = policy_on(review.state_id, review.ends_on)
    led = next((row for row in review.reviewers.select_related("person") if row.is_lead), None)
    mine = led_by(review, actor.person_id)
    excepted = policy_on(review.state_id, today).same_person_may_issue_on(today)
    silent = unadvised(review)
    drafted = review.item_reports.filter(is_drafted=True).exclude(recommendation="").count()
    return IssuePage(
        review=review,
        score=score_of(review, rows, policy.band_labels),
        lead=led.person.name if led else "",
        checks=(
            Check(
                f"Led by {led.person.name if led else 'nobody'}: somebody else issues the report"
                + (", which is you" if not mine else ". You led this review"),
                not mine or excepted,
            ),
            Check(f"All {len(scale_of(review).items)} items are rated", review.finished_at is not None),
            Check("Strengths are written", bool(review.text.strengths.strip())),
            Check(
                f"Every item rated {PRIORITY_FROM} or lower has a recommendation"
                if not silent
                else f"Nothing is recommended yet for {', '.join(item.name for item in silent)}",
                not silent,
            ),
            Check(
                "Every recommendation was edited by a person"
                if not drafted
                else f"{drafted} {'recommendation is' if drafted == 1 else 'recommendations are'} still as drafted",
                not drafted,
            ),
            *read_before(review),
            *checked_by_agency(review),
        ),
        exception="The state's written exception lets the lead reviewer issue." if mine and excepted else "",
    )
