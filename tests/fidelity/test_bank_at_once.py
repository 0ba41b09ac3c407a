"""Two who change the same text for reports at the same moment."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.db import connections

from agencies.refusals import StaleVersion, Unacceptable, WrongStatus
from fidelity.actions import bank
from tests.cast import StateCast, make_cast
from tests.fidelity import reviews
from tests.fidelity.bank import added, changed, kept, read
from tests.fidelity.test_reviews_at_once import Other


@pytest.fixture
def cast(transactional_db: None) -> Iterator[StateCast]:
    yield make_cast().meridian
    connections.close_all()


def test_a_text_that_is_changed_meanwhile_is_not_overwritten(cast: StateCast) -> None:
    row = added(cast)
    other = Other(lambda: changed(cast, row, kept("Yours.")))
    with reviews.acting(cast, "admin") as admin:
        bank.change(read(row), kept=kept("Mine."), version=1, by=admin)
        other.begins()
    refused: Any = other.answer()
    assert isinstance(refused, StaleVersion)
    assert refused.current["text"] == "Mine."


def test_two_who_add_the_same_text_at_once_add_it_once(cast: StateCast) -> None:
    other = Other(lambda: added(cast))
    with reviews.acting(cast, "admin") as admin:
        bank.add(cast.state, kept=kept(), key=uuid4(), by=admin)
        other.begins()
    refused = other.answer()
    assert isinstance(refused, Unacceptable)
    assert "offered there already" in refused.message


def test_a_text_that_is_retired_meanwhile_is_not_changed(cast: StateCast) -> None:
    row = added(cast)
    other = Other(lambda: changed(cast, row, kept("Yours.")))
    with reviews.acting(cast, "admin") as admin:
        bank.retire(read(row), version=1, by=admin)
        other.begins()
    assert isinstance(other.answer(), WrongStatus)
    with cast.entered("admin"):
        assert read(row).text == kept().text
