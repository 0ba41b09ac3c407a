"""The states that share with each other, together: each night, from what each of them tells its own people anyway.

Source: trust reference 2.4, T-cross-state: rates of states alone, at least five of them, each by its own decision.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal

from django.db import transaction

from agencies import tenancy
from agencies.models import State
from ips_portal.quarters import Quarter
from outcomes.goals import SHARES
from outcomes.in_force import policy_on
from outcomes.models import NationalRate, SharedRate

FEWEST = 5  # states
QUARTERS = 8
Rates = Mapping[tuple[str, Quarter], Sequence[Decimal]]


def tell_all() -> None:
    """Whoever no longer shares is no longer told."""
    states = list(State.objects.all())
    sharing = [state for state in states if shares(state)]
    rates = together(sharing)
    for state in states:
        tell(state, rates if state in sharing else {})


def shares(state: State) -> bool:
    with tenancy.as_system(state.pk):
        return policy_on(state.pk, state.today()).sharing.across_states


def together(states: Sequence[State]) -> Rates:
    found: dict[tuple[str, Quarter], list[Decimal]] = defaultdict(list)
    for state in states:
        first = Quarter.last_ended(state.today()).last(QUARTERS)[0]
        with tenancy.as_system(state.pk):
            for row in SharedRate.objects.in_state(state.pk).filter(quarter__gte=first.starts_on):
                found[row.measure, row.quarter].append(row.value)
    return {key: values for key, values in found.items() if len(values) >= FEWEST}


@transaction.atomic(savepoint=False)
def tell(state: State, rates: Rates) -> None:
    with tenancy.as_system(state.pk):
        NationalRate.objects.in_state(state.pk).delete()
        NationalRate.objects.bulk_create(
            NationalRate(
                state=state,
                measure=measure,
                quarter=quarter,  # type: ignore[misc]  # the column takes the value itself
                mean=mean_of(measure, values),
                states=len(values),
            )
            for (measure, quarter), values in rates.items()
        )


def mean_of(measure: str, values: Sequence[Decimal]) -> Decimal:
    """A share to whole percent, another rate to one place."""
    place = Decimal("0.01") if measure in SHARES else Decimal("0.1")
    return (sum(values, Decimal(0)) / len(values)).quantize(place, ROUND_HALF_UP)
