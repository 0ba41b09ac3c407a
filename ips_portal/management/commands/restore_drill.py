"""`manage.py restore_drill FOLDER`: proves that a back-up can be restored, in a cluster that is thrown away."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from ips_portal.bootstrap.places import Problem
from ips_portal.safekeeping.drill import Red, drill


class Command(BaseCommand):
    help = (
        "Restores a back-up into an empty cluster, compares every row and rule, and throws the cluster away."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="one back-up, or the folder of all: then the newest")

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        newest = max(folder.glob("2*Z"), default=folder)
        try:
            drill(newest, self.stdout.write)
        except (Red, Problem) as problem:
            sys.exit(f"RED. {problem}")
        self.stdout.write("GREEN. This back-up can be restored.")
