"""Rules that are decided after their effect was read, as both doors do it."""

from typing import Any

from agencies.models import StatePolicy
from agencies.permissions import Actor
from fidelity.actions import policies
from tests.cast import StateCast

COMMITTEE = "Decided by the steering committee."


def decided(cast: StateCast, values: dict[str, Any], *, by: Actor, source: str = COMMITTEE) -> StatePolicy:
    given: dict[str, Any] = {
        "effective_from": cast.state.today(),
        "values": values,
        "source": source,
        "by": by,
    }
    return policies.decide(cast.state, seen=policies.consider(cast.state, **given).mark, **given)
