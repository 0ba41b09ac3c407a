"""A review is planned, moved or cancelled, and its reviewers compare what they rated."""

from django.utils import timezone

from agencies.models import Person, State
from fidelity.dashboards.listing import visit
from fidelity.models import Review
from fidelity.notices.telling import concerned, lead_of, others, reviewers_of, status_of, tell_of, visit_facts
from ips_portal.notices.pacing import Pace
from ips_portal.notices.register import Notice


def still_ahead(state: State, key: str, person: Person | None) -> bool:
    """The visit is to be held, or is being held."""
    return status_of(state, key) in (Review.Status.SCHEDULED, Review.Status.RATING)


def still_to_agree(state: State, key: str, person: Person | None) -> bool:
    return status_of(state, key) == Review.Status.CONSENSUS


def still_cancelled(state: State, key: str, person: Person | None) -> bool:
    return status_of(state, key) == Review.Status.CANCELLED


# Dates are an appointment: people travel, and others are waited for, so a change of them cannot wait a week.
TEAM_FACTS = frozenset({"review", "team", "dates"})
SCHEDULED = Notice(
    key="review-scheduled",
    event="A review of your team is scheduled, or you are to review a team",
    to_whom="The reviewers, and the leader and supervisor of the team",
    subject="{review} of {team}: {dates}",
    why="you review this team, or lead it",
    facts=TEAM_FACTS | {"lead"},
    pace=Pace.AT_ONCE,
    button="Open the review",
    still=still_ahead,
)
CHANGED = Notice(
    key="review-changed",
    event="The dates or the reviewers of a review change",
    to_whom="The reviewers, and the leader and supervisor of the team",
    subject="{review} of {team}: changed, now {dates}",
    why="you review this team, or lead it",
    facts=TEAM_FACTS | {"lead"},
    pace=Pace.AT_ONCE,
    button="Open the review",
    still=still_ahead,
)
CANCELLED = Notice(
    key="review-cancelled",
    event="A review is cancelled",
    to_whom="The reviewers, and the leader and supervisor of the team",
    subject="{review} of {team} is cancelled",
    why="you review this team, or lead it",
    facts=TEAM_FACTS,
    pace=Pace.AT_ONCE,
    button="Open the review",
    still=still_cancelled,
)
TO_AGREE = Notice(
    key="consensus-open",
    event="Your turn: every reviewer has finished rating, and the ratings are compared",
    to_whom="The reviewers",
    subject="Your turn: agree on the ratings of {team}",
    why="you review this team, and its report waits for what you agree on",
    facts=frozenset({"team", "dates"}),
    pace=Pace.AT_ONCE,
    button="Open the consensus",
    still=still_to_agree,
)
ALL = (SCHEDULED, CHANGED, CANCELLED, TO_AGREE)


def scheduled(review: Review, *, by: int) -> int:
    return _about_visit(SCHEDULED, review, "scheduled", but=by)


def changed(review: Review, *, by: int) -> int:
    """Called only when something did change. Dates may go back to what they were, so the moment marks the event."""
    return _about_visit(CHANGED, review, timezone.now().isoformat(), but=by)


def cancelled(review: Review, *, by: int) -> int:
    return tell_of(CANCELLED, review, "cancelled", others(by, concerned(review)), visit_facts(review))


def to_agree(review: Review) -> int:
    """When the last sheet is locked, and again when what was agreed is opened once more."""
    facts = {"team": review.team.name, "dates": visit(review)}
    mark = timezone.now().isoformat()
    return tell_of(TO_AGREE, review, mark, reviewers_of(review), facts, page="consensus/")


def _about_visit(notice: Notice, review: Review, mark: str, *, but: int) -> int:
    facts = visit_facts(review) | {"lead": lead_of(review)}
    return tell_of(notice, review, mark, others(but, concerned(review)), facts)
