#!/usr/bin/env python3
"""Django's own door. On a machine that has only Python it first prepares the locked environment."""

import importlib
import os
import sys

from ips_portal import bootstrap

# These bring their own servers or need none, so they start before any setting is read.
NEED_NO_SERVERS = ("attack", "bench", "demo", "test")


def main(argv):
    # type: (list[str]) -> None
    bootstrap.enter(argv)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ips_portal.settings")
    if len(argv) > 1 and argv[1] in NEED_NO_SERVERS:
        importlib.import_module("ips_portal.management.commands." + argv[1]).Command().run_from_argv(argv)
    else:
        importlib.import_module("django.core.management").execute_from_command_line(argv)


if __name__ == "__main__":
    main(sys.argv)
