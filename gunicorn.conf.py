"""Read by every gunicorn started here: the program is loaded once, and its workers share that memory."""

import gc
from typing import Any

from django.urls import get_resolver

preload_app = True


def when_ready(server: Any) -> None:
    """What is loaded is never garbage: collections in the workers pass it by, and leave its pages shared."""
    _ = get_resolver().url_patterns  # imports the views
    gc.collect()
    gc.freeze()
    gc.set_threshold(5_000, 20, 20)  # a request makes thousands of objects and hardly a cycle
