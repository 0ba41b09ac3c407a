"""A plan is put forward as a version that never changes, and each department signs that version.

A plan is agreed when all departments it names signed the same version (domain reference 4.5).
"""

from collections.abc import Mapping
from typing import Any

from django.db import connection, transaction

from agencies.permissions import Actor, Resource, require
from agencies.refusals import StaleVersion, Unacceptable, WrongStatus
from funding import notices
from funding.actions.plans import check_open
from funding.dashboards.versions import agreement
from funding.models import FundingPlan, PlanSignature, PlanVersion
from funding.models.plans import WORDS

SUPERSEDED = (
    "Another version was put forward after you opened this one. Nothing was signed: read the new one first."
)


@transaction.atomic(savepoint=False)
def put_forward(
    plan: FundingPlan,
    *,
    data: Mapping[str, Any],
    parties: Mapping[str, str],
    note: str = "",
    after: int,
    by: Actor,
) -> PlanVersion:
    """`data` is the plan as it was read, `after` the newest version that was known, 0 for none.

    Raises NotPermitted, WrongStatus, Unacceptable, StaleVersion.
    """
    require(by, "create", Resource.FUNDING_PLAN, plan.place)
    check_open(plan)
    if not parties:
        raise Unacceptable("Name at least one department that must sign.", field="parties")
    if len(note) > WORDS:
        raise Unacceptable(f"Shorten it to {WORDS} characters.", field="note")
    one_at_a_time(plan)
    newest = PlanVersion.objects.filter(plan=plan).first()
    number = newest.number if newest else 0
    if number != after:
        raise StaleVersion(SUPERSEDED, current={"version": number})
    if newest and newest.data == data and newest.parties == parties:
        raise WrongStatus("Nothing has changed since the last version, so there is nothing to put forward.")
    made: PlanVersion = PlanVersion.objects.create(
        state_id=plan.state_id,
        plan=plan,
        number=number + 1,
        data=data,
        parties=parties,
        note=note,
        made_by_id=by.person_id,
    )
    notices.to_sign(made)
    return made


@transaction.atomic(savepoint=False)
def sign(version: PlanVersion, *, by: Actor) -> PlanSignature:
    """For one's own department, and only the newest version. Raises NotPermitted, WrongStatus."""
    plan = version.plan
    require(by, "approve", Resource.FUNDING_PLAN, plan.place)
    check_open(plan)
    one_at_a_time(plan)
    if PlanVersion.objects.filter(plan=plan, number__gt=version.number).exists():
        raise WrongStatus(SUPERSEDED)
    if by.desk not in version.parties:
        raise WrongStatus("This version does not ask your department to sign.")
    row, is_new = PlanSignature.objects.get_or_create(
        version=version,
        desk=by.desk,
        defaults={"state_id": plan.state_id, "plan": plan, "signed_by_id": by.person_id},
    )
    if not is_new:
        raise WrongStatus("Your department has signed this version already.")
    if agreement(version).is_agreed:
        notices.agreed(version)
    return row


def one_at_a_time(plan: FundingPlan) -> None:
    """Versions and signatures of a plan follow one another. Held to the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('funding plan'), %s::int)", [plan.pk])
