"""What the timetable asks of this app."""

from celery import shared_task

from agencies.actions import sign_ins
from agencies.models.history import seal_finished


@shared_task(name="agencies.seal_history")
def seal_history() -> int:
    return seal_finished()


@shared_task(name="agencies.forget_failed_sign_ins")
def forget_failed_sign_ins() -> int:
    return sign_ins.forget_failed()
