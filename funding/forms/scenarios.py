"""What is supposed of each payer's source."""

from collections.abc import Mapping
from typing import Any

from django import forms

from agencies.forms.filters import Filter
from ips_portal.uswds import LongSelect


class ScenarioForm(Filter):
    def __init__(
        self, data: Any, *, names: Mapping[int, str], choices: Mapping[int, list[tuple[str, str]]]
    ) -> None:
        super().__init__(data)
        for key, name in names.items():
            self.fields[f"source-{key}"] = forms.ChoiceField(
                label=name, required=False, choices=choices[key], widget=LongSelect
            )

    @property
    def supposed(self) -> dict[int, str]:
        """By the key of the column; what stays as it is today is left out."""
        data = self.cleaned_data
        return {int(name.partition("-")[2]): what for name, what in data.items() if what}
