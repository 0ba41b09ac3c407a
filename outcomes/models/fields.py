"""A quarter as a column: stored as its first day, read as a `Quarter`."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from ips_portal.quarters import NotAQuarter, Quarter


class QuarterField(models.DateField):  # type: ignore[type-arg]  # generic in the stubs alone
    description = "A calendar quarter"

    def from_db_value(self, value: date | None, expression: Any, connection: Any) -> Quarter | None:
        return None if value is None else Quarter.of(value)

    def to_python(self, value: Any) -> Any:
        if value is None or isinstance(value, Quarter):
            return value
        if isinstance(value, date):
            return Quarter.of(value)
        try:
            return Quarter.parse(str(value))
        except NotAQuarter as problem:
            raise ValidationError(str(problem)) from None

    def get_prep_value(self, value: Any) -> Any:
        quarter = self.to_python(value)
        return quarter.starts_on if quarter else None

    def value_to_string(self, obj: Any) -> str:
        return str(self.value_from_object(obj))
