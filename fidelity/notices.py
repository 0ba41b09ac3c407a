"""Whom this app tells what: dates that concern a team, whose turn it is, and what has been issued."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q
from django.utils import timezone

from agencies import tenancy
from agencies.models import Membership, Person, State
from agencies.permissions import Role
from fidelity.dashboards.listing import visit
from fidelity.in_force import policy_on
from fidelity.models import ActionPlan, AnswerWindow, Review
from fidelity.signatures import Approver, contracts_of
from ips_portal.notices import register
from ips_portal.notices.actions import remind, tell
from ips_portal.notices.mornings import each_morning
from ips_portal.notices.pacing import Pace
from ips_portal.notices.register import Notice, record_in


def still_ahead(state: State, key: str, person: Person | None) -> bool:
    """The visit is to be held, or is being held."""
    return _status(state, key) in (Review.Status.SCHEDULED, Review.Status.RATING)


def still_to_agree(state: State, key: str, person: Person | None) -> bool:
    return _status(state, key) == Review.Status.CONSENSUS


def still_cancelled(state: State, key: str, person: Person | None) -> bool:
    return _status(state, key) == Review.Status.CANCELLED


def still_to_issue(state: State, key: str, person: Person | None) -> bool:
    """Nobody has issued the report meanwhile, nor changed it, which takes it back until it is handed over anew."""
    handed_over = {"texts__handed_over_at__isnull": False, "texts__version": int(key.rpartition(":")[2])}
    rows = Review.objects.in_state(state.pk).filter(public_id=record_in(key), **handed_over)
    return rows.filter(status=Review.Status.DRAFT_REPORT).exists()


def still_to_correct(state: State, key: str, person: Person | None) -> bool:
    """The agency's time is not over, and it has not said that it is done."""
    rows = AnswerWindow.objects.in_state(state.pk).filter(review__public_id=record_in(key))
    return rows.open_at(timezone.now()).exists()


def still_to_answer(state: State, key: str, person: Person | None) -> bool:
    """The report has not been issued meanwhile, nor taken back to its ratings."""
    rows = AnswerWindow.objects.in_state(state.pk).filter(review__public_id=record_in(key), withdrawn_at=None)
    return rows.filter(review__status=Review.Status.DRAFT_REPORT).exists()


def still_to_plan(state: State, key: str, person: Person | None) -> bool:
    """The team has not put its plan in use yet."""
    plans = ActionPlan.objects.in_state(state.pk).filter(review__public_id=record_in(key))
    return plans.filter(status=ActionPlan.Status.DRAFT).of_their_own().exists()


def still_to_sign(state: State, key: str, person: Person | None) -> bool:
    plans = ActionPlan.objects.in_state(state.pk).filter(review__public_id=record_in(key))
    unsigned = (ActionPlan.SignOff.UNSIGNED, ActionPlan.SignOff.RETURNED)
    waiting = plans.filter(sign_off__in=unsigned).exclude(status=ActionPlan.Status.DRAFT)
    return waiting.of_their_own().exists()


def still_to_approve(state: State, key: str, person: Person | None) -> bool:
    plans = ActionPlan.objects.in_state(state.pk).filter(review__public_id=record_in(key))
    return plans.filter(sign_off=ActionPlan.SignOff.SIGNED).of_their_own().exists()


def _status(state: State, key: str) -> str | None:
    rows = Review.objects.in_state(state.pk).filter(public_id=record_in(key))
    found: str | None = rows.values_list("status", flat=True).first()
    return found


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
PLAN_IN_USE = Notice(
    key="plan-in-use",
    event="An action plan you began is put in use",
    to_whom="The reviewer the plan began with",
    subject="{team} has put its action plan in use",
    why="you led the review the plan follows",
    facts=frozenset({"team", "by"}),
    pace=Pace.DIGEST,
    button="Open the action plan",
)
PLAN_DUE = Notice(
    key="plan-due",
    event="Your turn: an action plan is to be put in use, before its date and after it",
    to_whom="The leader and supervisor of the team, as often as the state's policy says, until it is in use",
    subject="The action plan of {team} is to be put in use by {due_on}",
    why="you lead this team, and the reviewer and the state wait for its plan",
    facts=frozenset({"team", "due_on"}),
    pace=Pace.AT_ONCE,
    button="Open the action plan",
    still=still_to_plan,
)
PLAN_TO_SIGN = Notice(
    key="plan-to-sign",
    event="Your turn: an action plan of your agency waits for its leader to sign it off",
    to_whom="The leaders of the agency",
    subject="Your turn: the action plan of {team} waits for you to sign it off",
    why="you lead this agency, and its leader signs its plans off",
    facts=frozenset({"team"}),
    pace=Pace.AT_ONCE,
    button="Open the action plan",
    still=still_to_sign,
)
PLAN_TO_APPROVE = Notice(
    key="plan-to-approve",
    event="Your turn: a signed action plan waits for your approval",
    to_whom="Whoever the state's policy names: the payer of a contracted team, or the state's admins",
    subject="Your turn: the action plan of {team} waits for your approval",
    why="by the state's policy you may approve this plan",
    facts=frozenset({"team"}),
    pace=Pace.AT_ONCE,
    button="Open the action plan",
    still=still_to_approve,
)
ALL = (
    *(SCHEDULED, CHANGED, CANCELLED, TO_AGREE, TO_CORRECT, ANSWERED, TO_ISSUE, ISSUED),
    *(PLAN_IN_USE, PLAN_DUE, PLAN_TO_SIGN, PLAN_TO_APPROVE),
)


def begin() -> None:
    for notice in ALL:
        register.register(notice)
    each_morning("plans that are due", remind_of_plans)


def scheduled(review: Review, *, by: int) -> int:
    return _about_visit(SCHEDULED, review, "scheduled", but=by)


def changed(review: Review, *, by: int) -> int:
    """Called only when something did change. Dates may go back to what they were, so the moment marks the event."""
    return _about_visit(CHANGED, review, timezone.now().isoformat(), but=by)


def cancelled(review: Review, *, by: int) -> int:
    return _tell(CANCELLED, review, "cancelled", _except(by, _concerned(review)), _visit_facts(review))


def to_agree(review: Review) -> int:
    """When the last sheet is locked, and again when what was agreed is opened once more."""
    facts = {"team": review.team.name, "dates": visit(review)}
    mark = timezone.now().isoformat()
    return _tell(TO_AGREE, review, mark, reviewers_of(review), facts, page="consensus/")


def to_issue(review: Review) -> int:
    """When a reviewer hands the report over; again only after it was changed meanwhile."""
    reviewing = [person.pk for person in reviewers_of(review)]
    with tenancy.as_system(review.state_id):
        able = Membership.objects.in_state(review.state_id).open_on(review.state.today())
        second = _people(
            able.filter(role__in=[Role.STATE_ADMIN, Role.STATE_TRAINER]).exclude(person__in=reviewing)
        )
    facts = {
        "review": review.state.terms["review"],
        "team": review.team.name,
        "lead": lead_of(review),
    }
    return _tell(TO_ISSUE, review, str(review.text.version), second, facts, page="")


def to_correct(review: Review, last_day: date) -> int:
    """When the draft is handed to the agency, and again after it was taken back."""
    facts = {"team": review.team.name, "until": f"{last_day:%B} {last_day.day}, {last_day.year}"}
    mark = timezone.now().isoformat()
    return _tell(TO_CORRECT, review, mark, those_who_lead(review), facts, page="answers/")


def answered(review: Review, window: AnswerWindow) -> int:
    """Once for each time the draft was handed to the agency."""
    lead = reviewers_of(review)[:1]
    mark = window.opened_at.isoformat()
    return _tell(ANSWERED, review, mark, lead, {"team": review.team.name}, page="answers/")


def issued(review: Review, *, edition: int) -> int:
    return _tell(ISSUED, review, str(edition), _concerned(review), _visit_facts(review))


def plan_in_use(plan: ActionPlan, *, by: str) -> int:
    facts = {"team": plan.review.team.name, "by": by}
    return _tell(PLAN_IN_USE, plan.review, "", [plan.author], facts, page="plan/")


def plan_to_sign(plan: ActionPlan, *, but: int) -> int:
    """When it is put in use, when what was signed is changed, and when it is returned."""
    with tenancy.as_system(plan.state_id):
        rows = Membership.objects.in_state(plan.state_id).open_on(plan.state.today())
        leaders = _people(rows.filter(role=Role.AGENCY_LEADER, agency__in=plan.team.agency_ids))
    to = _except(but, leaders)
    return _tell(PLAN_TO_SIGN, plan.review, str(plan.version), to, {"team": plan.team.name}, page="plan/")


def plan_to_approve(plan: ActionPlan, approver: Approver) -> int:
    with tenancy.as_system(plan.state_id):
        rows = Membership.objects.in_state(plan.state_id).open_on(plan.state.today())
        if approver.is_payer:
            payers = contracts_of(plan).values("payer")
            to = _people(rows.filter(role=Role.PAYER, payer__in=payers))
        else:
            to = _people(rows.filter(role=Role.STATE_ADMIN))
    return _tell(PLAN_TO_APPROVE, plan.review, str(plan.version), to, {"team": plan.team.name}, page="plan/")


def remind_of_plans(state: State) -> int:
    """Of every plan that is to be put in use yet, by the ladder of the policy in force today."""
    today = state.today()
    ladder = policy_on(state.pk, today).action_plan.reminders
    plans = ActionPlan.objects.in_state(state.pk).of_their_own()
    drafts = plans.filter(status=ActionPlan.Status.DRAFT, due_on__isnull=False)
    return sum(
        remind(
            PLAN_DUE.key,
            state=state,
            to=those_who_lead(plan.review),
            record=str(plan.review.public_id),
            due_on=plan.due_on,
            ladder=ladder,
            today=today,
            link=f"/{state.slug}/reviews/{plan.review.public_id}/plan/",
            facts={
                "team": plan.team.name,
                "due_on": f"{plan.due_on:%B} {plan.due_on.day}, {plan.due_on.year}",
            },
        )
        for plan in drafts.select_related("team", "review__team", "review__state")
    )


def reviewers_of(review: Review) -> list[Person]:
    return [row.person for row in review.reviewers.select_related("person").order_by("-is_lead", "id")]


def lead_of(review: Review) -> str:
    return str(next(iter(reviewers_of(review)), ""))


def those_who_lead(review: Review) -> list[Person]:
    """Leaders of the team's agencies, and its supervisors."""
    with tenancy.as_system(review.state_id):
        rows = Membership.objects.in_state(review.state_id).open_on(review.state.today())
        leads = Q(role=Role.AGENCY_LEADER, agency__in=review.team.agency_ids)
        supervises = Q(role=Role.SUPERVISOR, teams__team=review.team_id)
        return _people(rows.filter(leads | supervises))


def _people(rows: Iterable[Membership]) -> list[Person]:
    return list(Person.objects.filter(pk__in=[row.person_id for row in rows]).order_by("pk"))


def _concerned(review: Review) -> list[Person]:
    return list({person.pk: person for person in [*reviewers_of(review), *those_who_lead(review)]}.values())


def _still_here(review: Review, people: Iterable[Person]) -> list[Person]:
    """Nobody is told of a team after their own part in the state has ended."""
    found = list(people)
    with tenancy.as_system(review.state_id):
        rows = Membership.objects.in_state(review.state_id).open_on(review.state.today())
        here = set(rows.filter(person__in=found).values_list("person_id", flat=True))
    return [person for person in found if person.pk in here]


def _except(by: int, people: Iterable[Person]) -> list[Person]:
    return [person for person in people if person.pk != by]


def _visit_facts(review: Review) -> dict[str, str]:
    return {
        "review": f"{review.state.terms['review'][:1].upper()}{review.state.terms['review'][1:]}",
        "team": review.team.name,
        "dates": visit(review),
    }


def _about_visit(notice: Notice, review: Review, mark: str, *, but: int) -> int:
    facts = _visit_facts(review) | {"lead": lead_of(review)}
    return _tell(notice, review, mark, _except(but, _concerned(review)), facts)


def _tell(
    notice: Notice, review: Review, mark: str, to: Iterable[Person], facts: dict[str, str], page: str = ""
) -> int:
    return tell(
        notice.key,
        state=review.state,
        to=_still_here(review, to),
        key=f"{notice.key}:{review.public_id}:{mark}",
        link=f"/{review.state.slug}/reviews/{review.public_id}/{page}",
        facts=facts,
    )
