"""A file of past reviews, and which scale its template is for."""

from typing import Any

from django import forms

from agencies.forms.files import UploadForm
from fidelity.past.staging import REVIEWS

HELP = f"CSV or Excel (.xlsx), up to 2 MB and {REVIEWS:,} reviews. No client names or other client details."


class ReviewsForm(UploadForm):
    rows = REVIEWS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].help_text = HELP


class TemplateForm(forms.Form):
    """An address with a scale in it that is none is not found."""

    def __init__(self, data: Any, *, keys: list[str]) -> None:
        super().__init__(data)
        self.fields["scale"] = forms.ChoiceField(required=False, choices=[(key, key) for key in keys])
