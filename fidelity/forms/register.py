"""A training or a shadowed review, put on record."""

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from django import forms

from agencies.forms import Day, HouseForm
from fidelity.actions.registering import LONGEST
from fidelity.models import ReviewerTraining
from fidelity.register import RegisterLine


class TrainingForm(HouseForm):
    person = forms.ChoiceField(label="Who")
    kind = forms.ChoiceField(label="What", choices=ReviewerTraining.Kind.choices, widget=forms.RadioSelect)
    held_on = Day(label="When", help_text="Month/day/year, the last day.")
    words = forms.CharField(
        label="Which",
        max_length=LONGEST,
        help_text="Such as the name of the course, or the team that was reviewed.",
    )
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

    def __init__(self, *args: Any, lines: Sequence[RegisterLine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = [("", "Choose a person"), *((str(each.person.pk), each.person.name) for each in lines)]
        self.fields["person"].choices = people  # type: ignore[attr-defined]  # a ChoiceField


class TakeOffForm(HouseForm):
    take_off = forms.IntegerField(min_value=1, max_value=2**63 - 1)
