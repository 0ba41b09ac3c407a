"""What the timetable asks of this app."""

from celery import shared_task

from fidelity.actions import calibration


@shared_task(name="fidelity.count_agreement")
def count_agreement() -> None:
    calibration.count_all()
