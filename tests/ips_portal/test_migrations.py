"""The tables are what the models say."""

from io import StringIO

import pytest
from django.core.management import call_command


@pytest.mark.django_db
def test_every_change_of_a_model_has_its_migration() -> None:
    output = StringIO()
    try:
        call_command("makemigrations", check_changes=True, dry_run=True, no_input=True, stdout=output)
    except SystemExit:
        pytest.fail(f"python3 manage.py makemigrations is due:\n{output.getvalue()}")
