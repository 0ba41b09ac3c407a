"""Fetches and compiles the style sheet, fonts and icons; returns at once when they are current."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ips_portal import assets


class Command(BaseCommand):
    help = "Build the style sheet, fonts and icons that the pages need (static/build)."
    requires_system_checks = ()  # a check complains while they are missing

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--force", action="store_true", help="build even when nothing has changed")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            built = assets.build(self.stdout.write, force=options["force"])
        except assets.BuildError as problem:
            raise CommandError(str(problem)) from problem
        self.stdout.write("The assets are built." if built else "The assets are current.")
