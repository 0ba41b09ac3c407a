"""The action plan: when it is due, and whose turn it is to sign or approve it."""

from agencies import tenancy
from agencies.models import Membership, Person, State
from agencies.permissions import Role
from fidelity.in_force import policy_on
from fidelity.models import ActionPlan
from fidelity.notices.telling import others, people, tell_of, those_who_lead
from fidelity.signatures import Approver, contracts_of
from ips_portal.notices.actions import remind
from ips_portal.notices.pacing import Pace
from ips_portal.notices.register import Notice, record_in


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
ALL = (PLAN_IN_USE, PLAN_DUE, PLAN_TO_SIGN, PLAN_TO_APPROVE)


def plan_in_use(plan: ActionPlan, *, by: str) -> int:
    facts = {"team": plan.review.team.name, "by": by}
    return tell_of(PLAN_IN_USE, plan.review, "", [plan.author], facts, page="plan/")


def plan_to_sign(plan: ActionPlan, *, but: int) -> int:
    """When it is put in use, when what was signed is changed, and when it is returned."""
    with tenancy.as_system(plan.state_id):
        rows = Membership.objects.in_state(plan.state_id).open_on(plan.state.today())
        leaders = people(rows.filter(role=Role.AGENCY_LEADER, agency__in=plan.team.agency_ids))
    to = others(but, leaders)
    return tell_of(PLAN_TO_SIGN, plan.review, str(plan.version), to, {"team": plan.team.name}, page="plan/")


def plan_to_approve(plan: ActionPlan, approver: Approver) -> int:
    with tenancy.as_system(plan.state_id):
        rows = Membership.objects.in_state(plan.state_id).open_on(plan.state.today())
        if approver.is_payer:
            payers = contracts_of(plan).values("payer")
            to = people(rows.filter(role=Role.PAYER, payer__in=payers))
        else:
            to = people(rows.filter(role=Role.STATE_ADMIN))
    return tell_of(
        PLAN_TO_APPROVE, plan.review, str(plan.version), to, {"team": plan.team.name}, page="plan/"
    )


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
