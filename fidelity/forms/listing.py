"""The filters of the lists of reviews and of steps, held in the address; and the day of a policy."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet

from agencies.forms import Day
from agencies.forms.filters import Filter, FilterByAgency
from agencies.models import Agency, Team
from fidelity.dashboards.listing import narrowed
from fidelity.dashboards.steps import SHOWN
from fidelity.dashboards.steps import narrowed as narrowed_steps
from fidelity.models import PlanRow, Review, ReviewQuerySet
from fidelity.scales import Scale
from ips_portal.uswds import LongSelect


class ReviewFilter(FilterByAgency):
    field_order = ("q", "status", "kind", "agency", "year")

    q = forms.CharField(
        label="Team", required=False, max_length=100, widget=forms.TextInput(attrs={"type": "search"})
    )
    status = forms.ChoiceField(
        required=False, choices=[("", "Any status"), *Review.Status.choices], widget=LongSelect
    )
    kind = forms.ChoiceField(
        required=False, choices=[("", "Any kind"), *Review.Kind.choices], widget=LongSelect
    )
    year = forms.ChoiceField(label="Year", required=False, widget=LongSelect)

    def __init__(
        self, data: Any, *, agencies: Sequence[Agency], years: Sequence[int], agency_word: str
    ) -> None:
        super().__init__(data, agencies=agencies, agency_word=agency_word)
        self.offer("year", "Any year", [(str(year), str(year)) for year in years])

    def narrow(self, reviews: ReviewQuerySet) -> ReviewQuerySet:
        """A choice nobody offered finds nothing; the form says so beside its field."""
        if not self.is_valid():
            return reviews.none()
        year = self.cleaned_data["year"]
        return narrowed(reviews, self.cleaned_data | {"year": int(year) if year else None})


class CompareForm(Filter):
    """With which other report of the team."""

    other = forms.ChoiceField(label="Compare with", required=False, widget=LongSelect)

    def __init__(self, data: Any, *, options: Sequence[tuple[str, str]]) -> None:
        super().__init__(data)
        chosen: Any = self.fields["other"]
        chosen.choices = options


class StepFilter(FilterByAgency):
    field_order = ("show", "agency", "team", "item")

    show = forms.ChoiceField(
        label="Which steps", required=False, choices=[("", "All"), *SHOWN.items()], widget=LongSelect
    )
    team = forms.ChoiceField(label="Team", required=False, widget=LongSelect)
    item = forms.ChoiceField(label="Item", required=False, widget=LongSelect)

    def __init__(
        self, data: Any, *, teams: Sequence[Team], agencies: Sequence[Agency], scale: Scale, agency_word: str
    ) -> None:
        super().__init__(data, agencies=agencies, agency_word=agency_word)
        self.offer("team", "Any", [(team.slug, team.name) for team in teams])
        self.offer("item", "Any", [(item.code, f"{item.seq}. {item.name}") for item in scale.items])

    def narrow(self, rows: "QuerySet[PlanRow]", today: date) -> "QuerySet[PlanRow]":
        """A choice nobody offered finds nothing; the form says so beside its field."""
        return narrowed_steps(rows, self.cleaned_data, today) if self.is_valid() else rows.none()


class OnForm(forms.Form):
    """The day whose policy is shown."""

    on = Day(label="In force on", required=False)
