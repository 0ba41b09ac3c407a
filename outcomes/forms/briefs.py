"""The free text of a quarter's brief as a form."""

from typing import Any

from django import forms

from fidelity.forms.texts import TextField
from ips_portal.client_details import client_details
from outcomes.forms.deciding import DecideForm
from outcomes.models import BRIEF_LIMIT


class BriefForm(DecideForm):
    text = TextField(
        label="In your own words",
        rows=8,
        help_text="What the people you report to should know beyond the numbers: what was done, what is planned, what "
        "you ask of them. Never anything about a person served. The shorter the text, the larger it is set.",
    )
    is_checked = forms.BooleanField(
        label="I have read it again: it says nothing about a person served", required=False
    )
    field_order = ("text", "is_checked", "version")

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["text"].widget.attrs["maxlength"] = BRIEF_LIMIT
        typed = str((data or kwargs.get("initial") or {}).get("text", ""))
        if not client_details(typed):
            self.fields["is_checked"].widget = forms.HiddenInput()
