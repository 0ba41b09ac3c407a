"""Longer texts as people paste them, cleaned the same way on every form."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from agencies.forms import HouseForm
from agencies.refusals import Unacceptable
from fidelity.forms.rating import clean_note
from fidelity.models import NOTE_LIMIT


class ReadForm(HouseForm):
    """The version that was read, so that nobody issues or commits to what they have not seen."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)


class TextField(forms.CharField):
    """Plain text of up to 10,000 characters; what a word processor adds invisibly is taken out."""

    def __init__(self, *, rows: int = 4, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        widget = forms.Textarea(attrs={"rows": rows, "maxlength": NOTE_LIMIT, "autocomplete": "off"})
        super().__init__(widget=widget, **kwargs)

    def to_python(self, value: Any) -> str:
        text = str(value or "")
        try:
            return clean_note(text).strip()
        except Unacceptable as refusal:
            raise ValidationError(refusal.message, code="not_storable") from None
