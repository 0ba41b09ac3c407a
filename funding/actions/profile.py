"""A state says how money for IPS works there, from a day on."""

from datetime import date

from django.db import transaction

from agencies.models import State, StatePolicy
from agencies.permissions import Actor, Place, Resource, require
from agencies.refusals import Unacceptable
from fidelity.actions.policies import check_day, one_at_a_time
from funding.in_force import FUNDING
from funding.policy import Profile, as_data
from ips_portal.client_details import client_details

NAME = "How money for IPS works"


@transaction.atomic(savepoint=False)
def state_profile(
    state: State, *, stated: Profile, effective_from: date, source: str, by: Actor
) -> StatePolicy:
    """In place of what begins on the same day. Raises NotPermitted, Unacceptable."""
    require(by, "edit", Resource.POLICY, Place(state.pk))
    one_at_a_time(state)
    check(state, stated, effective_from)
    row, _ = StatePolicy.objects.update_or_create(
        state=state,
        subject=FUNDING,
        effective_from=effective_from,
        defaults={"name": NAME, "data": as_data(stated), "source": source},
    )
    return row


def check(state: State, stated: Profile, effective_from: date) -> None:
    """Raises Unacceptable where it cannot be stated."""
    check_day(state, effective_from, FUNDING)
    for name, text in as_data(stated).items():
        if found := client_details(str(text)):
            raise Unacceptable(f"This may hold {' and '.join(found)}. Write it without.", field=name)
