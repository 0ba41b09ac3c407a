"""What the timetable asks of this app."""

from celery import shared_task

from agencies.models.history import seal_finished


@shared_task(name="agencies.seal_history")
def seal_history() -> int:
    return seal_finished()
