"""One world for each module of gates, and the count of requests they made."""

import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.architecture import tables
from tests.architecture import world as worlds
from tests.architecture.visits import Visits


@pytest.fixture(scope="module")
def watch(django_db_blocker: Any) -> Iterator[Callable[[], tables.Prints]]:
    """The fingerprint of all tables, whoever may see them."""
    with django_db_blocker.unblock(), tables.watched() as prints:
        yield prints


@pytest.fixture(scope="module")
def visits(watch: Any, django_db_blocker: Any) -> Iterator[Visits]:
    """The world and its people at their browsers, in one transaction that is rolled back at the end."""
    logging.getLogger("django.request").setLevel(logging.CRITICAL)  # thousands of refusals are meant
    with django_db_blocker.unblock(), worlds.built() as world:
        yield Visits(world)
    logging.getLogger("django.request").setLevel(logging.NOTSET)


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
