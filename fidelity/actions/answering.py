"""The agency says what a draft report has wrong, its reviewers answer each comment, and only then it is issued.

How many days the agency has is the state's policy; none where it names none, and for reviews a team does of itself.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from agencies import tenancy
from agencies.models import State
from agencies.permissions import Actor, Resource, Scope, require, scope_of
from agencies.refusals import NotPermitted, StaleVersion, Unacceptable, WrongStatus
from fidelity import notices, snapshots
from fidelity.actions.scheduling import lock
from fidelity.answering import end_of
from fidelity.in_force import policy_on, scale_of
from fidelity.models import NOTE_LIMIT, AnswerWindow, DraftComment, Review
from fidelity.moderation import may_go_out
from fidelity.reviewers import check_independent
from fidelity.scales import UnknownItem
from ips_portal.notices.mornings import each_morning

Outcome = DraftComment.Outcome
LOOKED_BACK = timedelta(days=7)  # for windows that ended while no worker was there to see it


@dataclass(frozen=True)
class Comment:
    """What is wrong at one item, where it can be seen, and the version it was typed over; 0 for a first time."""

    wrong: str = ""
    seen: str = ""
    version: int = 0


@dataclass(frozen=True)
class Reply:
    """What the reviewers did about a comment, in words, and the version of the comment they read."""

    outcome: str
    answer: str
    version: int


def days_of(review: Review) -> int:
    """How many days the agency has; a review is judged by the policy of its day."""
    if review.kind != Review.Kind.EXTERNAL:
        return 0
    return policy_on(review.state_id, review.ends_on).answer_days


def window_of(review: Review) -> AnswerWindow | None:
    """As the database has it now. One that was withdrawn is none."""
    found: AnswerWindow | None = review.windows.filter(withdrawn_at=None).select_related("state").first()
    return found


def hand_to_agency(review: Review) -> int:
    """With the hand-over: hands the draft to the agency, or where its time is over, the report to who may issue it.

    Returns to how many people something is told. Within the time, the agency reads the draft handed over last.
    """
    window, now = window_of(review), timezone.now()
    if window is None and not (days := days_of(review)):
        return notices.to_issue(review)
    if window is None:
        last = review.state.today() + timedelta(days=days)
        fresh = {
            "snapshot": snapshots.draft(review),
            "opened_at": now,
            "ends_at": end_of(last, review.state.zone),
            **dict.fromkeys(("closed_at", "closed_by", "withdrawn_at")),
        }
        window, _ = AnswerWindow.objects.update_or_create(
            state_id=review.state_id, review=review, team_id=review.team_id, defaults=fresh
        )
        return notices.to_correct(review, last)
    if window.is_open(now):
        AnswerWindow.objects.filter(pk=window.pk).update(snapshot=snapshots.draft(review))
        return 0
    return tell_issuers(review)


def withdraw(review: Review) -> None:
    """The ratings are opened again: the agency reads nothing until the next hand-over. What it said is kept."""
    review.windows.filter(withdrawn_at=None).update(withdrawn_at=timezone.now())


def read_again(review: Review) -> int:
    """A second person has agreed to what was handed over before: nobody is asked to hand it over once more."""
    window = window_of(review)
    if window is None:
        return 0 if days_of(review) else tell_issuers(review)
    return 0 if window.is_open(timezone.now()) else tell_issuers(review)


@transaction.atomic(savepoint=False)
def comment(review: Review, *, items: Mapping[str, Comment], closes: bool, by: Actor) -> AnswerWindow:
    """Keeps what the agency says, all of it or nothing; `closes` when that is everything, also where it is nothing.

    A repeated save of the same words is answered like the first. Refusals name their fields `<item>-wrong` and
    `<item>-seen`.
    """
    require_agency(review, by)
    lock(review)
    window = open_window(review)
    check_items(review, items)
    check_comments(items)
    kept = {row.item_code: row for row in review.comments.all()}
    news = {code: each for code, each in items.items() if not says_the_same(kept.get(code), each)}
    check_versions(kept, {code: each.version for code, each in news.items()})
    for code, each in news.items():
        keep(review, code, each, by)
    if closes:
        AnswerWindow.objects.filter(pk=window.pk).update(closed_at=timezone.now(), closed_by=by.person_id)
        over(review, window)
    window.refresh_from_db()
    return window


def keep(review: Review, code: str, said: Comment, by: Actor) -> None:
    """A comment that changes waits for its answer anew."""
    DraftComment.objects.update_or_create(
        state_id=review.state_id,
        review=review,
        team_id=review.team_id,
        item_code=code,
        defaults={
            "wrong": said.wrong.strip(),
            "seen": said.seen.strip(),
            "said_by_id": by.person_id,
            "said_at": timezone.now(),
            "version": said.version + 1,
            **dict.fromkeys(("outcome", "answer"), ""),
            **dict.fromkeys(("answered_by", "answered_at")),
        },
    )


@transaction.atomic(savepoint=False)
def answer(review: Review, *, items: Mapping[str, Reply], by: Actor) -> AnswerWindow:
    """The reviewers answer comments once the agency's time is over: all that are sent, or none.

    No answer changes the report: texts are changed in its editor, and ratings where they are opened again.
    """
    require_reviewer(review, by)
    lock(review)
    window = closed_window(review)
    kept = {row.item_code: row for row in review.comments.said()}
    check_items(review, items)
    check_replies(items, kept)
    news = {code: each for code, each in items.items() if not is_answered_so(kept[code], each)}
    check_versions(kept, {code: each.version for code, each in news.items()})
    for code, each in news.items():
        DraftComment.objects.filter(pk=kept[code].pk, version=each.version).update(
            outcome=each.outcome,
            answer=each.answer.strip(),
            answered_by=by.person_id,
            answered_at=timezone.now(),
            version=each.version + 1,
        )
    if news:
        tell_issuers(review)
    return window


def unanswered(review: Review) -> list[str]:
    return list(review.comments.said().filter(outcome="").values_list("item_code", flat=True))


def over(review: Review, window: AnswerWindow) -> int:
    """The agency has said everything, or its last day is over."""
    return notices.answered(review, window) + tell_issuers(review)


def tell_issuers(review: Review) -> int:
    """When nothing waits for the reviewers any more, nor for who reads the draft first.

    The agency that says so does not see the report's own rows.
    """
    with tenancy.as_system(review.state_id):
        is_ready = review.text.handed_over_at and not unanswered(review) and may_go_out(review)
        return notices.to_issue(review) if is_ready else 0


def begin() -> None:
    each_morning("drafts that were checked", look_for_ends)


def look_for_ends(state: State) -> int:
    """Every morning: windows whose last day is over. Each is told once."""
    now = timezone.now()
    ended = AnswerWindow.objects.in_state(state.pk).filter(
        closed_at=None,
        withdrawn_at=None,
        ends_at__range=(now - LOOKED_BACK, now),
        review__status=Review.Status.DRAFT_REPORT,
    )
    return sum(
        over(row.review, row) for row in ended.select_related("review__team", "review__state", "state")
    )


# --- who, and when -------------------------------------------------------------------------------------------
def speaks_for_agency(by: Actor) -> bool:
    """To edit a draft means for an agency to comment on it. Source: trust reference 2.1."""
    return scope_of(by.role, "edit", Resource.DRAFT_REPORT) is Scope.AGENCY


def require_agency(review: Review, by: Actor) -> None:
    require(by, "edit", Resource.DRAFT_REPORT, review.place)
    if not speaks_for_agency(by):
        raise NotPermitted("The people who lead the team comment on its draft. Nothing was changed.")


def require_reviewer(review: Review, by: Actor) -> None:
    require(by, "edit", Resource.DRAFT_REPORT, review.place)
    if not review.reviewers.filter(person_id=by.person_id).exists():
        raise NotPermitted("The reviewers of this review answer the comments. Nothing was changed.")
    check_independent(review, by.person_id)


def check_turn(review: Review, *, by: Actor) -> None:
    """Whether this person may comment, or answer, now; else the refusal says why not."""
    if speaks_for_agency(by):
        require_agency(review, by)
        open_window(review)
    else:
        require_reviewer(review, by)
        closed_window(review)


def in_draft(review: Review) -> AnswerWindow:
    if review.status == Review.Status.ISSUED:
        raise WrongStatus(
            "The report is issued, so comments and answers stay as they are. If something in it is wrong, write to "
            "the state's program office. Nothing was saved."
        )
    window = window_of(review) if review.status == Review.Status.DRAFT_REPORT else None
    if window is None:
        raise WrongStatus("No draft of this report is with the agency now. Nothing was saved.")
    return window


def open_window(review: Review) -> AnswerWindow:
    window = in_draft(review)
    lead = notices.lead_of(review)
    if window.closed_at:
        raise WrongStatus(
            f"Your agency has said that it is done. If something is still wrong, write to {lead}. Nothing was saved."
        )
    if not window.is_open(timezone.now()):
        raise WrongStatus(
            f"The time to correct this draft ended with {window.last_day:%B %-d, %Y}. If something is wrong, write to "
            f"{lead} before the report is issued. Nothing was saved."
        )
    return window


def closed_window(review: Review) -> AnswerWindow:
    window = in_draft(review)
    if window.is_open(timezone.now()):
        raise WrongStatus(
            f"The agency may comment until {window.last_day:%B %-d, %Y}, or until it says that it is done. Answer "
            "then. Nothing was saved."
        )
    return window


def check_heard(review: Review) -> None:
    """Before a report is issued the agency has had its time, and every comment its answer."""
    window = window_of(review)
    if window is None:
        if days := days_of(review):
            raise WrongStatus(
                f"The agency has {days} days to correct the draft, and has not seen it yet. The reviewers hand it over "
                "first."
            )
        return
    if window.is_open(timezone.now()):
        raise WrongStatus(
            f"The agency may correct the draft until {window.last_day:%B %-d, %Y}, or until it says that it is done. "
            "The report can be issued then."
        )
    if left := unanswered(review):
        names = ", ".join(item.name for item in scale_of(review).items if item.code in left)
        raise Unacceptable(
            f"The reviewers answer every comment of the agency first. Not answered yet: {names}."
        )


# --- what is sent --------------------------------------------------------------------------------------------
def check_items(review: Review, codes: Collection[str]) -> None:
    for code in codes:
        try:
            scale_of(review).item(code)
        except UnknownItem as error:
            raise Unacceptable(f"{error} Nothing was saved.", field=f"{code}-wrong") from None


def check_comments(items: Mapping[str, Comment]) -> None:
    wrong: dict[str, list[str]] = {}
    for code, said in items.items():
        if said.wrong.strip() and not said.seen.strip():
            wrong[f"{code}-seen"] = ["Say where it can be seen: a record, a log, a person to ask."]
        if said.seen.strip() and not said.wrong.strip():
            wrong[f"{code}-wrong"] = ["Say what is not right in the draft."]
        wrong |= too_long({f"{code}-wrong": said.wrong, f"{code}-seen": said.seen})
    refuse(wrong)


def check_replies(items: Mapping[str, Reply], kept: Mapping[str, DraftComment]) -> None:
    wrong: dict[str, list[str]] = {}
    for code, reply in items.items():
        if code not in kept:
            wrong[f"{code}-answer"] = ["The agency has not commented on this item."]
        if reply.outcome not in Outcome.values:
            wrong[f"{code}-outcome"] = ["Choose whether the report was changed."]
        if not reply.answer.strip():
            wrong[f"{code}-answer"] = ["Say in a sentence what was changed, or why it was not."]
        wrong |= too_long({f"{code}-answer": reply.answer})
    refuse(wrong)


def too_long(texts: Mapping[str, str]) -> dict[str, list[str]]:
    return {
        name: [f"This text has {len(text):,} characters; the limit is {NOTE_LIMIT:,}."]
        for name, text in texts.items()
        if len(text) > NOTE_LIMIT
    }


def refuse(wrong: dict[str, list[str]]) -> None:
    if wrong:
        raise Unacceptable("Nothing was saved: some items need another look.", fields=wrong)


def check_versions(kept: Mapping[str, DraftComment], read: Mapping[str, int]) -> None:
    """A comment that was written or answered meanwhile is never written over."""
    clashes = {
        code: as_json(kept.get(code))
        for code, version in read.items()
        if version != (kept[code].version if code in kept else 0)
    }
    if clashes:
        raise StaleVersion(
            f"{len(clashes)} of these items were saved by somebody else in the meantime. Nothing was overwritten: "
            "look at both and save again.",
            current=clashes,
        )


def says_the_same(row: DraftComment | None, said: Comment) -> bool:
    stored = (row.wrong, row.seen) if row else ("", "")
    return stored == (said.wrong.strip(), said.seen.strip())


def is_answered_so(row: DraftComment, reply: Reply) -> bool:
    return (row.outcome, row.answer) == (reply.outcome, reply.answer.strip())


def as_json(row: DraftComment | None) -> dict[str, Any] | None:
    if row is None:
        return None
    return {name: getattr(row, name) for name in ("wrong", "seen", "outcome", "answer", "version")}
