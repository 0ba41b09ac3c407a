"""JSON values taken strictly: a number is no text, a text is no number, a date has one form."""

import binascii
import re
from base64 import b64decode
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.fields import empty

LARGEST = 2**31 - 1
LARGEST_ID = 2**63 - 1
BOUNDS = {"max_value": "This may be {max_value} at most.", "min_value": "This may be {min_value} at least."}
MISSING = {"required": "This field is missing.", "null": "This may not be null."}


def plain(text: str) -> bool:
    """PostgreSQL stores neither NUL nor half of a surrogate pair."""
    return "\x00" not in text and not any("\ud800" <= letter <= "\udfff" for letter in text)


class Whole(serializers.IntegerField):
    """A whole JSON number: no "3", no 3.0, no true."""

    default_error_messages = {
        **MISSING,
        **BOUNDS,
        "invalid": "This must be a whole number, without quotes and without a decimal point.",
    }

    def __init__(self, *, min_value: int = 0, max_value: int = LARGEST, **kwargs: Any) -> None:
        super().__init__(min_value=min_value, max_value=max_value, **kwargs)

    def to_internal_value(self, data: Any) -> int:
        if type(data) is not int:  # a bool is an int to isinstance
            self.fail("invalid")
        return int(data)


class Key(Whole):
    """The number of a record. Which records may be named is checked where it is looked up."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=1, max_value=LARGEST_ID, **kwargs)


class Text(serializers.CharField):
    default_error_messages = {
        **MISSING,
        "invalid": "This must be text in quotes.",
        "blank": "Fill this in.",
        "max_length": "Shorten this to {max_length} characters or fewer.",
        "not_storable": "This text has a character that cannot be stored. Type the place again by hand.",
    }

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        if not plain(data):
            self.fail("not_storable")
        return str(super().to_internal_value(data))


class Mail(Text):
    """An e-mail address."""

    default_error_messages = {"email": "Write an e-mail address, such as name@example.org."}

    def to_internal_value(self, data: Any) -> str:
        text = super().to_internal_value(data)
        if text:
            serializers.EmailField(error_messages={"invalid": self.error_messages["email"]}).run_validation(
                text
            )
        return text


class Web(Text):
    """A web address."""

    default_error_messages = {"url": "Write a web address, such as https://www.example.org."}

    def to_internal_value(self, data: Any) -> str:
        text = super().to_internal_value(data)
        if text:
            serializers.URLField(error_messages={"invalid": self.error_messages["url"]}).run_validation(text)
        return text


@extend_schema_field({"type": "string", "pattern": r"^[0-9]{1,10}(\.[0-9]{1,2})?$"})
class Dollars(Text):
    """An amount as text, so that no cent is lost on the way: "1250000.50"."""

    default_error_messages = {
        "amount": "Write the amount in quotes, in digits with two decimals at most and no minus, such as "
        "“1250000.50”."
    }

    def to_internal_value(self, data: Any) -> Any:
        text = super().to_internal_value(data)
        if not re.fullmatch(r"[0-9]{1,10}(\.[0-9]{1,2})?", text):
            self.fail("amount")
        return Decimal(text)


@extend_schema_field(OpenApiTypes.BYTE)
class File(Text):
    """The bytes of a file, in base64. An empty file is one."""

    default_error_messages = {"not_base64": "Send the bytes of the file in base64."}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(allow_blank=True, trim_whitespace=False, **kwargs)

    def run_validation(self, data: Any = empty) -> Any:
        return super().run_validation(data) or b""  # what is blank is not read any further

    def to_internal_value(self, data: Any) -> Any:
        try:
            return b64decode(super().to_internal_value(data), validate=True)
        except (binascii.Error, ValueError):
            self.fail("not_base64")


class Flag(serializers.BooleanField):
    default_error_messages = {**MISSING, "invalid": "This must be true or false, without quotes."}

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid")
        return bool(data)


class Choice(serializers.ChoiceField):
    default_error_messages = {**MISSING, "invalid_choice": "This is not one of the choices: {choices}."}

    def to_internal_value(self, data: Any) -> str:
        if data == "" and self.allow_blank:
            return ""
        if not isinstance(data, str) or data not in self.choices:
            self.fail("invalid_choice", choices=", ".join(map(str, self.choices)))
        return data


class Day(serializers.DateField):
    """2026-02-03, and nothing else that could be read as a date. Years nobody means are asked about."""

    default_error_messages = {
        **MISSING,
        "invalid": "Write the date as year-month-day, such as 2026-02-03.",
        "year": "Check the year: it should lie between 1950 and 2100.",
    }

    def to_internal_value(self, value: Any) -> date:
        if not isinstance(value, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
            self.fail("invalid")
        try:
            day = date.fromisoformat(value)
        except ValueError:
            self.fail("invalid")
        if not 1950 <= day.year <= 2100:
            self.fail("year")
        return day


class Several(serializers.ListField):
    """A list whose members are all of one kind."""

    default_error_messages = {**MISSING, "not_a_list": "This must be a list."}

    def __init__(self, child: serializers.Field[Any, Any, Any, Any], **kwargs: Any) -> None:
        super().__init__(child=child, max_length=kwargs.pop("max_length", 200), **kwargs)

    def to_internal_value(self, data: Any) -> list[Any]:
        if not isinstance(data, list):
            self.fail("not_a_list")
        found: list[Any] = super().to_internal_value(data)
        return found


class Unique(serializers.UUIDField):
    """A UUID written with hyphens, such as the sender makes for a request of their own."""

    default_error_messages = {
        **MISSING,
        "invalid": "Write a UUID, such as 123e4567-e89b-42d3-a456-426614174000.",
    }

    def to_internal_value(self, data: Any) -> UUID:
        if not isinstance(data, str) or not re.fullmatch(
            r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", data
        ):
            self.fail("invalid")
        return UUID(data)


class Number(serializers.IntegerField):
    """A whole number in an address: ASCII digits only."""

    default_error_messages = {**MISSING, **BOUNDS, "invalid": "This must be a whole number in digits."}

    def to_internal_value(self, data: Any) -> int:
        if not re.fullmatch(r"[0-9]{1,9}", str(data)):
            self.fail("invalid")
        return int(data)
