"""Until when an agency may say what a draft report has wrong: days of the policy, as one moment in the state's time.

A due date ends with its day in the zone of the state (domain reference 2.6); on the days the clocks change, too.
"""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def end_of(day: date, zone: str) -> datetime:
    """The first moment after the day."""
    return datetime.combine(day + timedelta(days=1), time(), ZoneInfo(zone))


def last_day(end: datetime, zone: str) -> date:
    """The day that ends with this moment; the other way round from `end_of`."""
    return end.astimezone(ZoneInfo(zone)).date() - timedelta(days=1)
