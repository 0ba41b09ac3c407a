"""How gunicorn serves: `gunicorn -c python:ips_portal.serving ips_portal.wsgi`. WEB_CONCURRENCY: how many."""

import logging
import os
from pathlib import Path

from django.db import DatabaseError, connections
from django.utils.module_loading import import_string

from ips_portal.settings import LOGGING

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ips_portal.settings")
MEMORY = Path("/dev/shm")  # noqa: S108  (the heartbeat of a process, which no slow disk shall delay)

bind = "0.0.0.0:8000"
workers = int(os.environ.get("WEB_CONCURRENCY", "3"))
timeout = 40  # above the database's statement_timeout, so that a slow statement ends before its process does
graceful_timeout = 30
max_requests, max_requests_jitter = 2000, 200
worker_tmp_dir = str(MEMORY) if MEMORY.is_dir() else None
control_socket_disable = True
forwarded_allow_ips = ""  # whom to believe is a question for TRUSTED_PROXIES alone
logconfig_dict = {
    **LOGGING,
    "loggers": {**LOGGING["loggers"], "gunicorn.error": {"handlers": [], "propagate": True}},
}


def post_worker_init(worker: object) -> None:
    """A process that row-level security would not bind never answers. A database that is away is another matter."""
    try:
        import_string("agencies.tenancy.refuse_unbound_role")()  # models are loaded by now, not above
    except DatabaseError as error:
        logging.getLogger(__name__).warning("the database role is not checked yet: %s", type(error).__name__)
    finally:
        connections.close_all()
