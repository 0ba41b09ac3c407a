"""What stands in an address: a quarter 2026-q3, a week 2026-07-13 by its Monday, a month 2026-07; csv or xlsx."""

from datetime import date

from django.urls import register_converter

from ips_portal.quarters import EARLIEST, LATEST, Quarter


class QuarterConverter:
    regex = r"(?:19|20)\d\d-q[1-4]"

    def to_python(self, value: str) -> Quarter:
        return Quarter.parse(value)

    def to_url(self, value: Quarter) -> str:
        return value.slug


class MondayConverter:
    regex = r"(?:19|20)\d\d-\d\d-\d\d"

    def to_python(self, value: str) -> date:
        """Raises ValueError for a day that is none, or no Monday: no such address."""
        day = date.fromisoformat(value)
        if day.weekday() or not EARLIEST < day.year < LATEST:
            raise ValueError(value)
        return day

    def to_url(self, value: date) -> str:
        return value.isoformat()


class MonthConverter:
    regex = r"(?:19|20)\d\d-\d\d"

    def to_python(self, value: str) -> date:
        """Its first day."""
        day = date.fromisoformat(f"{value}-01")
        if not EARLIEST < day.year < LATEST:
            raise ValueError(value)
        return day

    def to_url(self, value: date) -> str:
        return f"{value:%Y-%m}"


class FileConverter:
    """It names no record: whoever may read the page's table may have it in either kind."""

    regex = "csv|xlsx"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


def begin() -> None:
    register_converter(FileConverter, "file")
    register_converter(QuarterConverter, "quarter")
    register_converter(MondayConverter, "monday")
    register_converter(MonthConverter, "month")
