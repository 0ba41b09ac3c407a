"""Numbers of the money pages: dollars, and ranges from low to high, as people type them."""

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

LONGEST = 20
NUMBER = re.compile(r"-?(\d{1,3}(,\d{3})+|\d+)(\.\d*)?|-?\.\d+", re.ASCII)


class Number(forms.CharField):
    """A decimal: 1250, 1,250.00 or $1,250. None where nothing was typed."""

    def __init__(self, *, such_as: str = "1,250.00", **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}))
        super().__init__(**kwargs)
        self.such_as = such_as

    def to_python(self, value: Any) -> Any:
        if isinstance(value, Decimal):
            return value
        typed = str(super().to_python(value) or "").removeprefix("$").strip()
        if not typed:
            return None
        if len(typed) > LONGEST or not NUMBER.fullmatch(typed):
            raise ValidationError(f"Write a number in digits, such as {self.such_as}.")
        return Decimal(typed.replace(",", ""))

    def run_validators(self, value: Any) -> None:
        """Those of a text have nothing to say of a number."""

    def prepare_value(self, value: Any) -> Any:
        return f"{value:,f}" if isinstance(value, Decimal) else value
