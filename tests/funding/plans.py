"""A funding plan of the state with a column of each liaison, one of a payer, and one of the state's own team."""

from agencies import tenancy
from funding.actions import plans
from funding.actions.plans import Source
from funding.models import FundingPlan, PlanColumn, PlanElement
from tests.cast import StateCast

MEDICAID = "Medicaid"


def begin(cast: StateCast) -> FundingPlan:
    liaison = cast.memberships["department_liaison"]
    with cast.entered("admin") as admin:
        plan = plans.begin(cast.state, by=admin)
        for source in (
            Source("vr", "Milestone payments", keeper="VR"),
            Source("medicaid", "State Plan 1905(a)", keeper="DL", department=liaison.department),
            Source("state", "State general funds", keeper="MH"),
            Source("other", "Health plan", keeper="MC", body=cast.payer),
            Source("other", "Grant"),
        ):
            plans.save_column(plan, source, by=admin)
    return plan


def column(plan: FundingPlan, name: str) -> PlanColumn:
    with tenancy.as_system(plan.state_id):
        found: PlanColumn = PlanColumn.objects.select_related("plan__state", "body").get(plan=plan, name=name)
    return found


def element(plan: FundingPlan, name: str) -> PlanElement:
    with tenancy.as_system(plan.state_id):
        found: PlanElement = PlanElement.objects.select_related("plan__state").get(plan=plan, name=name)
    return found
