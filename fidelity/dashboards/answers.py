"""The agency's comments on a draft report beside what the draft says, and what the reviewers answered."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from agencies.models import State
from agencies.permissions import Actor, Resource, Scope, scope_of
from fidelity.models import AnswerWindow, DraftComment, Review
from fidelity.paper import ReportPaper, report_paper
from fidelity.paper.report import ItemPaper
from fidelity.paper.wording import day


@dataclass(frozen=True)
class CommentedItem:
    item: ItemPaper
    comment: DraftComment | None


@dataclass(frozen=True)
class AnswersPage:
    """`comments` and `answers` say what this person may do now; at most one of them is true."""

    window: AnswerWindow
    last_day: date
    is_open: bool
    comments: bool
    answers: bool
    paper: ReportPaper
    sections: tuple[tuple[str, tuple[CommentedItem, ...]], ...]

    @property
    def is_their_turn(self) -> bool:
        return self.comments or self.answers

    @property
    def said(self) -> list[CommentedItem]:
        return [each for _, items in self.sections for each in items if each.comment]

    @property
    def kept(self) -> dict[str, DraftComment]:
        return {each.item.code: each.comment for each in self.said if each.comment}

    @property
    def left(self) -> int:
        return sum(not each.comment.outcome for each in self.said if each.comment)


def seen_window(review: Review, actor: Actor) -> AnswerWindow | None:
    """The agency's time to correct the draft, for those who may know of it."""
    rows = AnswerWindow.objects.visible_to(actor).filter(review=review).select_related("state", "closed_by")
    found: AnswerWindow | None = rows.first()
    return found


def correcting(review: Review, actor: Actor) -> AnswerWindow | None:
    """The window in which this person reads the draft for the agency, while it is open.

    Source: trust reference 2.1, agencies see a draft in the answer window only.
    """
    if review.status != Review.Status.DRAFT_REPORT:
        return None
    if scope_of(actor.role, "view", Resource.DRAFT_REPORT) is not Scope.AGENCY:
        return None
    window = seen_window(review, actor)
    return window if window and window.is_open(timezone.now()) else None


def answers_of(review: Review, actor: Actor) -> AnswersPage | None:
    window = seen_window(review, actor) if review.status in Review.REPORTED else None
    return answers_page(review, window, actor) if window else None


def answers_page(review: Review, window: AnswerWindow, actor: Actor) -> AnswersPage:
    paper, is_open = report_paper(window.snapshot), window.is_open(timezone.now())
    comments = {row.item_code: row for row in said_of(review)}
    in_draft = review.status == Review.Status.DRAFT_REPORT and window.withdrawn_at is None
    return AnswersPage(
        window=window,
        last_day=window.last_day,
        is_open=is_open and in_draft,
        comments=correcting(review, actor) is not None,
        answers=in_draft and not is_open and actor.person_id in review.place.people,
        paper=paper,
        sections=tuple((part.name, commented(part.items, comments)) for part in paper.sections),
    )


def said_of(review: Review) -> list[DraftComment]:
    return list(review.comments.said().select_related("said_by", "answered_by"))


def commented(
    items: tuple[ItemPaper, ...], comments: Mapping[str, DraftComment]
) -> tuple[CommentedItem, ...]:
    return tuple(CommentedItem(item, comments.get(item.code)) for item in items)


def checking(review: Review, answers: AnswersPage | None, tenant: State) -> str:
    """Whose turn it is while the agency checks the draft, and until it is answered."""
    agency = tenant.terms["agency"]
    if answers is None or review.status != Review.Status.DRAFT_REPORT or answers.window.withdrawn_at:
        return ""
    if answers.is_open:
        return (
            f"The {agency} checks the draft until {day(answers.last_day.isoformat())}, or until it says that it is "
            "done. Then the reviewers answer what it said, and somebody else issues the report."
        )
    if answers.left:
        return f"The reviewers answer the comments of the {agency}. Then somebody else issues the report."
    return ""
