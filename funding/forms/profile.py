"""How money for IPS works in a state."""

from typing import Any

from django import forms

from agencies.forms import Day, HouseForm
from funding.coverage import Limits
from funding.policy import NUMBERS, TEXTS, VR_MODELS, VR_PAYMENTS, Profile
from ips_portal.uswds import LongSelect

LONG = 1000


def long_text(label: str, hint: str = "") -> forms.CharField:
    return forms.CharField(
        label=label, required=False, max_length=LONG, help_text=hint, widget=forms.Textarea(attrs={"rows": 2})
    )


class ProfileForm(HouseForm):
    vr_model = forms.ChoiceField(
        label="Vocational Rehabilitation", required=False, choices=VR_MODELS, widget=LongSelect
    )
    vr_payment = forms.ChoiceField(
        label="How it pays", required=False, choices=VR_PAYMENTS, widget=LongSelect
    )
    obligations = forms.CharField(
        label="What every program must offer",
        required=False,
        max_length=4 * LONG,
        help_text="One sentence a line, such as: Each program offers IPS all the time, whoever pays for it.",
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    effective_from = Day(label="From")
    source = forms.CharField(
        label="Where it is written", required=False, max_length=300, help_text="A manual, a letter, a rule."
    )

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        for name, label in TEXTS.items():
            self.fields[name] = long_text(label)
        for name, label in NUMBERS.items():
            self.fields[name] = forms.IntegerField(label=label, min_value=1, max_value=3660)
        self.order_fields(
            ["vr_model", "vr_payment", *TEXTS, "obligations", *NUMBERS, "effective_from", "source"]
        )

    @property
    def stated(self) -> Profile:
        data = self.cleaned_data
        lines = (line.strip() for line in data["obligations"].splitlines())
        return Profile(
            **{name: data[name] for name in ("vr_model", "vr_payment", *TEXTS)},
            obligations=tuple(line for line in lines if line),
            limits=Limits(**{name: data[name] for name in NUMBERS}),
        )


def stored(stated: Profile) -> dict[str, Any]:
    """What the form shows."""
    words = {name: getattr(stated, name) for name in ("vr_model", "vr_payment", *TEXTS)}
    numbers = {name: getattr(stated.limits, name) for name in NUMBERS}
    return words | numbers | {"obligations": "\n".join(stated.obligations)}
