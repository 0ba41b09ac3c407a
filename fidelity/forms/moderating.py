"""A draft is asked to be read, and read: one answer, one note, and a remark for each item."""

from typing import Any

from django import forms

from agencies.forms import HouseForm
from fidelity.forms.texts import TextField
from fidelity.scales import Scale

AGREE, RETURN = "agree", "return"


class AskForm(HouseForm):
    """What the reviewers say to the remarks, where there were any."""

    answer = TextField(
        label="What was changed, or why it was not",
        required=True,
        error_messages={"required": "Say in a sentence what was changed, or why it was not."},
        help_text="For whoever reads the draft next. The remarks stay in the record below.",
    )

    def __init__(self, data: Any = None, *, was_returned: bool) -> None:
        super().__init__(data)
        if not was_returned:
            del self.fields["answer"]


class ReadingForm(HouseForm):
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)
    note = TextField(
        label="Note, or the reason of a return",
        rows=3,
        help_text="The reviewers and the state read it, and who issues the report. The agency does not.",
    )
    then = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, scale: Scale, version: int) -> None:
        super().__init__(data, initial={"version": version})
        self.scale = scale
        for item in scale.items:
            self.fields[f"{item.code}-remark"] = TextField(label=f"Remark, item {item.seq}", rows=2)

    @property
    def remarks(self) -> dict[str, str]:
        texts = {item.code: self.cleaned_data.get(f"{item.code}-remark", "") for item in self.scale.items}
        return {code: text for code, text in texts.items() if text}

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("then") not in (AGREE, RETURN):
            self.add_error(None, "Say whether you agree to the draft or return it.")
        elif cleaned["then"] == AGREE and self.remarks:
            self.add_error(None, "You wrote remarks: return the draft with them, or take them out and agree.")
        return cleaned
