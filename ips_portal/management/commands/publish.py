"""`python3 manage.py publish`: what is final is published now, and not when the timetable comes to it."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from agencies.models import State
from outcomes.actions import publication


class Command(BaseCommand):
    help = "Publishes final quarters to all programs of a state, as the timetable does each hour."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--state", required=True, help="the state's short name, such as meridian")
        parser.add_argument("--once", action="store_true", help="the oldest of them alone")

    def handle(self, *args: Any, state: str, once: bool, **options: Any) -> None:
        found = State.objects.filter(slug=state).first()
        if found is None:
            sys.exit(f"There is no state “{state}” here.")
        while made := publication.publish_next(found, found.today()):
            self.stdout.write(
                f"Published {made.quarter} of {found.name}: {made.teams} of {made.expected} teams."
            )
            if once:
                return
        self.stdout.write(f"Nothing more of {found.name} is waiting to be published.")
