"""A state's own scale, as a file or pasted."""

from hashlib import sha256
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from agencies.forms import HouseForm
from agencies.refusals import Unacceptable
from fidelity.actions.scales import check_key
from fidelity.lines import LONGEST, Faulty
from fidelity.scales.written import read

MOST_TOLD = 20


class ScaleForm(HouseForm):
    file = forms.FileField(
        label="File",
        required=False,
        help_text="A YAML file (.yaml). What it says is shown below, so that it can be mended there.",
        widget=forms.FileInput(attrs={"accept": ".yaml,.yml,.txt"}),
    )
    text = forms.CharField(
        label="The scale as text (YAML)",
        required=False,
        strip=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 24, "autocomplete": "off", "spellcheck": "false"}),
        help_text="Begin with one of the scales in the list: “Write one like it” puts it here.",
    )
    looked = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    def clean_file(self) -> str:
        """What the file says, from now on in the field below."""
        if not (file := self.cleaned_data["file"]):
            return ""
        if file.size > 4 * LONGEST:  # bytes, of which a character has up to four
            raise ValidationError(f"This file is too large: a scale has at most {LONGEST:,} characters.")
        try:
            text: str = file.read().decode("utf-8-sig")
        except UnicodeDecodeError:
            raise ValidationError(
                "This file is not text in UTF-8. Save it as plain text and try again."
            ) from None
        self._put("text", text)
        return text

    def clean_text(self) -> str:
        """A browser ends lines otherwise than a file does."""
        return str(self.cleaned_data["text"]).replace("\r\n", "\n").replace("\r", "\n")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if "file" in self.errors or "text" in self.errors:
            return cleaned
        if not cleaned["text"].strip():
            self.add_error("text", "Choose a file, or write the scale here.")
            return cleaned
        try:
            _, self.scale = read(cleaned["text"])
            check_key(self.scale.key)
        except Unacceptable as refusal:
            self.add_error("text", refusal.message)
        except Faulty as faulty:
            more = len(faulty.faults) - MOST_TOLD
            told = [str(each) for each in faulty.faults[:MOST_TOLD]]
            self.add_error("text", [*told, f"And {more} more."] if more > 0 else told)
        return cleaned

    @property
    def mark(self) -> str:
        return sha256(self.cleaned_data["text"].encode()).hexdigest()

    @property
    def was_looked_at(self) -> bool:
        return bool(self.cleaned_data["looked"] == self.mark)

    def seen(self) -> None:
        self._put("looked", self.mark)

    def _put(self, name: str, value: str) -> None:
        again: Any = self.data.copy()  # type: ignore[attr-defined]  # a QueryDict
        again[name] = value
        self.data = again
