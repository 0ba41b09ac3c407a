"""`python3 manage.py demo`: the whole portal on a machine that has only Python."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from ips_portal.bootstrap.places import Problem
from ips_portal.embedded import demo
from ips_portal.practice import check


class Command(BaseCommand):
    help = "Starts the portal with practice states, for trying it out. Ctrl-C stops everything it started."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--port", type=int, help="answer on this port, not on the first free one from 8000"
        )
        parser.add_argument("--reset", action="store_true", help="forget what was entered and start afresh")
        parser.add_argument("--check", action="store_true", help="go through the main job once and stop")

    def handle(self, *args: Any, port: int | None, reset: bool, check: bool, **options: Any) -> None:
        try:
            if check:
                self._check(port)
            else:
                demo.run(port=port, reset=reset)
        except Problem as problem:
            sys.exit(f"\n{problem}")
        except KeyboardInterrupt:
            self.stdout.write("Stopped.")

    def _check(self, port: int | None) -> None:
        try:
            demo.check(port=port, main_job=check.run)
        except check.CheckFailed as failure:
            sys.exit(f"\nThe check failed: {failure}")
        self.stdout.write("The check passed.")
