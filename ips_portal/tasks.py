from celery import shared_task

from ips_portal import health


@shared_task(name="portal.heard")
def heard() -> None:
    health.heard()
