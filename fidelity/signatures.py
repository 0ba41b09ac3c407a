"""Who signs an action plan off for the agency, and who approves it by the policy of the review's day."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from agencies.models import PayerContract
from agencies.permissions import Actor, Decision, Resource, Role, may
from fidelity.in_force import policy_on
from fidelity.models import ActionPlan, PlanEntry

HOLDS = {
    ActionPlan.SignOff.UNSIGNED: (),
    ActionPlan.SignOff.SIGNED: (PlanEntry.Kind.SIGNED,),
    ActionPlan.SignOff.APPROVED: (PlanEntry.Kind.APPROVED, PlanEntry.Kind.SIGNED),
    ActionPlan.SignOff.RETURNED: (PlanEntry.Kind.RETURNED,),
}


@dataclass(frozen=True)
class Approver:
    """“State” names the state's own office; any other name is a payer's, for the teams it contracts with."""

    name: str

    @property
    def is_payer(self) -> bool:
        return not self.name.casefold().removeprefix("the ").startswith("state")


def approver_of(plan: ActionPlan) -> Approver | None:
    """None where nothing is to be approved: the policy names nobody, or the review is not an official one."""
    policy = policy_on(plan.state_id, plan.review.ends_on)
    name = policy.action_plan.approver
    return Approver(name) if name and policy.is_official(plan.review.kind) else None


def contracts_of(plan: ActionPlan) -> QuerySet[PayerContract]:
    """With a payer, today. Read by somebody who sees the team."""
    today = plan.state.today()
    rows: QuerySet[PayerContract] = PayerContract.objects.in_state(plan.state_id).filter(
        Q(ends_on=None) | Q(ends_on__gte=today), agency__in=plan.team.agency_ids, starts_on__lte=today
    )
    return rows


def is_payers(approver: Approver, plan: ActionPlan) -> bool:
    """A payer approves for the teams it contracts with; of all others the state does."""
    return approver.is_payer and contracts_of(plan).exists()


def may_sign(plan: ActionPlan, actor: Actor) -> Decision:
    right = may(actor, "submit", Resource.ACTION_PLAN, plan.place)
    if right and actor.role is not Role.AGENCY_LEADER:
        return Decision(False, "The leader of the agency signs its plan off. Nothing was changed.")
    return right


def may_approve(plan: ActionPlan, actor: Actor) -> Decision:
    if not (right := may(actor, "approve", Resource.ACTION_PLAN, plan.place)):
        return right
    if not (approver := approver_of(plan)):
        return Decision(
            False, "The policy of the state asks for no approval of this plan. Nothing was changed."
        )
    by_payer = is_payers(approver, plan)
    if by_payer is not (actor.role is Role.PAYER):
        who = approver.name if by_payer else "the state"
        return Decision(False, f"This plan is approved by {who}. Nothing was changed.")
    return right


def signed_by(plan: ActionPlan) -> int | None:
    """The person who signed it last."""
    found: int | None = (
        plan.entries.filter(kind=PlanEntry.Kind.SIGNED).values_list("written_by_id", flat=True).first()
    )
    return found


def signatures(plan: ActionPlan, entries: Iterable[PlanEntry]) -> list[PlanEntry]:
    """Those that hold for the steps as they are, latest first; of a returned plan the words it came back with."""
    last: dict[str, PlanEntry] = {}
    for entry in sorted(entries, key=lambda entry: -entry.pk):
        last.setdefault(entry.kind, entry)
    return [last[kind] for kind in HOLDS[ActionPlan.SignOff(plan.sign_off)] if kind in last]
