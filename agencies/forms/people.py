"""Forms of people: invite, change a seat, join. The roles on offer are those the actor may give."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.core.exceptions import ValidationError

from agencies.actions.seats import DEPARTMENT_ROLES, TEAM_ROLES, Seat
from agencies.dashboards import home_agency, places_for
from agencies.forms import HouseForm, SeenForm
from agencies.forms.organizations import reason, text
from agencies.models import Agency, Membership, Payer, Person, Team
from agencies.permissions import AGENCY_ROLES, Actor, Role, grantable
from agencies.seen import mark
from agencies.tenancy import TenantQuerySet
from ips_portal.uswds import Choice

ROLE_WORDS = {
    Role.STATE_ADMIN: "Keeps the state's settings, agencies, teams and people; issues and reopens reviews.",
    Role.STATE_TRAINER: "Schedules and rates reviews, writes reports, helps every team of the state.",
    Role.VR_LIAISON: "Sees reviews and plans of the whole state for Vocational Rehabilitation.",
    Role.MH_LIAISON: "Sees reviews and plans of the whole state for the mental health authority.",
    Role.DEPARTMENT_LIAISON: "Sees reviews and plans of the whole state for another department.",
    Role.PAYER: "Sees and approves for the agencies it has contracts with.",
    Role.AGENCY_LEADER: "Directs an agency: its teams, its people, its reports and action plans.",
    Role.SUPERVISOR: "Leads one team or several: self-reviews, action plan, invites specialists.",
    Role.SPECIALIST: "Works on a team; reads its reviews and plan.",
    Role.STAKEHOLDER: "Committee member: names and published summaries only.",
    Role.REVIEWER: "Peer, family member or counselor who rates the reviews they are assigned to, and nothing else.",
}

# Which roles a part of the seat is for; `agencies.actions.seats` refuses it with any other.
NEEDED_BY: dict[str, tuple[Role, ...]] = {
    "agency": AGENCY_ROLES,
    "teams": TEAM_ROLES,
    "payer": (Role.PAYER,),
    "department": DEPARTMENT_ROLES,
}


class PeopleFilter(forms.Form):
    q = forms.CharField(label="Name or e-mail", required=False, max_length=160)
    role = forms.ChoiceField(required=False)
    agency = forms.ModelChoiceField(Agency.objects.none(), required=False)
    current = forms.ChoiceField(required=False)

    def __init__(self, *args: Any, agencies: TenantQuerySet, noun: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        roles = [("", "All roles"), *((role.value, role.label) for role in Role)]
        self.fields["role"] = forms.ChoiceField(label="Role", required=False, choices=roles)
        self.fields["agency"] = forms.ModelChoiceField(
            agencies, label=noun.capitalize(), required=False, empty_label="All", to_field_name="slug"
        )
        self.fields["current"] = forms.ChoiceField(
            label="Show",
            required=False,
            choices=[("now", "Here now"), ("left", "Have left"), ("all", "Everybody")],
        )


class TeamOptions(forms.CheckboxSelectMultiple):
    """Each team says whose it is, so that the page can offer those of the chosen agency alone (choices.js)."""

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        if team := getattr(value, "instance", None):
            option["attrs"]["data-within"] = f"agency: {' '.join(map(str, sorted(team.agency_ids)))}"
        return option


class TeamsField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # cannot be subscripted at run time
    def label_from_instance(self, obj: Any) -> str:
        return Choice(obj.name, obj.agency.name)


class SeatForm(HouseForm):
    """Role and place. What the actor never has to choose is not asked."""

    role = forms.ChoiceField(label="Role", widget=forms.RadioSelect)
    agency = forms.ModelChoiceField(Agency.objects.none(), required=False, empty_label="None")
    teams = TeamsField(
        Team.objects.none(),
        label="Teams",
        required=False,
        help_text="For IPS supervisors and specialists.",
        widget=TeamOptions,
    )
    payer = forms.ModelChoiceField(
        Payer.objects.none(),
        required=False,
        empty_label="None",
        help_text="For people of a payer or approver.",
    )
    department = text("Department", 80, "For liaisons, such as Medicaid, County, Education or Workforce.")

    def __init__(self, *args: Any, actor: Actor, noun: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor
        roles = grantable(actor)
        choices = [(role.value, Choice(role.label, ROLE_WORDS.get(role, ""))) for role in roles]
        self.fields["role"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField
        if len(choices) == 1:
            self.fields["role"].initial = choices[0][0]
        places = places_for(actor)
        self._offer("agency", places.agencies, f"For {noun} leaders, IPS supervisors and IPS specialists.")
        self._offer("teams", places.teams)
        self._offer("payer", places.payers)
        self.fields["agency"].label = noun.capitalize()
        self._leave_out(set(roles))
        for name, needing in NEEDED_BY.items():
            if name in self.fields:
                self.fields[name].widget.attrs["data-when"] = f"role: {' '.join(needing)}"

    def _offer(self, name: str, records: TenantQuerySet, hint: str = "") -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  # for the type checker
        field.queryset = records
        field.help_text = hint or field.help_text

    def _leave_out(self, roles: set[Role]) -> None:
        if self.actor.agency_ids or not roles & set(AGENCY_ROLES):
            del self.fields["agency"]
        if not roles & set(TEAM_ROLES):
            del self.fields["teams"]
        if Role.PAYER not in roles:
            del self.fields["payer"]
        if not roles & set(DEPARTMENT_ROLES):
            del self.fields["department"]

    @property
    def seat(self) -> Seat:
        """An actor who belongs to one agency gives seats there."""
        data = self.cleaned_data
        role = Role(data["role"])
        agency = home_agency(self.actor, role) or data.get("agency")
        return Seat(
            role, agency, tuple(data.get("teams") or ()), data.get("payer"), data.get("department", "")
        )


class InviteForm(SeatForm):
    name = text("Name", 120, "As colleagues write it.", required=True)
    email = forms.EmailField(
        label="E-mail", max_length=254, help_text="The invitation works for this address only."
    )
    field_order = ("name", "email", "role", "agency", "teams", "payer", "department")


class ChangeSeatForm(SeenForm, SeatForm):
    reason = reason(required=True)

    @classmethod
    def start(cls, membership: Membership) -> dict[str, Any]:
        return {
            "seen_as": mark(membership),
            "role": membership.role,
            "agency": membership.agency_id,
            "payer": membership.payer_id,
            "department": membership.department,
            "teams": [link.team_id for link in membership.teams.all()],
        }


class NameForm(HouseForm):
    name = text(
        "Your name", 120, "As colleagues see it on reviews and plans.", required=True, autocomplete="name"
    )


class JoinForm(NameForm):
    """A new account: the name, and a password that holds."""

    password = forms.CharField(
        label="Password",
        strip=False,
        max_length=128,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email
        self.fields["password"].help_text = " ".join(password_validators_help_texts())

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if password := cleaned.get("password"):
            try:
                validate_password(password, Person(email=self.email, name=cleaned.get("name", "")))
            except ValidationError as error:
                self.add_error("password", error)
        return cleaned
