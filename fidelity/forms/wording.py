"""The official text of a scale as one pasted list."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from agencies.forms import HouseForm
from fidelity.scales import Scale
from fidelity.wording import Wording, WordingError, read

LONGEST = 200_000


class WordingForm(HouseForm):
    wording = forms.CharField(
        label="Official anchors",
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 20, "autocomplete": "off", "spellcheck": "false"}),
        help_text="One anchor a line: the item, the rating, the text, such as “ST1 5 Twenty or fewer”. Three columns "
        "pasted from a spreadsheet work too. What is not listed is shown in the portal's own words.",
    )

    def __init__(self, *args: Any, scale: Scale, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.scale = scale

    def clean_wording(self) -> Wording:
        try:
            return read(self.cleaned_data["wording"], self.scale)
        except WordingError as error:
            raise ValidationError(str(error)) from None
