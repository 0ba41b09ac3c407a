"""What is asked to schedule a review, move it, change who reviews, cancel it or open it again."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django import forms

from agencies.forms import Day, HouseForm
from agencies.models import Membership, Team
from fidelity.forms.texts import TextField
from fidelity.models import Review
from ips_portal.uswds import TILE, Choice

KIND_WORDS = {
    Review.Kind.EXTERNAL: "Trained people from outside the {agency} review the team. The total counts.",
    Review.Kind.GUIDED_SELF: "The team rates itself, with a trained person from outside helping.",
    Review.Kind.SELF: "The team rates itself, to prepare or to see where it stands.",
}


class SubjectForm(forms.Form):
    """The first step: which team, and which kind of review. Sent by GET, so the choice stands in the address."""

    team = forms.ChoiceField(label="Team")
    kind = forms.ChoiceField(label="Kind of review", widget=forms.RadioSelect(attrs={"class": TILE}))

    def __init__(
        self, *args: Any, teams: Sequence[Team], kinds: Sequence[str], agency_word: str, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "Choose a team"), *((team.slug, f"{team} ({team.agency})") for team in teams)]
        self.fields["team"] = forms.ChoiceField(label="Team", choices=choices)
        self.fields["kind"] = forms.ChoiceField(
            label="Kind of review",
            widget=forms.RadioSelect(attrs={"class": TILE}),
            choices=[
                (
                    kind,
                    Choice(Review.Kind(kind).label, KIND_WORDS[Review.Kind(kind)].format(agency=agency_word)),
                )
                for kind in kinds
            ],
        )


class DatesForm(HouseForm):
    starts_on = Day(label="First day")
    ends_on = Day(
        label="Last day",
        required=False,
        help_text="Month/day/year. Leave it empty for a visit of two days.",
    )
    mode = forms.ChoiceField(label="Where", widget=forms.RadioSelect, choices=Review.Mode.choices)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("starts_on") and not cleaned.get("ends_on") and "ends_on" not in self.errors:
            cleaned["ends_on"] = cleaned["starts_on"] + timedelta(days=1)
        return cleaned


class ReviewersForm(HouseForm):
    lead = forms.ChoiceField(label="Lead reviewer", help_text="Rates the items, too, and writes the report.")
    others = forms.MultipleChoiceField(
        label="Other reviewers", required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(
        self, *args: Any, able: Sequence[Membership], lead_stays: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.able = {str(membership.pk): membership for membership in able}
        choices = [(key, named(membership)) for key, membership in self.able.items()]
        self.fields["lead"] = forms.ChoiceField(
            label="Lead reviewer",
            help_text="Rates the items, too, and writes the report.",
            choices=[("", "Choose a person"), *choices],
        )
        self.fields["others"] = forms.MultipleChoiceField(
            label="Other reviewers",
            help_text="Each rates every item, unseen by the others until all have finished. Then they agree.",
            required=False,
            widget=forms.CheckboxSelectMultiple,
            choices=choices,
        )
        if not choices:
            self.fields["others"].widget = forms.MultipleHiddenInput()
        if lead_stays:
            del self.fields["lead"]

    @property
    def lead_membership(self) -> Membership:
        return self.able[self.cleaned_data["lead"]]

    @property
    def new_lead(self) -> Membership | None:
        """None where the lead stays."""
        return self.lead_membership if "lead" in self.fields else None

    @property
    def other_memberships(self) -> list[Membership]:
        """The lead ticked once more is no second reviewer."""
        chosen = [key for key in self.cleaned_data["others"] if key != self.cleaned_data.get("lead")]
        return [self.able[key] for key in chosen]


class ScheduleForm(DatesForm, ReviewersForm):
    """The second step: dates, place and people."""

    field_order = ("starts_on", "ends_on", "mode", "lead", "others")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(self.field_order)


class ReasonForm(HouseForm):
    reason = TextField(label="Reason", required=True, rows=3)


def named(membership: Membership) -> str:
    where = membership.agency or membership.department
    return f"{membership.person}, {membership.role_label}{f', {where}' if where else ''}"
