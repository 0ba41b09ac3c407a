"""Plans on their way to a signature, through the same actions as people use."""

from agencies import tenancy
from fidelity import reports
from fidelity.actions import planning, signing
from fidelity.models import ActionPlan, PlanRow
from tests.cast import StateCast
from tests.fidelity import reviews

FILLED = {"responsible": "The supervisor", "steps": "Meet weekly.\nWrite it down."}


def newest(cast: StateCast, team: str = "north_one") -> ActionPlan:
    with tenancy.as_system(cast.state.pk):
        found: ActionPlan = reports.plans().filter(team=cast.teams[team]).first()
        return found


def in_use(cast: StateCast) -> ActionPlan:
    """The newest plan of the first team, complete and put in use by its supervisor."""
    plan = newest(cast)
    with reviews.acting(cast, "supervisor") as by:
        PlanRow.objects.filter(plan=plan).update(**FILLED)
        return planning.put_in_use(plan, version=plan.version, by=by)


def signed(cast: StateCast) -> ActionPlan:
    in_use(cast)
    return sign(cast)


def approved(cast: StateCast, by: str = "payer") -> ActionPlan:
    signed(cast)
    return approve(cast, by=by)


def sign(cast: StateCast, *, by: str = "leader", version: int | None = None) -> ActionPlan:
    plan = newest(cast)
    with reviews.acting(cast, by) as actor:
        return signing.sign(plan, version=version or plan.version, by=actor)


def approve(cast: StateCast, *, by: str = "payer", version: int | None = None) -> ActionPlan:
    plan = newest(cast)
    with reviews.acting(cast, by) as actor:
        return signing.approve(plan, version=version or plan.version, by=actor)


def send_back(
    cast: StateCast, words: str = "Say who begins.", *, by: str = "payer", version: int | None = None
) -> ActionPlan:
    plan = newest(cast)
    with reviews.acting(cast, by) as actor:
        return signing.send_back(plan, words=words, version=version or plan.version, by=actor)
