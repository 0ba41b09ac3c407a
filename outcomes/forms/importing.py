"""Uploading a file, and saying what becomes of its rows."""

from typing import Any

from django import forms

from agencies.forms import HouseForm
from outcomes.forms.deciding import OnceForm
from outcomes.models import OutcomeImport


class UploadForm(HouseForm):
    file = forms.FileField(
        label="File",
        allow_empty_file=True,  # the action says what an empty one lacks
        help_text="CSV or Excel (.xlsx), up to 2 MB and 5,000 rows. No client names or other client details.",
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,.tsv,.txt"}),
        error_messages={"required": "Choose a file."},
    )


class CommitForm(OnceForm):
    choice = forms.ChoiceField(choices=OutcomeImport.Choice.choices, widget=forms.HiddenInput)
    hidden = forms.BooleanField(required=False, widget=forms.HiddenInput)
    leaves_out = forms.BooleanField(required=False)

    def __init__(self, data: Any = None, *, columns: str = "", **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        if columns:
            self.fields["leaves_out"].label = f"Leave out {columns}"
        else:
            del self.fields["leaves_out"]
