"""A state decides its rules for quarterly outcomes, always for whole quarters that have not opened yet."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from agencies.models import State, StatePolicy
from agencies.models.states import policy_data
from agencies.permissions import Actor, Place, Resource, require
from agencies.refusals import Unacceptable
from ips_portal.quarters import Quarter
from outcomes.policy import OutcomesPolicyError, national, state_policy

SUBJECT = StatePolicy.Subject.OUTCOMES
AHEAD = 4  # quarters a decision may lie ahead


def quarters_ahead(state: State) -> tuple[Quarter, ...]:
    """Those whose reports are not made yet: what is asked of a team never changes once its quarter is open."""
    today = state.today()
    now = Quarter.of(today)
    first = now + 1 if now.is_open(today) else now
    return tuple(first + ahead for ahead in range(AHEAD))


@transaction.atomic(savepoint=False)
def decide(
    state: State, *, quarter: Quarter, values: Mapping[str, Any], source: str, by: Actor
) -> StatePolicy:
    """From `quarter` on. What equals the national default is not stated, so that it can still improve.

    What the form does not show stays as the state has stated it. Raises Unacceptable.
    """
    require(by, "edit", Resource.POLICY, Place(state.pk))
    if quarter not in quarters_ahead(state):
        raise Unacceptable(
            "Choose a quarter from the list; one that has opened keeps its rules.", field="quarter"
        )
    if not source:
        raise Unacceptable("Say who decided this and where it is written.", field="source")
    kept = policy_data(state.pk, SUBJECT, quarter.starts_on)
    data = {key: value for key, value in kept.items() if key not in values} | differing(values, kept)
    try:
        state_policy(data)
    except OutcomesPolicyError as problem:
        raise Unacceptable(f"These rules do not fit together: {problem}") from problem
    row, _ = StatePolicy.objects.update_or_create(
        state=state,
        subject=SUBJECT,
        effective_from=quarter.starts_on,
        defaults={"name": f"Rules from {quarter.months}", "data": data, "source": source},
    )
    return row


def differing(values: Mapping[str, Any], kept: Mapping[str, Any]) -> dict[str, Any]:
    """What the state itself states, value by value, one level deep; `kept` is what it has stated so far."""
    found = {}
    for key, value in values.items():
        default = national()[key]
        if isinstance(default, dict):
            unasked = {name: given for name, given in kept.get(key, {}).items() if name not in value}
            if stated := unasked | {name: given for name, given in value.items() if given != default[name]}:
                found[key] = stated
        elif not alike(value, default):
            found[key] = value
    return found


def alike(value: Any, default: Any) -> bool:
    """A choice of measures is the same in any order."""
    if isinstance(value, list):
        return sorted(map(str, value)) == sorted(map(str, default))
    return bool(value == default)
