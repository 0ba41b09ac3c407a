"""A funding plan that is begun, its rows and columns, and a version that is put forward."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from agencies.forms import Day, HouseForm
from agencies.forms.organizations import text
from agencies.models import Agency
from funding.actions.plans import Service, Source
from funding.forms.keeping import KeptForm
from funding.models import FundingPlan, FundingSource, PlanColumn
from funding.models.plans import WORDS
from funding.services import shipped
from ips_portal.uswds import LongSelect


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


class SourceForm(KeptForm):
    field_order = ("payer", "name", "keeper", "department", "body", "comes_from", "ends_on")

    payer = forms.ChoiceField(choices=PlanColumn.Group.choices, widget=LongSelect)
    name = text(
        "Source", 80, "Which of the payer's money, such as milestone payments or 1915(i).", required=True
    )
    comes_from = forms.ModelChoiceField(
        FundingSource.objects.none(),
        label="Money comes from",
        required=False,
        empty_label="No funding source of the register",
        help_text="A funding source of the register says when the money ends.",
    )
    ends_on = Day(
        label="Last day of this money",
        required=False,
        help_text="Where it ends, such as a grant. Leave it empty where the register says it.",
    )

    def __init__(self, data: Any = None, *, payers: Any, sources: Any, **kwargs: Any) -> None:
        super().__init__(data, payers=payers, **kwargs)
        self.fields["keeper"].label = "Who fills in this column"
        self.fields["comes_from"].queryset = sources  # type: ignore[attr-defined]

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


class HandoutForm(HouseForm):
    """For which agency, where the plan holds at more than one."""

    agency = forms.ChoiceField(label="For", widget=LongSelect)

    def __init__(self, data: Any = None, *, agencies: Sequence[Agency], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.agencies = {agency.slug: agency for agency in agencies}
        if len(agencies) == 1:
            del self.fields["agency"]
            return
        names = [(agency.slug, agency.name) for agency in agencies]
        self.fields["agency"].choices = names  # type: ignore[attr-defined]  # a choice of these

    @property
    def chosen(self) -> Agency:
        slug: str = self.cleaned_data.get("agency") or next(iter(self.agencies))
        return self.agencies[slug]
