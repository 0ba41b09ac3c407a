"""The supervisors' meeting of the gates' world: one in each state, of each corner an action and a strategy not told."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from ips_portal.quarters import Quarter
from outcomes.actions import meetings


def furnish(corner: Any, supervisor: str) -> None:
    """Built through the actions; the owner of the action leads the state, so nobody else reads it."""
    cast, last = corner.cast, Quarter.last_ended(corner.cast.state.today())
    held_on = last.ends_on + timedelta(days=30)
    with cast.entered("admin") as admin:
        corner.meeting = meetings.begin(cast.state, quarter=last, held_on=held_on, by=admin)
        corner.note = meetings.write_note(
            corner.meeting,
            text=corner.secret("note"),
            owner=cast.people["admin"],
            due_on=held_on + timedelta(days=60),
            key=uuid4(),
            by=admin,
        )
    with cast.entered(supervisor) as by:
        corner.strategy = meetings.add_strategy(
            cast.teams[corner.key],
            measure="employment",
            text=corner.secret("strategy"),
            told_on=cast.state.today(),
            consented=False,
            key=uuid4(),
            by=by,
        )
