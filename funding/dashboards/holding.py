"""Which funding plan holds at an agency: its own, else its region's, else the state's."""

from agencies.models import Agency
from agencies.permissions import Actor, Resource, may
from funding.models import FundingPlan


def plan_at(agency: Agency, plans: list[FundingPlan]) -> FundingPlan | None:
    """`plans` are the open ones of its state."""
    own = [plan for plan in plans if plan.agency_id == agency.pk]
    region = [plan for plan in plans if plan.region and plan.region == agency.region]
    state = [plan for plan in plans if plan.agency_id is None and not plan.region]
    return next(iter([*own, *region, *state]), None)


def open_plans(state_id: int) -> list[FundingPlan]:
    return list(FundingPlan.objects.in_state(state_id).open().select_related("agency", "state"))


def served_by(plan: FundingPlan, actor: Actor) -> list[Agency]:
    """The agencies at which the plan holds and of which this person may make files, in two queries."""
    plans = open_plans(plan.state_id)
    agencies = Agency.objects.visible_to(actor).filter(ended_on=None)
    return [
        agency
        for agency in agencies
        if may(actor, "create", Resource.GENERATED_FILE, agency.place) and plan_at(agency, plans) == plan
    ]
