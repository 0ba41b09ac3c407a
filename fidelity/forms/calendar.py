"""The filter of the calendar, held in the address."""

from django import forms

from fidelity.dashboards.calendar import KINDS
from fidelity.forms.filters import AgencyFilter
from ips_portal.uswds import LongSelect


class CalendarFilter(AgencyFilter):
    field_order = ("kind", "agency")

    kind = forms.ChoiceField(
        label="What", required=False, choices=[("", "Everything"), *KINDS.items()], widget=LongSelect
    )
