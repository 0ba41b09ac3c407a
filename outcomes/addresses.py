"""A quarter in an address: 2026-q3; and the kind of file a table is wanted as: csv or xlsx."""

from django.urls import register_converter

from ips_portal.quarters import Quarter


class QuarterConverter:
    regex = r"(?:19|20)\d\d-q[1-4]"

    def to_python(self, value: str) -> Quarter:
        return Quarter.parse(value)

    def to_url(self, value: Quarter) -> str:
        return value.slug


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
