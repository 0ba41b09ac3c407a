"""The Celery app and its timetable. JSON only; the tables are the record, the queue is a doorbell."""

import os

from celery import Celery
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ips_portal.settings")


def broker(url: str) -> str:
    """Kombu writes a unix socket as redis+socket://, the Redis client as unix://."""
    return url.replace("unix://", "redis+socket://", 1)


app = Celery("ips_portal", broker=broker(settings.REDIS_URL), set_as_current=True)
app.conf.update(
    task_serializer="json",
    accept_content=["json"],
    task_ignore_result=True,
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    task_soft_time_limit=60,
    task_time_limit=90,
    task_publish_retry_policy={"max_retries": 1, "interval_start": 0, "interval_max": 0.2},
    worker_prefetch_multiplier=1,
    worker_max_tasks_per_child=200,
    worker_hijack_root_logger=False,
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
    broker_transport_options={
        "visibility_timeout": 900,
        "unacked_restore_interval": 5,
        "unacked_restore_throttle": 1,
        "socket_timeout": 5,
    },
    beat_schedule={
        "sweep reports": {"task": "reports.sweep", "schedule": 10.0},
        "deliver messages": {"task": "notices.deliver_due", "schedule": 10.0},
        "seal history": {"task": "agencies.seal_history", "schedule": 60.0},
    },
)
app.autodiscover_tasks()
