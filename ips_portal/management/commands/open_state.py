"""`manage.py open_state`: an operator opens a new state and names its first admin."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse

from agencies.actions.opening import open_state
from agencies.actions.states import StateProfile
from agencies.refusals import Unacceptable
from fidelity.policy import shipped_document, shipped_keys, shipped_policy


class Command(BaseCommand):
    help = "Opens a new state with a fidelity policy to start from, and names its first state admin."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", help="its address, such as oregon")
        parser.add_argument("--name", required=True)
        parser.add_argument("--program", help="name of the program; default: the state's name and IPS")
        parser.add_argument("--zone", required=True, help="such as America/Los_Angeles")
        parser.add_argument("--policy", choices=shipped_keys(), default="national")
        parser.add_argument("--admin-name", required=True)
        parser.add_argument("--admin-email", required=True)

    def handle(self, *args: Any, **given: Any) -> None:
        own = {} if given["policy"] == "national" else shipped_document(given["policy"])
        profile = StateProfile(
            name=given["name"],
            program_name=given["program"] or f"{given['name']} IPS",
            zone=given["zone"],
            contact_name="",
            contact_email="",
        )
        try:
            admin = open_state(
                given["slug"],
                profile=profile,
                policy_name=shipped_policy(given["policy"]).name,
                policy=own,
                admin_name=given["admin_name"],
                admin_email=given["admin_email"],
            )
        except Unacceptable as refusal:
            raise CommandError(refusal.message) from refusal
        self.stdout.write(f"{given['name']} is open at {settings.BASE_URL}/{given['slug']}/")
        if not admin.person.has_usable_password():
            address = settings.BASE_URL + reverse("account_reset_password")
            self.stdout.write(f"{admin.person.email} chooses a password at {address}")
