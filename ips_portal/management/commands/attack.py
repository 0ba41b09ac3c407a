"""`python3 manage.py attack`: can a figure that is hidden be worked out from all that is published?"""

import sys
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from outcomes.suppression.practice import attacked
from outcomes.suppression.rules import Rules


class Command(BaseCommand):
    help = (
        "Publishes the figures of made-up states and attacks them. Ends with 1 when a hidden figure is found."
    )
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--states", type=int, default=25, help="how many small states (25)")
        parser.add_argument("--seed", type=int, default=0, help="number of the first state (0)")
        parser.add_argument(
            "--only-primary", action="store_true", help="hide the small counts alone: the attacker must win"
        )
        parser.add_argument(
            "--in-full", action="store_true", help="all agencies but one share in full: they attack the one"
        )

    def handle(
        self, *args: Any, states: int, seed: int, only_primary: bool, in_full: bool, **options: Any
    ) -> None:
        if states < 1:
            sys.exit("Name at least one state: --states 25.")
        began, leaks, hidden = time.process_time(), 0, 0.0
        seeds = range(seed, seed + states)
        for tried in attacked(seeds, Rules(), in_full=in_full, only_primary=only_primary):
            hidden += tried.hidden
            leaks += len(tried.leaks)
            for leak in tried.leaks:
                self.stderr.write(f"State {tried.seed}: {leak}")
        self.stdout.write(
            f"{states} states, {hidden / states:.0%} of figures hidden, {leaks} found out, "
            f"{time.process_time() - began:.0f} s"
        )
        if leaks:
            sys.exit(1)
