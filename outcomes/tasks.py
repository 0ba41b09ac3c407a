"""What the timetable asks of this app."""

from celery import shared_task

from agencies.models import State
from outcomes.actions import deciding, opening


@shared_task(name="outcomes.keep_calendar")
def keep_calendar() -> None:
    """Opens quarters and locks them, each state by its own day."""
    for state in State.objects.all():
        today = state.today()
        opening.open_due(state, today)
        deciding.lock_due(state, today)
