"""When a notice is mailed: at once, or collected into a digest on the day its person chose. Pure.

Weekly unless somebody waits for the person: mail that comes too often is not read.
"""

from datetime import datetime, time, timedelta
from enum import StrEnum

DIGEST_AT = time(7)  # in the state's zone
MONDAY = 0


class Pace(StrEnum):
    """Of a notice."""

    AT_ONCE = "at once"  # somebody waits for you, or it is about your own rights: cannot be turned off
    DIGEST = "digest"  # can wait, so it comes when its person wants it


class Chosen(StrEnum):
    """Of a person in a state, for the notices that can wait."""

    WEEKLY = "weekly"
    DAILY = "daily"
    AT_ONCE = "at_once"
    OFF = "off"

    @property
    def label(self) -> str:
        return LABELS[self]

    @property
    def meaning(self) -> str:
        return MEANINGS[self]


DEFAULT = Chosen.WEEKLY
LABELS = {
    Chosen.WEEKLY: "Once a week",
    Chosen.DAILY: "Once a day",
    Chosen.AT_ONCE: "Each at once",
    Chosen.OFF: "Only what waits for me",
}
MEANINGS = {
    Chosen.WEEKLY: "One e-mail on Monday morning with all that still matters; none when there is nothing.",
    Chosen.DAILY: "One e-mail in the morning of each day on which there is something.",
    Chosen.AT_ONCE: "An e-mail of its own for everything, when it happens.",
    Chosen.OFF: "No e-mail about what can wait. You find it in the portal.",
}


def comes(pace: Pace, chosen: Chosen) -> Chosen:
    """How a notice of this pace reaches somebody who chose so."""
    return Chosen.AT_ONCE if pace is Pace.AT_ONCE else chosen


def last_digest(chosen: Chosen, now: datetime) -> datetime:
    """The latest moment, by the state's clock, at which a digest was due. What was told before it belongs into it.

    A moment that passed while no worker ran is made good on the next run, with the same content.
    """
    day = now.date() if now.time() >= DIGEST_AT else now.date() - timedelta(days=1)
    if chosen is Chosen.WEEKLY:
        day -= timedelta(days=(day.weekday() - MONDAY) % 7)
    return datetime.combine(day, DIGEST_AT, now.tzinfo)
