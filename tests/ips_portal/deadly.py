"""The portal, but a process that finds the file DEADLY kills itself: after the commit, before the answer."""

import os
import signal
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from ips_portal.wsgi import application as portal

DEADLY = Path(os.environ["DATA_DIR"]) / "deadly"


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    answer: Iterable[bytes] = portal(environ, start_response)
    if environ["REQUEST_METHOD"] == "PUT":
        try:
            DEADLY.unlink()  # one process alone finds it
        except FileNotFoundError:
            return answer
        os.kill(os.getpid(), signal.SIGKILL)
    return answer
