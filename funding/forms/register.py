"""A funding source of the register, and which of them a list shows."""

from dataclasses import fields
from datetime import date
from typing import Any

from django import forms

from agencies.forms import Day
from agencies.forms.filters import Filter
from agencies.forms.organizations import text
from agencies.tenancy import TenantQuerySet
from funding.actions.register import LIMITS, Entry, wrong_days
from funding.dashboards.register import WHEN, narrowed
from funding.forms.amounts import Dollars
from funding.forms.cells import version
from funding.forms.keeping import KeptForm
from funding.models import FundingSource, PlanColumn
from ips_portal.uswds import LongSelect

TOO_MUCH = "This is more than the register can hold. Check the amount."


class RegisterForm(KeptForm):
    """Who keeps it is asked of those alone who may say so."""

    field_order = [*(each.name for each in fields(Entry)), "version"]

    name = text("Name", LIMITS["name"], "As people of every department know it.", required=True)
    kind = forms.ChoiceField(
        label="Kind of money", choices=[("", "Choose"), *FundingSource.Kind.choices], widget=LongSelect
    )
    payer = forms.ChoiceField(
        choices=[("", "Choose"), *PlanColumn.Group.choices],
        widget=LongSelect,
        help_text="Under which payer of a funding plan it stands.",
    )
    given_by = text("Who gives it", LIMITS["given_by"], "The office, foundation, county or legislature.")
    starts_on = Day(label="First day", required=False)
    ends_on = Day(
        label="Last day",
        required=False,
        help_text="Where it ends. Its keeper is told a year, three months and one month before.",
    )
    amount = Dollars(
        label="Amount in all, in dollars",
        required=False,
        error_messages=dict.fromkeys(("max_digits", "max_whole_digits"), TOO_MUCH),
        help_text="From the first day to the last, such as 1,250,000. Leave it empty where it is not known.",
    )
    purpose = forms.CharField(
        label="What it may pay for",
        required=False,
        max_length=LIMITS["purpose"],
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    contact_name = text("Person or office to ask", LIMITS["contact_name"], "With whoever gives the money.")
    contact_email = forms.EmailField(label="Their e-mail", required=False, max_length=LIMITS["contact_email"])
    contact_phone = text("Their phone", LIMITS["contact_phone"])
    citation = text("Award number or citation", LIMITS["citation"])
    evidence_url = forms.URLField(
        label="Where it is written",
        required=False,
        max_length=LIMITS["evidence_url"],
        assume_scheme="https",
        help_text="The address of the award, the law or the contract.",
    )
    version = version(1)

    def __init__(
        self, data: Any = None, *, payers: Any, gives_away: bool, is_new: bool, **kwargs: Any
    ) -> None:
        super().__init__(data, payers=payers, **kwargs)
        if is_new:
            del self.fields["version"]
        if not gives_away:
            for name in ("keeper", "department", "body"):
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        """The days are looked at even where another field must be mended first."""
        cleaned = super().clean()
        if words := wrong_days(cleaned.get("starts_on"), cleaned.get("ends_on")):
            self.add_error("ends_on", words)
        return cleaned

    def entry(self, source: FundingSource | None = None) -> Entry:
        """What was not asked stays as it is in the source."""
        kept = stored(source) if source else {}
        return Entry(**kept | {name: said for name, said in self.cleaned_data.items() if name != "version"})


def stored(source: FundingSource) -> dict[str, Any]:
    return {each.name: getattr(source, each.name) for each in fields(Entry)}


class RegisterFilter(Filter):
    q = forms.CharField(
        label="Search", required=False, max_length=160, widget=forms.TextInput(attrs={"type": "search"})
    )
    kind = forms.ChoiceField(
        label="Kind", required=False, choices=[("", "Any"), *FundingSource.Kind.choices], widget=LongSelect
    )
    payer = forms.ChoiceField(
        required=False, choices=[("", "Any"), *PlanColumn.Group.choices], widget=LongSelect
    )
    when = forms.ChoiceField(label="Show", required=False, choices=[*WHEN.items()], widget=LongSelect)

    @property
    def said(self) -> str:
        """What is chosen, in words."""
        labels = {name: dict(getattr(field, "choices", ())) for name, field in self.fields.items()}
        chosen = {
            name: value
            for name, value in getattr(self, "cleaned_data", {}).items()
            if value or name == "when"
        }
        return "; ".join(
            f"{self[name].label}: {labels[name].get(value, value)}" for name, value in chosen.items()
        )

    def narrow(self, rows: TenantQuerySet, today: date) -> TenantQuerySet:
        """A choice nobody offered finds nothing; the form says so beside its field."""
        return narrowed(rows, today, **self.cleaned_data) if self.is_valid() else rows.none()
