"""Which scale the template is for."""

from typing import Any

from django import forms


class TemplateForm(forms.Form):
    """An address with a scale in it that is none is not found."""

    scale = forms.ChoiceField(required=False)

    def __init__(self, data: Any, *, keys: list[str]) -> None:
        super().__init__(data)
        self.fields["scale"].choices = [(key, key) for key in keys]  # type: ignore[attr-defined]
