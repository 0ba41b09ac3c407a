"""What the timetable asks of this app."""

from celery import shared_task

from agencies.actions.files import clear_old
from fidelity.actions import calibration
from fidelity.models import ReviewImport


@shared_task(name="fidelity.count_agreement")
def count_agreement() -> None:
    calibration.count_all()


@shared_task(name="fidelity.clear_imports")
def clear_imports() -> None:
    clear_old(ReviewImport)
