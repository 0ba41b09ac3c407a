"""The agency's leader signs the plan off; whoever the state's policy names approves it, or returns it with words.

Source: domain reference 2.2: the payer's approver approves plans, of the teams it contracts with.
"""

from django.db import transaction

from agencies.permissions import Actor
from agencies.refusals import NotPermitted, StaleVersion, Unacceptable, WrongStatus
from fidelity import notices
from fidelity.actions import planning
from fidelity.models import NOTE_LIMIT, ActionPlan, PlanEntry
from fidelity.signatures import approver_of, may_approve, may_sign, signed_by

SignOff = ActionPlan.SignOff


@transaction.atomic(savepoint=False)
def sign(plan: ActionPlan, *, version: int, by: Actor) -> ActionPlan:
    """For the agency, by its leader, as the plan was read in `version`."""
    check_signer(plan, by)
    planning.lock(plan)
    check_signable(plan)
    check_version(plan, version)
    record(plan, SignOff.SIGNED, by=by)
    if approver := approver_of(plan):
        notices.plan_to_approve(plan, approver)
    return plan


@transaction.atomic(savepoint=False)
def approve(plan: ActionPlan, *, version: int, by: Actor) -> ActionPlan:
    check_approver(plan, by)
    planning.lock(plan)
    check_waiting(plan, by)
    check_version(plan, version)
    return record(plan, SignOff.APPROVED, by=by)


@transaction.atomic(savepoint=False)
def send_back(plan: ActionPlan, *, words: str, version: int, by: Actor) -> ActionPlan:
    """With words that say what is missing. The agency changes the plan, and its leader signs again."""
    check_approver(plan, by)
    planning.lock(plan)
    check_waiting(plan, by)
    check_version(plan, version)
    if not words.strip():
        raise Unacceptable("Say what the agency is to change: it reads your words.", field="words")
    if len(words) > NOTE_LIMIT:
        raise Unacceptable(f"This text is longer than {NOTE_LIMIT:,} characters. Shorten it.", field="words")
    record(plan, SignOff.RETURNED, words=words.strip(), by=by)
    notices.plan_to_sign(plan, but=by.person_id)
    return plan


def record(plan: ActionPlan, status: ActionPlan.SignOff, *, by: Actor, words: str = "") -> ActionPlan:
    """What was decided, and who did it on which day."""
    plan.sign_off = status
    plan.save(update_fields=["sign_off"])
    PlanEntry.objects.create(
        state_id=plan.state_id,
        plan=plan,
        team_id=plan.team_id,
        kind=status,
        text=words,
        written_by_id=by.person_id,
    )
    planning.touch(plan)
    return plan


def check_signer(plan: ActionPlan, by: Actor) -> None:
    if not (decision := may_sign(plan, by)):
        raise NotPermitted(decision.reason)


def check_approver(plan: ActionPlan, by: Actor) -> None:
    if not (decision := may_approve(plan, by)):
        raise NotPermitted(decision.reason)


def check_signable(plan: ActionPlan) -> None:
    if plan.status == ActionPlan.Status.DRAFT:
        raise WrongStatus("The plan is a draft. Put it in use first, then sign it off.")
    planning.check_own(plan)
    if plan.sign_off in planning.SIGNED:
        raise WrongStatus(f"This plan is {plan.get_sign_off_display().lower()} already. Nothing was changed.")


def check_waiting(plan: ActionPlan, by: Actor) -> None:
    """It is signed off, the policy names somebody, and nobody approves what they have signed themselves."""
    if not approver_of(plan):
        raise WrongStatus("The policy of the state asks for no approval of this plan. Nothing was changed.")
    if plan.sign_off != SignOff.SIGNED:
        raise WrongStatus(
            f"This plan does not wait for an approval: it is {plan.get_sign_off_display().lower()}. "
            "Nothing was changed."
        )
    planning.check_own(plan)
    if signed_by(plan) == by.person_id:
        raise NotPermitted("You signed this plan off, so somebody else approves it. Nothing was changed.")


def check_version(plan: ActionPlan, version: int) -> None:
    if plan.version != version:
        raise StaleVersion(
            "The plan was changed after you opened this page. Read it once more, then decide.",
            current={"version": plan.version},
        )
