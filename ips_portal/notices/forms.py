"""What a person is asked about notices: how often they want what can wait."""

from django import forms

from agencies.forms import HouseForm
from ips_portal.notices.pacing import Chosen
from ips_portal.uswds import Choice


class PreferenceForm(HouseForm):
    pace = forms.ChoiceField(
        label="What can wait comes",
        widget=forms.RadioSelect,
        choices=[(each.value, Choice(each.label, each.meaning)) for each in Chosen],
    )
