"""A database with the practice states, for the tests that read what stands in them."""

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from typing import Any

import psycopg
import pytest
from django.db import connections

from ips_portal.bootstrap.places import ROOT
from tests import cluster

TODAY = date(2026, 11, 20)
SLUGS = ("meridian", "bayou", "hudson", "prairie")


def run_seed(*options: str) -> str:
    """As a person would; the command runs as the owner of the tables."""
    done = subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), "seed", *options],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def practice(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """One seeded database for the tests of this file, which only read."""
    with django_db_blocker.unblock():
        connections.close_all()
    cluster.reclone()
    run_seed("--today", TODAY.isoformat())
    yield
    with django_db_blocker.unblock():
        connections.close_all()
    cluster.reclone()


def rows_of(statement: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(os.environ["OWNER_DATABASE_URL"]) as connection:
        return connection.execute(statement).fetchall()
