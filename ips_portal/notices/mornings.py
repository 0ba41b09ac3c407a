"""What apps look for every morning in every state: whose dates come near. Each app names its jobs when it begins.

At 6:00 of the state's own clock, an hour before the digests, so that what can wait is in the digest of the same day.
A job may run several times a day, and on the next run after a worker was lost; `remind` tells each step once.
"""

from collections.abc import Callable
from datetime import time

from agencies import tenancy
from agencies.models import State
from ips_portal.bell import ring

LOOK_AT = time(6)
Job = Callable[[State], object]
_jobs: dict[str, Job] = {}


def each_morning(name: str, job: Job) -> None:
    if _jobs.setdefault(name, job) is not job:
        raise ValueError(f"The morning's job “{name}” is named twice.")


def ring_for_mornings() -> None:
    for state in awake():
        for name in _jobs:
            ring("notices.morning", state.pk, name)


def awake() -> list[State]:
    """States where it is 6:00 or later today."""
    return [state for state in State.objects.order_by("pk") if state.now().time() >= LOOK_AT]


def look(state_id: int, name: str) -> None:
    """One job in one state, with the portal's own eyes."""
    with tenancy.as_system(state_id):
        _jobs[name](State.objects.get(pk=state_id))
