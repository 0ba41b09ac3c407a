"""What each day brings to every state by its own clock: quarters open, and accepted figures become final."""

from agencies.models import State
from outcomes.actions import deciding, opening


def keep() -> None:
    for state in State.objects.all():
        today = state.today()
        opening.open_due(state, today)
        deciding.lock_due(state, today)
