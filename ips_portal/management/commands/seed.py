"""manage.py seed: the four practice states with three years of reviews, or a whole nation of practice states."""

from argparse import ArgumentParser
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from ips_portal.practice import accounts, nation
from ips_portal.practice.seeding import EVERYBODYS, NotAPracticeState, practice_states, seed

HERE = {"localhost", "127.0.0.1", "::1"}
TEAMS = 40  # of a state, where nobody says


class Command(BaseCommand):
    help = (
        "Puts four practice states into the database, or with --states a nation of so many others. "
        "Running it again changes nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--today", type=date.fromisoformat, default=None, help="the day the practice states are made for"
        )
        parser.add_argument("--password", default="", help="what everybody there signs in with")
        parser.add_argument(
            "--print-accounts", action="store_true", help="only show whom to sign in as, from the last seed"
        )
        of_nation = parser.add_argument_group("a nation, to see how a full portal fares")
        of_nation.add_argument("--states", type=int, help="how many states it has")
        of_nation.add_argument(
            "--teams", type=int, help=f"how many teams they have together; default: {TEAMS} each"
        )
        of_nation.add_argument(
            "--reviews-per-team",
            type=int,
            help="issued reviews of each team; default: as many as the rule asks for",
        )
        of_nation.add_argument("--quarters", type=int, default=40, help="how far back they go; default: 40")
        of_nation.add_argument(
            "--seed", type=int, default=1, help="another number, another nation; default: 1"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["print_accounts"]:
            self._print_accounts()
            return
        password = options["password"] or self._known_password()
        today = options["today"] or date.today()  # noqa: DTZ011 - a default, in nobody's zone
        put_in = self._practice_states if options["states"] is None else self._nation
        try:
            put_in(today, password, options)
        except (NotAPracticeState, nation.NotPlanted) as problem:
            raise CommandError(str(problem)) from None

    def _practice_states(self, today: date, password: str, options: dict[str, Any]) -> None:
        seeded = seed(today, password)
        self._say(seeded.made, seeded.present, seeded.counts)
        if seeded.made or not accounts.stored():
            accounts.save(accounts.accounts(practice_states(), password))

    def _nation(self, today: date, password: str, options: dict[str, Any]) -> None:
        states, teams = options["states"], options["teams"]
        planted = nation.plant(
            states=states,
            teams=TEAMS * states if teams is None else teams,
            reviews=options["reviews_per_team"],
            quarters=options["quarters"],
            seed=options["seed"],
            today=today,
            password=password,
        )
        self._say(planted.made, planted.present, planted.counts)
        if planted.made:
            self.stdout.write(f"Sign in as {planted.admin}, for instance.")

    def _say(self, made: tuple[str, ...], present: tuple[str, ...], counts: dict[str, int]) -> None:
        if present:
            self.stdout.write(f"Already there: {', '.join(present)}. Nothing was changed.")
        else:
            rows = ", ".join(f"{count} {what}" for what, count in counts.items() if count)
            self.stdout.write(f"Made {', '.join(made)}: {rows}.")

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
