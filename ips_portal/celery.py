"""The Celery app and its timetable. JSON only; the tables are the record, the queue is a doorbell.

Started with `celery -A ips_portal worker` and `celery -A ips_portal beat --schedule FILE`.
"""

import os
from typing import Any

from celery import Celery, Task
from celery.signals import before_task_publish, setup_logging, task_postrun, task_prerun, worker_init
from django.conf import settings
from django.db import connections
from django.utils.module_loading import import_string

from ips_portal.logs import NOWHERE, Trail, an_id, follow, trail

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ips_portal.settings")


def broker(url: str) -> str:
    """Kombu's words for a unix socket and its database (redis+socket, virtual_host) for Redis's own (unix, db)."""
    if not url.startswith("unix://"):
        return url
    return url.replace("unix://", "redis+socket://", 1).replace("?db=", "?virtual_host=", 1)


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
        "socket_connect_timeout": 1,
    },
    beat_schedule={
        # What no worker took before its next turn is not done twice afterwards.
        "sweep reports": {"task": "reports.sweep", "schedule": 10.0, "options": {"expires": 10}},
        "deliver messages": {"task": "notices.deliver_due", "schedule": 10.0, "options": {"expires": 10}},
        # At 7:00 of each state's own clock, give or take these minutes; what was missed is made good.
        "collect digests": {"task": "notices.digests", "schedule": 300.0, "options": {"expires": 300}},
        "look for dates": {"task": "notices.mornings", "schedule": 3600.0, "options": {"expires": 3600}},
        "hear of a worker": {"task": "portal.heard", "schedule": 10.0, "options": {"expires": 10}},
        "forget failed sign-ins": {
            "task": "agencies.forget_failed_sign_ins",
            "schedule": 3600.0,
            "options": {"expires": 3600},
        },
        "keep the calendar of quarters": {
            "task": "outcomes.keep_calendar",
            "schedule": 900.0,
            "options": {"expires": 900},
        },
        "publish final quarters": {
            "task": "outcomes.publish_due",
            "schedule": 3600.0,
            "options": {"expires": 3600},
        },
        "clear imports": {
            "task": "outcomes.clear_imports",
            "schedule": 86400.0,
            "options": {"expires": 3600},
        },
        "check rates": {"task": "outcomes.check_rates", "schedule": 86400.0, "options": {"expires": 3600}},
        "clear imports of reviews": {
            "task": "fidelity.clear_imports",
            "schedule": 86400.0,
            "options": {"expires": 3600},
        },
        "count agreement": {
            "task": "fidelity.count_agreement",
            "schedule": 86400.0,
            "options": {"expires": 3600},
        },
        "tell the nation": {
            "task": "outcomes.tell_nation",
            "schedule": 86400.0,
            "options": {"expires": 3600},
        },
        "seal history": {"task": "agencies.seal_history", "schedule": 60.0, "options": {"expires": 60}},
    },
)
app.autodiscover_tasks()


@worker_init.connect
def refuse_unbound_role(**_: object) -> None:
    """A worker that row-level security would not bind never takes a task. (Celery swallows every other exception.)"""
    try:
        import_string("agencies.tenancy.refuse_unbound_role")()  # models are not loaded when this module is
    except Exception as error:
        raise SystemExit(f"The worker does not start: {error}") from error
    finally:
        connections.close_all()  # the pool's processes open their own


@setup_logging.connect
def keep_the_portals_logging(**_: object) -> None:
    """Celery leaves its own undone where somebody answers this signal."""


@before_task_publish.connect
def take_the_trail_along(headers: dict[str, object], **_: object) -> None:
    headers["portal_request_id"] = an_id(trail().request_id)


@task_prerun.connect
def follow_the_trail(task: "Task[Any, Any]", **_: object) -> None:
    follow(Trail(request_id=an_id(getattr(task.request, "portal_request_id", None)), task=task.name))


@task_postrun.connect
def leave_the_trail(**_: object) -> None:
    follow(NOWHERE)
