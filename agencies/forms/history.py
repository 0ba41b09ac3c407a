"""Filters of the audit log."""

from typing import Any

from django import forms

from agencies.forms import Day
from agencies.models import Person


class LogFilter(forms.Form):
    person = forms.ModelChoiceField(Person.objects.none(), required=False)
    kind = forms.ChoiceField(required=False)
    first = Day(label="From (month/day/year)", required=False)
    last = Day(label="To (month/day/year)", required=False)

    def __init__(self, *args: Any, people: Any, tables: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"] = forms.ModelChoiceField(
            people, label="Who", required=False, empty_label="Everybody"
        )
        kinds = [(table, noun.capitalize()) for table, noun in tables.items()]
        self.fields["kind"] = forms.ChoiceField(
            label="What", required=False, choices=[("", "Everything"), *kinds]
        )
