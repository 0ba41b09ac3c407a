"""Who signs an action plan off for the agency, and who approves it by the policy of the review's day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from agencies import tenancy
from agencies.models import PayerContract, State, Team
from agencies.permissions import Actor, Decision, Resource, Role, may
from fidelity.histories import dated_policies, in_force_by
from fidelity.in_force import policy_on
from fidelity.models import ActionPlan, PlanEntry
from fidelity.policy import FidelityPolicy

HOLDS = {
    ActionPlan.SignOff.UNSIGNED: (),
    ActionPlan.SignOff.SIGNED: (PlanEntry.Kind.SIGNED,),
    ActionPlan.SignOff.APPROVED: (PlanEntry.Kind.APPROVED, PlanEntry.Kind.SIGNED),
    ActionPlan.SignOff.RETURNED: (PlanEntry.Kind.RETURNED,),
}


@dataclass(frozen=True)
class Approver:
    """Who is asked to approve one plan, and by which name pages and papers call them."""

    name: str
    is_payer: bool


def approver_of(plan: ActionPlan) -> Approver | None:
    """None where nothing is to be approved: the policy names nobody, or the review is not an official one."""
    named = named_by(policy_on(plan.state_id, plan.review.ends_on), plan)
    return approver_by(named, has_contract=has_contract(plan)) if named else None


def named_by(policy: FidelityPolicy, plan: ActionPlan) -> str:
    return policy.action_plan.approver or "" if policy.is_official(plan.review.kind) else ""


def approver_by(named: str, *, has_contract: bool) -> Approver:
    """“State” names the state's own office; any other name is a payer's, for the teams it contracts with.

    Of all other teams the state approves. Source: domain reference 2.2.
    """
    if named.casefold().removeprefix("the ").startswith("state"):
        return Approver(named, is_payer=False)
    return Approver(named, is_payer=True) if has_contract else Approver("the state", is_payer=False)


def approver_for(team: Team, state: State, named: str) -> Approver:
    """Of a plan of the team that is not approved yet. Whoever reads it is told the same."""
    with tenancy.as_system(state.pk):
        contracts = contracts_on(state.pk, state.today()).filter(agency__in=team.agency_ids)
        return approver_by(named, has_contract=contracts.exists())


def has_contract(plan: ActionPlan) -> bool:
    """Whoever asks gets the same answer, though not everybody who reads a plan sees the contracts."""
    with tenancy.as_system(plan.state_id):
        return contracts_of(plan).exists()


def contracts_of(plan: ActionPlan) -> QuerySet[PayerContract]:
    """Of the agencies that run the team: on the day the plan was approved, until then of today."""
    return contracts_on(plan.state_id, approved_on(plan) or plan.state.today()).filter(
        agency__in=plan.team.agency_ids
    )


def approved_on(plan: ActionPlan) -> date | None:
    if plan.sign_off != ActionPlan.SignOff.APPROVED:
        return None
    entry = plan.entries.filter(kind=PlanEntry.Kind.APPROVED).first()
    return entry.written_on(plan.state) if entry else None


def contracts_on(state_id: int, day: date) -> QuerySet[PayerContract]:
    """That run on the day, as far as the reader sees them."""
    rows: QuerySet[PayerContract] = PayerContract.objects.in_state(state_id).filter(
        Q(ends_on=None) | Q(ends_on__gte=day), starts_on__lte=day
    )
    return rows


def may_sign(plan: ActionPlan, actor: Actor) -> Decision:
    right = may(actor, "submit", Resource.ACTION_PLAN, plan.place)
    if right and actor.role is not Role.AGENCY_LEADER:
        return Decision(False, "The leader of the agency signs its plan off. Nothing was changed.")
    return right


def may_approve(plan: ActionPlan, actor: Actor) -> Decision:
    if not (right := may(actor, "approve", Resource.ACTION_PLAN, plan.place)):
        return right
    approver = approver_of(plan)
    if approver and approver.is_payer is not (actor.role is Role.PAYER):
        return Decision(False, f"This plan is approved by {approver.name}. Nothing was changed.")
    return right


def waiting_for(actor: Actor, state: State) -> list[ActionPlan]:
    """The signed plans this person is asked to approve, in as many queries for many as for one."""
    dated = dated_policies(state.pk)
    if not any(policy.action_plan.approver for _, policy in dated):
        return []
    signed = ActionPlan.objects.visible_to(actor).of_their_own().filter(sign_off=ActionPlan.SignOff.SIGNED)
    plans = list(signed.select_related("team__agency", "review").prefetch_related("team__partners"))
    policies = in_force_by(dated)
    contracted = set(contracts_on(state.pk, state.today()).values_list("agency", flat=True))
    waiting = []
    for plan in plans:
        named = named_by(policies(plan.review.ends_on), plan)
        approver = approver_by(named, has_contract=bool(contracted & plan.team.agency_ids))
        if named and approver.is_payer is (actor.role is Role.PAYER):
            waiting.append(plan)
    return [plan for plan in waiting if may(actor, "approve", Resource.ACTION_PLAN, plan.place)]


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
