"""What the core tells the floors above it. Mail and to-dos live up there; nobody down here knows them.

`ips_portal.notices` listens from its `apps.ready()`. Listeners run inside the transaction of the action, so that
what they write is kept or lost together with the deed.
"""

from collections import defaultdict
from collections.abc import Callable
from enum import StrEnum
from typing import Any


class Event(StrEnum):
    """What may be announced, with the facts that come along (all also carry `state_id` and `by`, a name)."""

    INVITED = "invited"  # email, name, role, where, link, expires_at, invitation_id
    INVITATION_ACCEPTED = "invitation_accepted"  # email, name, role, where, invited_by_id, invitation_id
    ROLE_CHANGED = "role_changed"  # person_id, role, where, reason, membership_id
    MEMBERSHIP_ENDED = "membership_ended"  # person_id, role, where, reason, membership_id


Listener = Callable[..., None]
_listeners: dict[str, list[Listener]] = defaultdict(list)


def listen(event: str, listener: Listener) -> None:
    """Has `listener(**facts)` called at each announcement of the event. Saying it twice changes nothing."""
    if listener not in _listeners[Event(event)]:
        _listeners[Event(event)].append(listener)


def announce(event: str, **facts: Any) -> None:
    for listener in _listeners[Event(event)]:
        listener(**facts)
