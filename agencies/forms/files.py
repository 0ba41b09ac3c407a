"""Uploading a file of rows, and saying what becomes of them."""

from typing import Any
from uuid import uuid4

from django import forms

from agencies.actions.files import listed
from agencies.forms import HouseForm
from agencies.models.files import FileImport
from ips_portal.importing.staging import Staged
from ips_portal.uploads import apart
from ips_portal.uploads.sheets import ROWS, Unreadable


class OnceForm(HouseForm):
    """A form that does its deed once, however often it is sent."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)


class UploadForm(HouseForm):
    rows = ROWS  # as many as are taken

    file = forms.FileField(
        label="File",
        allow_empty_file=True,  # the action says what an empty one lacks
        help_text="CSV or Excel (.xlsx), up to 2 MB and 5,000 rows. No client names or other client details.",
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,.tsv,.txt"}),
        error_messages={"required": "Choose a file."},
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        try:
            apart.check_size(file.size, self.rows)
        except Unreadable as problem:
            raise forms.ValidationError(str(problem)) from None
        return file


class CommitForm(OnceForm):
    choice = forms.ChoiceField(choices=FileImport.Choice.choices, widget=forms.HiddenInput)
    hidden = forms.BooleanField(required=False, widget=forms.HiddenInput)
    leaves_out = forms.BooleanField(required=False)

    def __init__(self, data: Any = None, *, columns: str = "", **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        if columns:
            self.fields["leaves_out"].label = f"Leave out {columns}"
        else:
            del self.fields["leaves_out"]

    @property
    def agreed(self) -> dict[str, Any]:
        """What the import is asked to do, once the form is valid."""
        data = self.cleaned_data
        return {
            "choice": data["choice"],
            "key": data["key"],
            "leaves_out": data.get("leaves_out", False),
            "takes_hidden": data["hidden"],
        }


def columns_of(found: FileImport) -> str:
    """The unknown columns in words; blank for none, and once the import is over."""
    unknown = Staged.from_json(found.staged).layout.unknown if found.staged else ()
    return f"column {listed(unknown)}" if unknown else ""
