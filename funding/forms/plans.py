"""A funding plan that is begun, its rows and columns, and a version that is put forward."""

from collections.abc import Mapping
from typing import Any

from django import forms

from agencies.forms import Day, HouseForm
from agencies.forms.organizations import text
from agencies.models import Agency, Payer
from funding.actions.plans import Service, Source
from funding.models import FundingPlan, PlanColumn
from funding.models.keeping import KEEPERS
from funding.models.plans import WORDS
from funding.services import shipped
from ips_portal.uswds import LongSelect

KEPT_BY = [("", "The state's own IPS team"), *((role.value, role.label) for role in KEEPERS)]


class PlanForm(HouseForm):
    """Where a plan is for: the whole state unless a region or an agency is chosen."""

    region = text("Region", 80, "Only where a region is paid differently from the rest of the state.")
    agency = forms.ModelChoiceField(Agency.objects.none(), required=False, empty_label="None")
    like = forms.ModelChoiceField(
        FundingPlan.objects.none(),
        label="Begin with",
        required=False,
        empty_label="The usual services, without payers",
        help_text="A copy takes over services, payers and what each cell says now.",
    )

    def __init__(
        self, data: Any = None, *, agencies: Any, plans: Any, own: bool, noun: str, **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        agency, like = self.fields["agency"], self.fields["like"]
        agency.queryset, like.queryset = agencies, plans  # type: ignore[attr-defined]  # choices of models
        agency.label = noun.capitalize()
        if own:  # of an agency that may begin its own only
            del self.fields["region"]
            agency.required, agency.empty_label = True, None  # type: ignore[attr-defined]
        else:
            agency.help_text = f"Only where this {noun} is paid differently."


class ServiceForm(HouseForm):
    phase = forms.ChoiceField(
        choices=[(phase.key, phase.name) for phase in shipped().phases], widget=LongSelect
    )
    name = text("Service", 160, "As people of every department understand it.", required=True)
    without_person = forms.BooleanField(label="Done without the person", required=False)
    starts_up = forms.BooleanField(
        label="Pays for the start of a program",
        required=False,
        help_text="A new program bills less at first.",
    )

    @property
    def service(self) -> Service:
        return Service(**{name: self.cleaned_data[name] for name in ServiceForm.base_fields})


class SourceForm(HouseForm):
    payer = forms.ChoiceField(choices=PlanColumn.Group.choices, widget=LongSelect)
    name = text(
        "Source", 80, "Which of the payer's money, such as milestone payments or 1915(i).", required=True
    )
    keeper = forms.ChoiceField(
        label="Who fills in this column", required=False, choices=KEPT_BY, widget=LongSelect
    )
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
    ends_on = Day(label="Last day of this money", required=False, help_text="Where it ends, such as a grant.")

    def __init__(self, data: Any = None, *, payers: Any, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["body"].queryset = payers  # type: ignore[attr-defined]

    @property
    def source(self) -> Source:
        return Source(**{name: self.cleaned_data[name] for name in SourceForm.base_fields})


class VersionForm(HouseForm):
    parties = forms.MultipleChoiceField(
        label="Departments that must sign",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one department that must sign."},
    )
    note = forms.CharField(
        label="What is new",
        required=False,
        max_length=WORDS,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="For those who sign.",
    )
    after = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)

    def __init__(self, data: Any = None, *, parties: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.offered = parties
        self.fields["parties"].choices = [*parties.items()]  # type: ignore[attr-defined]

    @property
    def chosen(self) -> dict[str, str]:
        return {desk: self.offered[desk] for desk in self.cleaned_data["parties"]}
