"""`manage.py restore FOLDER`: a back-up into an empty database, compared with what was backed up."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from ips_portal.bootstrap.places import Problem
from ips_portal.reports.storage import StorageTrouble
from ips_portal.safekeeping import restoring, storing


class Command(BaseCommand):
    help = "Restores one back-up into the empty database of OWNER_DATABASE_URL, and its files."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="one back-up, such as /backups/2026-11-25T031500Z")

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        if not settings.OWNER_DATABASE_URL:
            raise CommandError("OWNER_DATABASE_URL is not set. Give the address of the owner of the tables.")
        try:
            backup = storing.read(folder)
            different = restoring.restore_database(folder, backup, address=settings.OWNER_DATABASE_URL)
            damaged = restoring.restore_files(folder, backup)
        except (Problem, StorageTrouble) as problem:
            raise CommandError(str(problem)) from problem
        if faults := [*different, *(f"file {name} is damaged" for name in damaged)]:
            raise CommandError("Restored, but not the same as what was backed up:\n  " + "\n  ".join(faults))
        self.stdout.write(f"Restored {backup.made_at}: every row, rule and file is the same.")
