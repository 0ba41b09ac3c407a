"""Forms of agencies, teams and payers. Choices come from what the actor may see, so a foreign id is no choice."""

from collections.abc import Mapping
from typing import Any

from django import forms

from agencies.actions.organizations import AgencyContact, AgencyProfile, TeamProfile
from agencies.forms import Day, HouseForm, SeenForm
from agencies.models import Agency, Population, Team
from agencies.seen import mark
from agencies.tenancy import TenantQuerySet
from ips_portal.uswds import NARROW, WIDE, Choice

OPEN_CHOICES = [("open", "Open"), ("closed", "Closed"), ("all", "Open and closed")]
STAGES = [
    (Team.Stage.PREPARING, Choice("Preparing", "Readiness and planning; no one is served yet.")),
    (Team.Stage.IMPLEMENTING, Choice("Implementing", "Serves people and builds up fidelity.")),
    (Team.Stage.SUSTAINING, Choice("Sustaining", "Has reached good fidelity and keeps it.")),
]
REASON_LIMIT = 1000


def text(
    label: str, limit: int, hint: str = "", *, required: bool = False, css: str = "", autocomplete: str = ""
) -> forms.CharField:
    attrs = {name: value for name, value in (("class", css), ("autocomplete", autocomplete)) if value}
    return forms.CharField(
        label=label, max_length=limit, required=required, help_text=hint, widget=forms.TextInput(attrs=attrs)
    )


def reason(*, required: bool) -> forms.CharField:
    return forms.CharField(
        label="Reason",
        required=required,
        max_length=REASON_LIMIT,
        help_text="One sentence. It is kept in the history. No client names.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class AgencyFilter(forms.Form):
    q = forms.CharField(label="Name", required=False, max_length=160)
    region = forms.ChoiceField(label="Region", required=False)
    open = forms.ChoiceField(label="Show", required=False, choices=OPEN_CHOICES)

    def __init__(self, *args: Any, regions: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "All regions"), *((region, region) for region in regions)]
        self.fields["region"] = forms.ChoiceField(label="Region", required=False, choices=choices)


class AgencyForm(HouseForm):
    """`contact_only` leaves the public fields, which is what a name-only right changes."""

    name = text("Name", 160, required=True, css=WIDE)
    code = text("The state's own code", 40, "If the state numbers its providers.", css=NARROW)
    city = text("City", 80)
    region = text("Region", 80, "As the state divides itself, such as a planning region.")
    started_on = Day(label="First day in the program", required=False)
    contact_name = text("Contact person", 120)
    contact_email = forms.EmailField(label="Contact's e-mail", required=False)
    contact_phone = text("Contact's phone", 40)
    website = forms.URLField(label="Website", required=False, assume_scheme="https")

    def __init__(self, *args: Any, contact_only: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.contact_only = contact_only
        if contact_only:
            for name in AgencyProfile.__dataclass_fields__:
                del self.fields[name]

    @property
    def profile(self) -> AgencyProfile | None:
        return None if self.contact_only else self.whole_profile

    @property
    def whole_profile(self) -> AgencyProfile:
        return AgencyProfile(**_only(self, AgencyProfile))

    @property
    def contact(self) -> AgencyContact:
        return AgencyContact(**_only(self, AgencyContact))


class TeamFilter(forms.Form):
    q = forms.CharField(label="Name", required=False, max_length=160)
    agency = forms.ModelChoiceField(
        Agency.objects.none(), required=False, empty_label="All", to_field_name="slug"
    )
    stage = forms.ChoiceField(
        label="Stage", required=False, choices=[("", "All stages"), *Team.Stage.choices]
    )
    population = forms.ModelChoiceField(
        Population.objects.none(), required=False, empty_label="All populations"
    )
    open = forms.ChoiceField(label="Show", required=False, choices=OPEN_CHOICES)

    def __init__(
        self,
        *args: Any,
        agencies: TenantQuerySet,
        populations: TenantQuerySet,
        noun: str,
        names_only: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agency"] = forms.ModelChoiceField(
            agencies, label=noun.capitalize(), required=False, empty_label="All", to_field_name="slug"
        )
        self.fields["population"] = forms.ModelChoiceField(
            populations, label="Population", required=False, empty_label="All populations"
        )
        if names_only:
            del self.fields["stage"], self.fields["population"]


class AgencyEditForm(SeenForm, AgencyForm):
    @classmethod
    def start(cls, agency: Agency) -> dict[str, Any]:
        names = [*AgencyProfile.__dataclass_fields__, *AgencyContact.__dataclass_fields__]
        return {"seen_as": mark(agency), **{name: getattr(agency, name) for name in names}}


class TeamForm(HouseForm):
    """Lead and partner agencies are asked only of those who may move teams between agencies."""

    name = text("Name of the team", 160, required=True, css=WIDE)
    agency = forms.ModelChoiceField(Agency.objects.none(), label="Lead", empty_label="Choose")
    partners = forms.ModelMultipleChoiceField(
        Agency.objects.none(),
        label="Partners",
        required=False,
        help_text="Those who run this team together with the lead. Their leaders see its reviews and plans.",
        widget=forms.CheckboxSelectMultiple,
    )
    stage = forms.ChoiceField(label="Stage", choices=STAGES, widget=forms.RadioSelect)
    implementation_started_on = Day(
        label="Start of implementation",
        required=False,
        help_text="The first day with an IPS specialist at work. Month/day/year, such as 2/3/2026",
    )
    populations = forms.ModelMultipleChoiceField(
        Population.objects.none(),
        label="Populations served",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(
        self,
        *args: Any,
        agencies: TenantQuerySet,
        populations: TenantQuerySet,
        words: Mapping[str, str],
        chooses_agency: bool,
        chooses_partners: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        for name in ("agency", "partners"):
            field = self.fields[name]
            if isinstance(field, forms.ModelChoiceField):
                field.queryset = agencies
        populated = self.fields["populations"]
        if isinstance(populated, forms.ModelChoiceField):
            populated.queryset = populations
        self.fields["agency"].label = f"Lead {words['agency']}"
        self.fields["partners"].label = f"Partner {words['agencies']}"
        if not chooses_agency:
            del self.fields["agency"]
        if not chooses_partners:
            del self.fields["partners"]

    @property
    def profile(self) -> TeamProfile:
        return TeamProfile(**_only(self, TeamProfile))


class TeamEditForm(SeenForm, TeamForm):
    pass


class CloseForm(HouseForm):
    on = Day(
        label="Closed from", help_text="The first day on which it is closed. Month/day/year, such as 2/3/2026"
    )
    with_teams = forms.BooleanField(label="Close its open teams on the same day", required=False)
    reason = reason(required=False)

    def __init__(self, *args: Any, open_teams: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not open_teams:
            del self.fields["with_teams"]


class ReasonForm(HouseForm):
    reason = reason(required=True)


class PayerForm(HouseForm):
    name = text("Name of the payer", 160, required=True, css=WIDE)
    kind = text("Kind", 80, "Such as managed care organization, or county.")


class ContractForm(HouseForm):
    agency = forms.ModelChoiceField(Agency.objects.none(), empty_label="Choose")
    starts_on = Day(label="First day")
    ends_on = Day(label="Last day", required=False)

    def __init__(self, *args: Any, agencies: TenantQuerySet, noun: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["agency"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset, field.label = agencies, noun.capitalize()


class EndContractForm(HouseForm):
    on = Day(label="Last day")
    reason = reason(required=False)


def _only(form: forms.Form, kind: type) -> dict[str, Any]:
    """The cleaned values of one part of the form."""
    return {name: form.cleaned_data[name] for name in kind.__dataclass_fields__}  # type: ignore[attr-defined]  # a dataclass
