"""manage.py seed: the four practice states, with agencies, teams, people and three years of reviews."""

from argparse import ArgumentParser
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from ips_portal.practice import accounts
from ips_portal.practice.seeding import EVERYBODYS, NotAPracticeState, practice_states, seed

HERE = {"localhost", "127.0.0.1", "::1"}


class Command(BaseCommand):
    help = "Puts four practice states into the database. Running it again changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--today", type=date.fromisoformat, default=None, help="the day the practice states are made for"
        )
        parser.add_argument("--password", default="", help="what everybody there signs in with")
        parser.add_argument(
            "--print-accounts", action="store_true", help="only show whom to sign in as, from the last seed"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["print_accounts"]:
            self._print_accounts()
            return
        password = options["password"] or self._known_password()
        try:
            seeded = seed(options["today"] or date.today(), password)  # noqa: DTZ011 - a default, in nobody's zone
        except NotAPracticeState as problem:
            raise CommandError(str(problem)) from None
        if seeded.present:
            self.stdout.write(f"Already there: {', '.join(seeded.present)}. Nothing was changed.")
        else:
            made = ", ".join(f"{count} {what}" for what, count in seeded.counts.items() if count)
            self.stdout.write(f"Made {', '.join(seeded.made)}: {made}.")
        if seeded.made or not accounts.stored():
            accounts.save(accounts.accounts(practice_states(), password))

    def _known_password(self) -> str:
        """Everybody can read it in this program, so it opens a portal on this machine only."""
        if urlsplit(settings.BASE_URL).hostname in HERE:
            return EVERYBODYS
        raise CommandError(
            f"This portal is at {settings.BASE_URL}, and the practice password is public. "
            "Give one of your own: manage.py seed --password '...'. Nothing was changed."
        )

    def _print_accounts(self) -> None:
        found = accounts.stored()
        if not found:
            raise CommandError("There are no practice accounts yet. Run: manage.py seed")
        self.stdout.write(accounts.as_table(found))
