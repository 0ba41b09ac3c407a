"""Several workers that make the same digest at the same moment."""

import threading
from collections.abc import Iterator

import pytest
import time_machine
from django.db import connection, connections

from ips_portal.notices import delivery
from ips_portal.notices.actions import digests
from ips_portal.notices.models import Message
from tests.cast import StateCast
from tests.ips_portal.post import at, caught, kept_in_files, messages, plan_in_use


@pytest.fixture
def north(transactional_db: None) -> Iterator[StateCast]:
    with kept_in_files() as cast:
        yield cast.meridian
    connections.close_all()


def test_four_workers_at_once_send_one_mail(north: StateCast) -> None:
    with time_machine.travel(at(north, 2, 10), tick=False):
        for key in ("one", "two", "three"):
            plan_in_use(north, key=key)
    start = threading.Barrier(4)

    def work() -> None:
        try:
            start.wait(10)
            digests.make_digest(north.state, north.people["trainer"].pk)
            for message in messages(north, notice="digest"):
                delivery.deliver(north.state.pk, message.pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    (mail,) = caught()
    assert mail.text.count("has put its action plan in use") == 3
    assert {message.status for message in messages(north)} == {Message.Status.SENT}
