"""Accepting, returning and reopening as forms."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from agencies.forms import HouseForm
from agencies.forms.files import OnceForm
from fidelity.forms.texts import TextField
from ips_portal.quarters import NotAQuarter, Quarter
from outcomes.actions.deciding import WHOLE
from outcomes.measures import Measure
from outcomes.models import NOTE_LIMIT


class DecideForm(HouseForm):
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)


class QuarterForm(HouseForm):
    quarter = forms.CharField(widget=forms.HiddenInput, max_length=20)

    def clean_quarter(self) -> Quarter:
        try:
            return Quarter.parse(self.cleaned_data["quarter"])
        except NotAQuarter as problem:
            raise ValidationError(str(problem)) from None


class SubmitForm(OnceForm, DecideForm):
    """The figures as they were read."""


class ReturnForm(DecideForm):
    """A comment at each figure the team should look at, or on the report as a whole.

    `said` is what stands at a figure now, by measure.
    """

    def __init__(
        self, data: Any = None, *, measures: Iterable[Measure], said: Mapping[str, str], **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        self.fields["whole"] = TextField(label="About the report as a whole", rows=3)
        for measure in measures:
            self.fields[f"at-{measure.key}"] = TextField(
                label=measure.label, help_text=said.get(measure.key, ""), rows=2
            )

    @property
    def cells(self) -> dict[str, str]:
        found = {
            name.removeprefix("at-"): text
            for name, text in self.cleaned_data.items()
            if name.startswith("at-") and text
        }
        return found | ({WHOLE: self.cleaned_data["whole"]} if self.cleaned_data["whole"] else {})


class ReasonForm(HouseForm):
    reason = forms.CharField(
        label="Reason", max_length=NOTE_LIMIT, widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"})
    )


class IdleForm(OnceForm):
    reason = forms.CharField(
        label="Why the team did not operate",
        max_length=NOTE_LIMIT,
        help_text="Such as: the only specialist left in July and the position is open. No names of people served.",
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
    )
    field_order = ("reason", "key")
