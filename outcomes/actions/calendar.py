"""What each day brings to every state by its own clock: quarters open, accepted figures become final,
newcomers are asked whether they share in full.
"""

from agencies import tenancy
from agencies.models import State
from outcomes.actions import deciding, opening, sharing


def keep() -> None:
    for state in State.objects.all():
        today = state.today()
        opening.open_due(state, today)
        deciding.lock_due(state, today)
        with tenancy.as_system(state.pk):
            sharing.ask_due(state, today)
