"""Which step of a ladder of reminders is reached. Pure: the due date is a stored fact, the ladder a state's policy.

A ladder says on how many days from the due date somebody is reminded: (-14, -3, 1, 7) is two weeks and three days
before, the day after, and a week after.
"""

from collections.abc import Sequence
from datetime import date, timedelta

Ladder = Sequence[int]


def due(ladder: Ladder, due_on: date, today: date) -> tuple[int, ...]:
    """The steps whose day has come, earliest first. The last of them is the one to tell; the others have passed."""
    return tuple(step for step in sorted(set(ladder)) if due_on + timedelta(days=step) <= today)


def key_of(notice: str, record: str, due_on: date, step: int) -> str:
    """Names one step for one record. A due date that is moved begins a ladder of its own."""
    return f"{notice}:{record}:{due_on.isoformat()}:{step}"
