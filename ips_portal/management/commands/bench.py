"""`python3 manage.py bench`: what each workload costs beside its floor, and whether that meets its goal."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from ips_portal.bench.run import WORKLOADS, run
from ips_portal.bench.verdict import as_json, misses, table
from ips_portal.bootstrap.places import Problem


class Command(BaseCommand):
    help = "Measures the portal beside a bare Django in the same run. Ends with 1 when a goal is missed."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        size = parser.add_mutually_exclusive_group()
        size.add_argument(
            "--quick",
            action="store_true",
            help="50 and 500 reviews, 6,000 and 10,000 quarters of teams (the default)",
        )
        size.add_argument(
            "--full",
            action="store_true",
            help="50 and 2,000 reviews, 10,000 and 240,000 quarters of teams, more requests",
        )
        parser.add_argument("--json", action="store_true", help="a list of objects instead of a table")
        parser.add_argument("--only", nargs="+", default=[], metavar="P", help=f"of {', '.join(WORKLOADS)}")

    def handle(self, *args: Any, full: bool, json: bool, only: list[str], **options: Any) -> None:
        try:
            results = run(full=full, only=only, quiet=json)
        except Problem as problem:
            sys.exit(f"\n{problem}")
        except KeyboardInterrupt:
            sys.exit("Stopped.")
        self.stdout.write(as_json(results) if json else table(results))
        if any(misses(result) for result in results):
            sys.exit(1)
