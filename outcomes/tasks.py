"""What the timetable asks of this app."""

from celery import shared_task

from outcomes import publishing
from outcomes.actions import calendar, importing


@shared_task(name="outcomes.keep_calendar")
def keep_calendar() -> None:
    calendar.keep()


@shared_task(name="outcomes.check_rates")
def check_rates() -> None:
    publishing.check_all()


@shared_task(name="outcomes.clear_imports")
def clear_imports() -> None:
    importing.clear_old()
