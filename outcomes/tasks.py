"""What the timetable asks of this app."""

import logging

from celery import shared_task

from agencies.models import State
from outcomes import publishing
from outcomes.actions import deciding, opening

log = logging.getLogger(__name__)


@shared_task(name="outcomes.keep_calendar")
def keep_calendar() -> None:
    """Opens quarters and locks them, each state by its own day."""
    for state in State.objects.all():
        today = state.today()
        opening.open_due(state, today)
        deciding.lock_due(state, today)


@shared_task(name="outcomes.check_rates")
def check_rates() -> None:
    """Each night: are the states' rates still what the figures in force give?"""
    for state in State.objects.all():
        for difference in publishing.check(state):
            log.error(
                "%s: %s of %s was not what the figures give",
                state.slug,
                difference.measure,
                difference.quarter,
            )
