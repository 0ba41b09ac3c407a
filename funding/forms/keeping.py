"""Who keeps a column or a funding source, as a form asks it."""

from typing import Any

from django import forms

from agencies.forms import HouseForm
from agencies.models import Payer
from funding.models.keeping import KEPT_BY
from ips_portal.uswds import LongSelect

ASKED = [("", "The state's own IPS team"), *KEPT_BY]


class KeptForm(HouseForm):
    keeper = forms.ChoiceField(label="Who keeps it", required=False, choices=ASKED, widget=LongSelect)
    department = forms.CharField(
        required=False,
        max_length=80,
        help_text="As it stands at its liaison, such as Medicaid or Education.",
        widget=forms.TextInput(attrs={"data-when": "keeper: DL"}),
    )
    body = forms.ModelChoiceField(
        Payer.objects.none(),
        label="Payer's people",
        required=False,
        widget=forms.Select(attrs={"data-when": "keeper: MC"}),
    )

    def __init__(self, data: Any = None, *, payers: Any, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["body"].queryset = payers  # type: ignore[attr-defined]
