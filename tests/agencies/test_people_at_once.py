"""Two who change people at the same moment."""

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import DatabaseError, connection, connections

from agencies import tenancy
from agencies.actions import people
from agencies.actions.seats import Seat
from agencies.models import Membership
from agencies.permissions import Role
from agencies.refusals import NotPermitted, Refusal
from tests.cast import StateCast, make_cast


@pytest.fixture
def cast(transactional_db: None) -> Iterator[StateCast]:
    yield make_cast().meridian
    connections.close_all()


def member(cast: StateCast, persona: str) -> Membership:
    found: Membership = Membership.objects.select_related("state", "person", "agency", "payer").get(
        pk=cast.memberships[persona].pk
    )
    return found


def together(*deeds: Callable[[], Any]) -> list[Any]:
    """What each deed answered, or its refusal; all begin at the same moment."""
    start = threading.Barrier(len(deeds))
    answers: dict[int, Any] = {}

    def press(place: int, deed: Callable[[], Any]) -> None:
        try:
            start.wait(10)
            answers[place] = deed()
        except (Refusal, DatabaseError) as refusal:
            answers[place] = refusal
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=pair) for pair in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    return [answers[place] for place in range(len(deeds))]


@pytest.mark.parametrize("_", range(3))
def test_two_admins_who_remove_each_other_leave_one(cast: StateCast, _: int) -> None:
    with cast.entered("admin") as by:
        people.change_seat(
            member(cast, "second_trainer"), seat=Seat(Role.STATE_ADMIN), reason="Second admin.", by=by
        )

    def removes(persona: str, other: str) -> Callable[[], Any]:
        actor = cast.actor(persona)  # both were let in before either was removed

        def deed() -> Any:
            with tenancy.entered(actor) as by:
                return people.remove(member(cast, other), reason="Now.", by=by)

        return deed

    answers = together(removes("admin", "second_trainer"), removes("second_trainer", "admin"))
    with tenancy.as_system(cast.state.pk):
        admins = Membership.objects.filter(role=Role.STATE_ADMIN, ended_on=None).count()
    assert admins == 1
    assert sum(isinstance(answer, Membership) for answer in answers) == 1
    assert not any(isinstance(answer, DatabaseError) for answer in answers), answers


def test_a_leader_does_not_remove_whom_the_state_has_just_made_a_leader(cast: StateCast) -> None:
    with cast.entered("leader"):
        stale = member(cast, "supervisor")
    with cast.entered("admin") as by:
        seat = Seat(Role.AGENCY_LEADER, cast.agencies["north"])
        people.change_seat(member(cast, "supervisor"), seat=seat, reason="Promoted.", by=by)
    with pytest.raises(NotPermitted, match="a role that you may not change"), cast.entered("leader") as by:
        people.remove(stale, reason="Gone.", by=by)
