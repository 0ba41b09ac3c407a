"""Recording a signed agreement, and an agency's answer to it."""

from django import forms

from agencies.forms import Day, HouseForm
from agencies.forms.organizations import text
from outcomes.models import AgreementAnswer


class AgreementForm(HouseForm):
    title = text("What it is called", 160, "As it stands on the paper.", required=True)
    signed_on = Day(label="Signed on (month/day/year)")
    starts_on = Day(
        label="First day (month/day/year)",
        help_text="It holds from the first quarter that has not opened yet; earlier quarters stay as they were told.",
    )
    ends_on = Day(
        label="Last day (month/day/year)", help_text="After it nothing is shown in full any more, by itself."
    )
    paper = forms.FileField(
        label="The signed agreement",
        allow_empty_file=True,  # the action says what an empty one lacks
        help_text="A PDF, at most 5 MB. Everybody who is asked can read it.",
        widget=forms.FileInput(attrs={"accept": "application/pdf"}),
        error_messages={"required": "Choose the signed agreement as a PDF."},
    )


class AnswerForm(HouseForm):
    """The page says what the button means; the answer comes with it, and with what the page was about."""

    answer = forms.ChoiceField(choices=[("yes", "Yes"), ("no", "No")], widget=forms.HiddenInput)
    agreement = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**63 - 1)
    seen = forms.ChoiceField(choices=AgreementAnswer.Status.choices, widget=forms.HiddenInput)
