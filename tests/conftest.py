"""Fixtures for every test. The servers behind them: tests/cluster.py."""

import gc
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
import redis
from django.conf import UserSettingsHolder, settings
from django.core.handlers.base import BaseHandler
from django.db import connections
from django.db.backends.signals import connection_created
from django.template import Context
from django.template.base import Template
from django.test import TransactionTestCase
from django.test.client import ClientHandler
from django.test.signals import template_rendered

from ips_portal.bootstrap.places import ROOT
from tests import cluster

NO_BROWSER = "no Chromium found"


@pytest.fixture(scope="session")
def django_db_setup() -> None:
    """Nothing to create: tests/cluster.py has cloned a migrated database for this process."""


def pytest_collection_finish() -> None:
    """What is loaded stays: looking for garbage among it again and again takes a good part of the tests' time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def _keep_prepared(connection: Any, **_: object) -> None:
    """The driver forgets what it has prepared at each rollback, for fear of tables that were made in between.

    Tests roll back all the time and make none, and with row-level security a statement takes longer to plan than to
    run: so what was planned once stays planned. A statement whose table did change is planned anew by the server.
    """
    driver = connection.connection
    driver.prepared_max = 2000
    driver._prepared.clear = lambda: False


connection_created.connect(_keep_prepared)


_load_middleware = BaseHandler.load_middleware
_loaded: dict[str, Any] = {}


def _load_middleware_once(self: ClientHandler, is_async: bool = False) -> None:
    """Every browser of the tests would read all static files again. Where a test sets settings, it loads its own."""
    if isinstance(settings._wrapped, UserSettingsHolder):
        _load_middleware(self, is_async)
        return
    if not _loaded:
        own = set(vars(self))
        _load_middleware(self, is_async)
        _loaded.update({name: value for name, value in vars(self).items() if name not in own})
    vars(self).update(_loaded)


ClientHandler.load_middleware = _load_middleware_once  # type: ignore[method-assign]


@pytest.fixture(scope="session", autouse=True)
def _context_of_whole_answers(django_test_environment: None) -> None:
    """Django's tests keep a copy of what every template was given, those of fields and parts, too: most of a page's
    time. Tests read that of the answer as a whole."""

    def render(self: Template, context: Context) -> str:
        if context.template is self:
            template_rendered.send(sender=self, template=self, context=context)
        return str(self.nodelist.render(context))

    Template._render = render  # type: ignore[method-assign]


def _reclone_instead_of_flush(self: TransactionTestCase) -> None:
    """Django empties tables with TRUNCATE, which the app role may not; a fresh clone also restores seed rows."""
    connections.close_all()
    cluster.reclone()


TransactionTestCase._fixture_teardown = _reclone_instead_of_flush  # type: ignore[method-assign]


@pytest.fixture
def owner_connection() -> Iterator[psycopg.Connection[Any]]:
    """The role that owns the tables, outside the test's transaction: for the catalogue, and to set up walls."""
    with psycopg.connect(os.environ["OWNER_DATABASE_URL"], autocommit=True) as connection:
        yield connection


@pytest.fixture
def app_connection() -> Iterator[psycopg.Connection[Any]]:
    """The role the portal runs as, without Django."""
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        yield connection


@pytest.fixture
def broker_url() -> str:
    """An empty broker that only this process uses."""
    with redis.Redis.from_url(os.environ["REDIS_URL"]) as client:
        client.flushdb()
    return os.environ["REDIS_URL"]


@pytest.fixture
def worker(broker_url: str, transactional_db: None, tmp_path: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """A real Celery worker beside the test. The test commits what the worker shall see."""
    log = tmp_path / "worker.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "celery",
                "-A",
                "ips_portal",
                "worker",
                "--concurrency",
                "1",
                "-l",
                "INFO",
            ],
            cwd=ROOT,
            stdout=output,
            stderr=output,
        )
    end = time.monotonic() + 30
    while b"ready." not in log.read_bytes():
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < end, log.read_text()
        time.sleep(0.05)
    yield process
    process.terminate()
    try:
        process.wait(15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Skipped browser tests must not look like passed ones."""
    skipped = [one for one in terminalreporter.stats.get("skipped", ()) if NO_BROWSER in str(one.longrepr)]
    if skipped:
        terminalreporter.section("BROWSER TESTS WERE SKIPPED", sep="!", red=True, bold=True)
        terminalreporter.line(
            f"{len(skipped)} tests need a Chromium and none was found. Install one (apt-get install chromium),\n"
            "or set CHROMIUM to its path. With REQUIRE_BROWSER=1 this is a failure."
        )
