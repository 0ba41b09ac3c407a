"""A draft is to be read by a second person of the state, and what that person has said."""

from agencies.models import Person, State
from fidelity.models import Moderation, Review
from fidelity.models.moderation import ModerationQuerySet
from fidelity.moderation import is_asked_for, readers
from fidelity.notices.telling import lead_of, persons, reviewers_of, tell_of
from fidelity.reviewers import conflicts
from ips_portal.notices.pacing import Pace
from ips_portal.notices.register import Notice, record_in


def told_of(state: State, key: str) -> Moderation | None:
    """What was told under the key, while its report is in draft and the rules ask for it. A later time is told under
    its own key."""
    rows: ModerationQuerySet = Moderation.objects.in_state(state.pk).staged()
    found: Moderation | None = (
        rows.filter(
            pk=int(key.rpartition(":")[2]),
            review__public_id=record_in(key),
            review__status=Review.Status.DRAFT_REPORT,
        )
        .select_related("review")
        .first()
    )
    return found if found and is_asked_for(found.review) else None


def still_to_moderate(state: State, key: str, person: Person | None) -> bool:
    """Nobody has read it meanwhile, nor changed it, which withdraws the question."""
    row = told_of(state, key)
    return row is not None and row.stage == Moderation.Stage.WAITING


def still_to_hand_over(state: State, key: str, person: Person | None) -> bool:
    row = told_of(state, key)
    if row is None or row.stage != Moderation.Stage.AGREED:
        return False
    return row.review.text.handed_over_at is None


def still_returned(state: State, key: str, person: Person | None) -> bool:
    """Its reviewers have not asked again."""
    row = told_of(state, key)
    return row is not None and not Moderation.objects.filter(review=row.review_id, pk__gt=row.pk).exists()


ASKED = Notice(
    key="moderation-asked",
    event="Your turn: a report waits to be read by a second person before it goes to the agency",
    to_whom="State admins, and trainers who did not review, where the state's policy asks for moderation",
    subject="Your turn: the draft of the report about {team} waits to be read",
    why="a draft is read by somebody who did not review, and you may do that",
    facts=frozenset({"review", "team", "lead"}),
    pace=Pace.AT_ONCE,
    button="Read the draft",
    still=still_to_moderate,
)
AGREED = Notice(
    key="report-moderated",
    event="Your turn: the draft of a report was read and agreed to, and can be handed over",
    to_whom="The reviewer who leads the review, and who asked",
    subject="Your turn: hand over the report about {team}, it was read and agreed to",
    why="you wrote this report, and it goes on when you hand it over",
    facts=frozenset({"team", "by"}),
    pace=Pace.AT_ONCE,
    button="Open the report",
    still=still_to_hand_over,
)
RETURNED = Notice(
    key="moderation-returned",
    event="Your turn: the draft of a report was returned by the moderator, with remarks",
    to_whom="The reviewer who leads the review, and who asked",
    subject="Your turn: the draft of the report about {team} was returned",
    why="you wrote this report, and it goes on when you have answered the remarks",
    facts=frozenset({"team", "by"}),
    pace=Pace.AT_ONCE,
    button="Read the remarks",
    still=still_returned,
)
ALL = (ASKED, AGREED, RETURNED)


def to_moderate(row: Moderation) -> int:
    review = row.review
    facts = {"review": review.state.terms["review"], "team": review.team.name, "lead": lead_of(review)}
    to = persons(readers(review))
    return tell_of(ASKED, review, str(row.pk), to, facts, page="moderation/read/")


def agreed_to(row: Moderation) -> int:
    return tell_writers(AGREED, row, page="report/")


def sent_back(row: Moderation) -> int:
    return tell_writers(RETURNED, row, page="moderation/")


def tell_writers(notice: Notice, row: Moderation, *, page: str) -> int:
    """The lead, and who asked; each as long as they review and do not belong to the agency."""
    lead, *others = reviewers_of(row.review)
    writers = [lead, *(each for each in others if each.pk == row.asked_by_id)]
    barred = conflicts(row.review.team, [each.pk for each in writers], row.review.state.today())
    to = [each for each in writers if each.pk not in barred]
    facts = {"team": row.review.team.name, "by": str(row.done_by)}
    return tell_of(notice, row.review, str(row.pk), to, facts, page=page)
