"""Whether a draft is to be read by a second person of the state first, who may read it, and where that stands."""

from collections.abc import Collection
from dataclasses import dataclass

from agencies.models.states import stated
from agencies.permissions import Actor, Resource, may
from agencies.refusals import NotPermitted, WrongStatus
from fidelity.in_force import policy_in, policy_on
from fidelity.models import Moderation, Review
from fidelity.reviewers import conflicts, is_second_person, of_state

Stage = Moderation.Stage
NOBODY_READS = (
    "Nobody of the state may read it: whoever reviewed, wrote or belongs to the agency does not. The state admin adds "
    "another trainer first."
)


@dataclass(frozen=True)
class Moderated:
    """The last time the draft was to be read; none before anybody asked. What the rules ask no more binds nobody."""

    last: Moderation | None = None
    is_asked: bool = True

    @property
    def stage(self) -> str:
        """Empty while nothing waits and nothing holds: not asked yet, or withdrawn since."""
        if self.last is None or not self.is_asked or self.last.stage == Stage.WITHDRAWN:
            return ""
        return self.last.stage

    @property
    def is_agreed(self) -> bool:
        return self.stage == Stage.AGREED

    def was_agreed_by(self, person_id: int) -> bool:
        return self.is_agreed and self.last is not None and self.last.done_by_id == person_id

    @property
    def remarks(self) -> dict[str, str]:
        """By item code, until the draft is asked for again."""
        return dict(self.last.remarks) if self.last and self.stage == Stage.RETURNED else {}


def is_asked_for(review: Review) -> bool:
    """By the policy of the review's day. What an agency's own people say of their team has nobody to be read for."""
    return is_from_outside(review) and policy_on(review.state_id, review.ends_on).moderation


def is_from_outside(review: Review) -> bool:
    return review.kind == Review.Kind.EXTERNAL and not review.is_imported


def read_first(state_id: int, reviews: Collection[Review]) -> set[int]:
    """`is_asked_for` of many, in one query at most."""
    rules = stated(state_id) if reviews else None
    return {
        each.pk
        for each in reviews
        if rules and is_from_outside(each) and policy_in(rules, each.ends_on).moderation
    }


def moderated(review: Review) -> Moderated | None:
    """As the database has it now; nothing where the state does not ask for it."""
    return Moderated(last_of(review)) if is_asked_for(review) else None


def on_record(review: Review) -> Moderated | None:
    """Also what was said before the state ceased to ask for it."""
    is_asked, last = is_asked_for(review), last_of(review)
    return Moderated(last, is_asked) if is_asked or last else None


def last_of(review: Review) -> Moderation | None:
    rows = review.moderations.staged().select_related("asked_by", "done_by")
    found: Moderation | None = rows.order_by("-pk").first()
    return found


def stage_of(review: Review) -> str:
    found = moderated(review)
    return found.stage if found else ""


def moderates(review: Review, actor: Actor) -> bool:
    """Whether nothing bars this person from reading it for the state: what the action asks, for buttons."""
    return (
        bool(may(actor, "approve", Resource.FINAL_REPORT, review.place))
        and not took_part(review, actor.person_id)
        and not conflicts(review.team, [actor.person_id], review.state.today())
    )


def took_part(review: Review, person_id: int) -> bool:
    return person_id in who_took_part(review)


def who_took_part(review: Review) -> set[int]:
    """Also who left half-way, who closed the ratings for others, and who wrote and was taken off since.

    `ModerationQuerySet.strange_to` for one.
    """
    reviewed = review.reviewers.values_list("person", flat=True)
    finished = {review.finished_by_id} if review.finished_by_id else set()
    return {*reviewed, *review.text.writers, *finished}


def readers(review: Review) -> set[int]:
    """Who may read the draft for the state, whoever asks."""
    return of_state(review, but=who_took_part(review))


def others_may_issue(review: Review, person_id: int) -> bool:
    """Whether somebody is left to issue the report once this person has agreed to its draft."""
    able = of_state(review, but={person_id})
    return any(is_second_person(review, each) for each in able)


def check_took_no_part(review: Review, by: Actor) -> None:
    if took_part(review, by.person_id):
        raise NotPermitted(
            "You reviewed this team, so another trainer or the state admin reads the draft. Nothing was changed."
        )


def may_go_out(review: Review) -> bool:
    """Whether it waits for nobody to read it."""
    found = moderated(review)
    return found is None or found.is_agreed


def check_moderated(review: Review) -> None:
    """Before a draft leaves its reviewers. WrongStatus says what is waited for."""
    found = moderated(review)
    if found is None or found.is_agreed:
        return
    match found.stage:
        case Stage.WAITING:
            words = "It waits to be read now."
        case Stage.RETURNED:
            words = "It was returned with remarks: answer them, then ask again."
        case _:
            words = (
                "Ask for it first."
                if found.last is None
                else "The draft or its reviewers changed since, so ask for it again."
            )
    raise WrongStatus(f"Somebody who did not review reads the draft before it goes to the agency. {words}")


def is_moderator(review: Review, person_id: int) -> bool:
    """Whether this person agreed to the draft as it is, and therefore does not issue it."""
    found = moderated(review)
    return found is not None and found.was_agreed_by(person_id)


def check_not_moderator(review: Review, by: Actor) -> None:
    if is_moderator(review, by.person_id):
        raise NotPermitted(
            "You read this draft and agreed to it, so another trainer or the state admin issues the report. "
            "Nothing was changed."
        )
