"""Makes the floor's tables, one user and one session, and says the session's key."""

import os

import django
import psycopg
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.test import Client


def main() -> None:
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        connection.execute("CREATE SCHEMA floor")
    django.setup()
    call_command("migrate", verbosity=0, interactive=False)
    client = Client()
    client.force_login(get_user_model().objects.create_user("floor"))
    print(client.cookies["sessionid"].value)


if __name__ == "__main__":
    main()
