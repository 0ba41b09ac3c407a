"""What the timetable asks of this app."""

from celery import shared_task

from agencies.actions.files import clear_old
from outcomes import publishing
from outcomes.actions import calendar, nation, publication
from outcomes.models import OutcomeImport

MINUTES = 60


@shared_task(name="outcomes.keep_calendar")
def keep_calendar() -> None:
    calendar.keep()


@shared_task(name="outcomes.check_rates")
def check_rates() -> None:
    publishing.check_all()


@shared_task(name="outcomes.publish_due")
def publish_due() -> None:
    publication.ask_each_state()


@shared_task(name="outcomes.publish_state", soft_time_limit=13 * MINUTES, time_limit=14 * MINUTES)
def publish_state(state_id: int) -> None:
    publication.publish_state(state_id)


@shared_task(name="outcomes.tell_nation")
def tell_nation() -> None:
    nation.tell_all()


@shared_task(name="outcomes.clear_imports")
def clear_imports() -> None:
    clear_old(OutcomeImport)
