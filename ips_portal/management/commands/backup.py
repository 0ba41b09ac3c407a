"""`manage.py backup FOLDER`: a dump, what it held, and every file, into a new folder there."""

import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from ips_portal.bootstrap.places import Problem
from ips_portal.safekeeping.backing_up import back_up
from ips_portal.safekeeping.census import Blind


class Command(BaseCommand):
    help = "Backs up the database and the files, as the role of BACKUP_DATABASE_URL."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="where the back-ups are kept")

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        if not settings.BACKUP_DATABASE_URL:
            raise CommandError("BACKUP_DATABASE_URL is not set. Give the address of the back-up role.")
        os.umask(0o077)  # everything in one place, for one pair of eyes
        try:
            made, damaged = back_up(
                folder, address=settings.BACKUP_DATABASE_URL, app=settings.APP_DATABASE_ROLE
            )
        except (Blind, Problem) as problem:
            raise CommandError(str(problem)) from problem
        self.stdout.write(f"Backed up into {made}")
        if damaged:
            names = "\n  ".join(damaged)
            raise CommandError(f"The database is safe, but these files are gone or damaged:\n  {names}")
