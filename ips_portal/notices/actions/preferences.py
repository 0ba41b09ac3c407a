"""A person says how often they want what can wait."""

from django.db import transaction

from agencies.models import State
from agencies.permissions import Actor, Place, Resource, require
from ips_portal.notices.models import Preference
from ips_portal.notices.pacing import Chosen


@transaction.atomic(savepoint=False)
def choose(state: State, *, pace: Chosen, by: Actor) -> None:
    """For oneself only: the row is that of whoever asks, and row-level security takes no other."""
    require(by, "view", Resource.STATE, Place(state.pk))
    Preference.objects.update_or_create(
        state=state, person_id=by.person_id, defaults={"pace": Chosen(pace).value}
    )
