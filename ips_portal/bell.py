"""The doorbell of the workers. A table is the record of what is to be done; a lost ring is made good by its sweeper."""

import logging
from functools import partial

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

log = logging.getLogger(__name__)


def ring(task: str, *arguments: object) -> None:
    """Calls a task by its name once the transaction is committed. A broker that is away never breaks a request."""
    transaction.on_commit(partial(_send, task, arguments), robust=True)


def _send(task: str, arguments: tuple[object, ...]) -> None:
    try:
        current_app.send_task(task, args=arguments)
    except (OperationalError, OSError) as error:
        log.warning("%s%r waits for its sweeper, the broker is away: %s", task, arguments, error)
