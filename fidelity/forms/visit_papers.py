"""Which paper of a visit is asked for."""

from django import forms

from agencies.forms import HouseForm
from fidelity.visit_papers import LABELS


class PaperForm(HouseForm):
    kind = forms.ChoiceField(choices=LABELS.items(), error_messages={"required": "Choose a paper."})
