"""A quarter in an address: 2026-q3."""

from django.urls import register_converter

from ips_portal.quarters import Quarter


class QuarterConverter:
    regex = r"(?:19|20)\d\d-q[1-4]"

    def to_python(self, value: str) -> Quarter:
        return Quarter.parse(value)

    def to_url(self, value: Quarter) -> str:
        return value.slug


def begin() -> None:
    register_converter(QuarterConverter, "quarter")
