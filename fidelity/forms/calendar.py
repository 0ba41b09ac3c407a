"""The filter of the calendar, held in the address."""

from collections.abc import Sequence
from typing import Any

from django import forms

from agencies.models import Agency
from fidelity.dashboards.calendar import KINDS
from ips_portal.uswds import LongSelect


class CalendarFilter(forms.Form):
    kind = forms.ChoiceField(
        label="What", required=False, choices=[("", "Everything"), *KINDS.items()], widget=LongSelect
    )
    agency = forms.ChoiceField(required=False, widget=LongSelect)

    def __init__(self, data: Any, *, agencies: Sequence[Agency], agency_word: str) -> None:
        super().__init__(data, auto_id="filter_%s")
        field: Any = self.fields["agency"]
        field.label = agency_word[:1].upper() + agency_word[1:]
        field.choices = [("", "Any"), *((agency.slug, agency.name) for agency in agencies)]
        if len(agencies) < 2:
            del self.fields["agency"]

    @property
    def is_active(self) -> bool:
        return any(self.data.get(name) for name in self.fields)
