"""Asks the portal in this container whether it lives: `python -m ips_portal.probe`. Loads nothing else."""

import os
import sys
import urllib.error
import urllib.request
from urllib.parse import urlsplit


def ask(path: str) -> int:
    """Under the name that people type, because the portal answers to no other."""
    host = urlsplit(os.environ.get("BASE_URL", "")).netloc or "localhost"
    request = urllib.request.Request(f"http://127.0.0.1:8000/{path}", headers={"Host": host})
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310  (http, our own server)
            print(answer.read().decode(), end="")
            return 0
    except urllib.error.HTTPError as error:
        print(error.read().decode(), end="")
    except OSError as error:
        print(f"no answer: {error}")
    return 1


if __name__ == "__main__":
    sys.exit(ask(sys.argv[1] if len(sys.argv) > 1 else "health/live"))
