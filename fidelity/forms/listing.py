"""The filters of the list of reviews, held in the address; and the day of a policy."""

from collections.abc import Sequence
from typing import Any

from django import forms

from agencies.forms import Day
from agencies.models import Agency
from fidelity.dashboards.listing import narrowed
from fidelity.models import Review, ReviewQuerySet
from ips_portal.uswds import LongSelect


class ReviewFilter(forms.Form):
    q = forms.CharField(
        label="Team", required=False, max_length=100, widget=forms.TextInput(attrs={"type": "search"})
    )
    status = forms.ChoiceField(
        required=False, choices=[("", "Any status"), *Review.Status.choices], widget=LongSelect
    )
    kind = forms.ChoiceField(
        required=False, choices=[("", "Any kind"), *Review.Kind.choices], widget=LongSelect
    )
    agency = forms.ChoiceField(required=False)
    year = forms.ChoiceField(required=False)

    def __init__(
        self, data: Any, *, agencies: Sequence[Agency], years: Sequence[int], agency_word: str
    ) -> None:
        super().__init__(data, auto_id="filter_%s")
        known = [(agency.slug, agency.name) for agency in agencies]
        self.fields["agency"] = forms.ChoiceField(
            label=agency_word[:1].upper() + agency_word[1:],
            required=False,
            choices=[("", "Any"), *known],
            widget=LongSelect,
        )
        self.fields["year"] = forms.ChoiceField(
            label="Year",
            required=False,
            choices=[("", "Any year"), *((str(year), str(year)) for year in years)],
            widget=LongSelect,
        )
        if len(known) < 2:
            del self.fields["agency"]

    @property
    def is_active(self) -> bool:
        return any(self.data.get(name) for name in self.fields)

    def narrow(self, reviews: ReviewQuerySet) -> ReviewQuerySet:
        """A choice nobody offered finds nothing; the form says so beside its field."""
        if not self.is_valid():
            return reviews.none()
        year = self.cleaned_data["year"]
        return narrowed(reviews, self.cleaned_data | {"year": int(year) if year else None})


class OnForm(forms.Form):
    """The day whose policy is shown."""

    on = Day(label="In force on", required=False)
