"""`python3 manage.py test`: the tests, on servers of their own. Further arguments go to pytest."""

import os
import sys
from typing import Any

from django.core.management.base import BaseCommand

from ips_portal.bootstrap.places import ROOT, Problem
from ips_portal.embedded import demo


class Command(BaseCommand):
    help = "Runs the tests with pytest; every further argument is pytest's."
    requires_system_checks = []

    def run_from_argv(self, argv: list[str]) -> None:
        self.execute_pytest(argv[2:])

    def handle(self, *args: Any, **options: Any) -> None:
        self.execute_pytest([])

    def execute_pytest(self, arguments: list[str]) -> None:
        try:
            demo.build_assets()
        except Problem as problem:
            sys.exit(f"\n{problem}")
        os.chdir(ROOT)
        sys.stdout.flush()
        os.execv(sys.executable, [sys.executable, "-m", "pytest", *arguments])  # noqa: S606  (our own Python)
