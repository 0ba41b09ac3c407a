"""What is asked to make an API token."""

from datetime import date, timedelta
from typing import Any

from django import forms

from agencies.actions.tokens import MOST_DAYS, USUAL_DAYS
from agencies.forms import Day, HouseForm
from agencies.forms.organizations import text
from agencies.models import ApiToken
from ips_portal.uswds import Choice

SCOPES = [
    (ApiToken.Scope.READ, Choice("Read only", "The program sees what you see, and changes nothing.")),
    (ApiToken.Scope.WRITE, Choice("Read and write", "The program may also do what you may do.")),
]


class TokenForm(HouseForm):
    name = text(
        "Name", 80, "What the token is for, such as “Nightly export to the data office”.", required=True
    )
    scope = forms.ChoiceField(
        label="The program may", widget=forms.RadioSelect, choices=SCOPES, initial=ApiToken.Scope.READ
    )
    expires_on = Day(
        label="Stops working on", help_text=f"Month/day/year, at most {MOST_DAYS} days from today."
    )

    @classmethod
    def start(cls, today: date) -> dict[str, Any]:
        return {"scope": ApiToken.Scope.READ, "expires_on": today + timedelta(days=USUAL_DAYS)}
