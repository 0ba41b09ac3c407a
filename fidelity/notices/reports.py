"""The report of a review: whose turn it is until it is issued, and that it is."""

from datetime import date

from django.utils import timezone

from agencies.models import Person, State
from fidelity.models import AnswerWindow, Review
from fidelity.moderation import may_go_out, moderated
from fidelity.notices.telling import (
    concerned,
    lead_of,
    reviewers_of,
    second_people,
    tell_of,
    those_who_lead,
    visit_facts,
)
from ips_portal.notices.pacing import Pace
from ips_portal.notices.register import Notice, record_in


def still_to_issue(state: State, key: str, person: Person | None) -> bool:
    """Nobody has issued the report meanwhile, nor changed it, which takes it back until it is handed over anew.

    Rules that began meanwhile may ask for it to be read first.
    """
    handed_over = {"texts__handed_over_at__isnull": False, "texts__version": int(key.rpartition(":")[2])}
    rows = Review.objects.in_state(state.pk).filter(public_id=record_in(key), **handed_over)
    review = rows.filter(status=Review.Status.DRAFT_REPORT).first()
    return review is not None and may_go_out(review)


def still_to_correct(state: State, key: str, person: Person | None) -> bool:
    """The agency's time is not over, and it has not said that it is done."""
    rows = AnswerWindow.objects.in_state(state.pk).filter(review__public_id=record_in(key))
    return rows.open_at(timezone.now()).exists()


def still_to_answer(state: State, key: str, person: Person | None) -> bool:
    """The report has not been issued meanwhile, nor taken back to its ratings."""
    rows = AnswerWindow.objects.in_state(state.pk).filter(review__public_id=record_in(key), withdrawn_at=None)
    return rows.filter(review__status=Review.Status.DRAFT_REPORT).exists()


TO_ISSUE = Notice(
    key="report-to-issue",
    event="Your turn: a report waits for a second person to issue it",
    to_whom="State admins, and trainers who did not review",
    subject="Your turn: the report about {team} waits to be issued",
    why="reports are issued by somebody other than the reviewer, and you may issue them",
    facts=frozenset({"review", "team", "lead"}),
    pace=Pace.AT_ONCE,
    button="Open the review",
    still=still_to_issue,
)
TO_CORRECT = Notice(
    key="draft-to-correct",
    event="Your turn: the draft of a report about your team waits to be checked",
    to_whom="The leader and supervisor of the team, where the state's policy gives them days for it",
    subject="Your turn: check the draft of the report about {team} by {until}",
    why="you lead this team, and its report is issued after that day",
    facts=frozenset({"team", "until"}),
    pace=Pace.AT_ONCE,
    button="Open the draft",
    still=still_to_correct,
)
ANSWERED = Notice(
    key="draft-answered",
    event="Your turn: the agency has checked the draft of a report, or its days for it are over",
    to_whom="The reviewer who leads the review",
    subject="Your turn: the draft of the report about {team} was checked",
    why="you lead this review, and its report is issued when every comment is answered",
    facts=frozenset({"team"}),
    pace=Pace.AT_ONCE,
    button="Open the comments",
    still=still_to_answer,
)
ISSUED = Notice(
    key="report-issued",
    event="The report about your team is issued",
    to_whom="The leader and supervisor of the team, and the reviewers",
    subject="The report about {team} is issued",
    why="you lead this team, or reviewed it",
    facts=frozenset({"review", "team", "dates"}),
    pace=Pace.DIGEST,
    button="Open the review",
)
ALL = (TO_CORRECT, ANSWERED, TO_ISSUE, ISSUED)


def to_issue(review: Review) -> int:
    """When a reviewer hands the report over; again only after it was changed or read by a second person meanwhile."""
    facts = {
        "review": review.state.terms["review"],
        "team": review.team.name,
        "lead": lead_of(review),
    }
    found = moderated(review)
    to = [each for each in second_people(review) if not (found and found.was_agreed_by(each.pk))]
    read = f"{found.last.pk}:" if found and found.last else ""
    return tell_of(TO_ISSUE, review, f"{read}{review.text.version}", to, facts, page="")


def to_correct(review: Review, last_day: date) -> int:
    """When the draft is handed to the agency, and again after it was taken back."""
    facts = {"team": review.team.name, "until": f"{last_day:%B} {last_day.day}, {last_day.year}"}
    mark = timezone.now().isoformat()
    return tell_of(TO_CORRECT, review, mark, those_who_lead(review), facts, page="answers/")


def answered(review: Review, window: AnswerWindow) -> int:
    """Once for each time the draft was handed to the agency."""
    lead = reviewers_of(review)[:1]
    mark = window.opened_at.isoformat()
    return tell_of(ANSWERED, review, mark, lead, {"team": review.team.name}, page="answers/")


def issued(review: Review, *, edition: int) -> int:
    return tell_of(ISSUED, review, str(edition), concerned(review), visit_facts(review))
