from celery import shared_task

from ips_portal.reports import making, pictures


@shared_task(name="reports.render")
def render(envelope: list[int | None], report_id: int) -> None:
    making.make(envelope, report_id)


@shared_task(name="reports.picture")
def picture(given: str) -> None:
    pictures.draw(given)


@shared_task(name="reports.sweep")
def sweep() -> None:
    making.sweep()
