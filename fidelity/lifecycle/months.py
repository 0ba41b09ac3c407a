"""Calendar months, as people count them.

Source: domain reference 2.6, month arithmetic: the same day so many months later, or the last day of a month that has
no such day. Each interval counts from the day it began, never from a clamped one, so that no day gets lost on the way.
"""

from calendar import monthrange
from datetime import date


def months_after(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def said(months: int) -> str:
    return "1 month" if months == 1 else f"{months} months"


def written(day: date) -> str:
    return f"{day:%B} {day.day}, {day.year}"
