"""Amounts of dollars and cents, as people write them."""

from typing import Any

from django import forms


class Dollars(forms.DecimalField):
    """$1,250,000.50 is read, too."""

    widget = forms.TextInput
    default_error_messages = {
        "invalid": "Write the amount in digits, such as 250000.",
        "max_decimal_places": "Write cents with two digits at most, such as 1250.50.",
        "max_digits": "This is more than can be kept. Check the amount.",
        "max_whole_digits": "This is more than can be kept. Check the amount.",
    }

    def __init__(self, *, error_messages: dict[str, str] | None = None, **kwargs: Any) -> None:
        super().__init__(max_digits=12, decimal_places=2, **kwargs)
        self.error_messages |= self.default_error_messages | (error_messages or {})
        self.widget.attrs |= {"inputmode": "decimal", "autocomplete": "off"}

    def to_python(self, value: Any) -> Any:
        typed = str(value or "").strip().removeprefix("$").strip()
        return super().to_python(typed.replace(",", "") if is_grouped(typed) else typed)


def is_grouped(typed: str) -> bool:
    """Thousands apart by commas, as in 1,250,000.50; a comma anywhere else is a slip."""
    first, *rest = typed.partition(".")[0].removeprefix("-").split(",")
    return 0 < len(first) <= 3 and bool(rest) and all(len(each) == 3 for each in rest)
