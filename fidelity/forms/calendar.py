"""The filter of the calendar, held in the address."""

from django import forms

from agencies.forms.filters import FilterByAgency
from fidelity.dashboards.calendar import KINDS
from ips_portal.uswds import LongSelect


class CalendarFilter(FilterByAgency):
    field_order = ("kind", "agency")

    kind = forms.ChoiceField(
        label="What", required=False, choices=[("", "Everything"), *KINDS.items()], widget=LongSelect
    )
