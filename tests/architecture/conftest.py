"""One world for each module of gates, and the count of requests they made."""

import logging
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.conf import settings
from django.db import connections
from django.template.base import Template
from django.test.utils import _TestState

from tests import cluster
from tests.architecture import tables
from tests.architecture import world as worlds
from tests.architecture.visits import Visits


@pytest.fixture(scope="module")
def visits(django_db_blocker: Any) -> Iterator[Visits]:
    """The world and its people at their browsers. It is committed, and the database made anew for the next module:
    one long transaction would hold back the sealing of history in the tests beside this one."""
    logging.getLogger("django.request").setLevel(logging.CRITICAL)  # thousands of refusals are meant
    shutil.rmtree(settings.MAIL_DIR, ignore_errors=True)  # what tests before this one have sent
    with django_db_blocker.unblock():
        try:
            with tables.watched(), drawn_as_in_production():
                yield Visits(worlds.build())
        finally:
            connections.close_all()
            cluster.reclone()
    logging.getLogger("django.request").setLevel(logging.NOTSET)


@contextmanager
def drawn_as_in_production() -> Iterator[None]:
    """Django's tests keep a copy of what every template was given. The gates read the answers alone."""
    kept, Template._render = Template._render, _TestState.saved_data.template_render  # type: ignore[attr-defined]
    try:
        yield
    finally:
        Template._render = kept  # type: ignore[attr-defined]


@pytest.fixture
def counted(visits: Visits, record_property: Any) -> Iterator[Visits]:
    """The same, with the number of its requests written into the test's report."""
    before = visits.made
    yield visits
    record_property("requests", visits.made - before)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    counts: dict[str, int] = {}
    for report in terminalreporter.stats.get("", ()):  # the teardown of each test carries its number
        if getattr(report, "when", "") == "teardown":
            module = report.nodeid.split("::")[0].rsplit("/", 1)[-1]
            counts[module] = counts.get(module, 0) + int(dict(report.user_properties).get("requests", 0))
    told = ", ".join(f"{module} {count:,}" for module, count in sorted(counts.items()) if count)
    if told:
        terminalreporter.line(f"Requests made by the gates: {sum(counts.values()):,} ({told})")
