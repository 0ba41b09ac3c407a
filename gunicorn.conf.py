"""Read by every gunicorn started here: the program is loaded once, and its workers share that memory."""

from typing import Any

from django.urls import get_resolver

preload_app = True


def when_ready(server: Any) -> None:
    """The workers begin with everything loaded."""
    from ips_portal.loaded import settle  # once the program is there

    _ = get_resolver().url_patterns  # imports the views
    settle()
