"""The filters of the list of standings, held in the address; and a decision about one team."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4

from django import forms

from agencies.forms import Day, HouseForm
from agencies.forms.filters import FilterByAgency
from agencies.models import Agency
from fidelity.dashboards.standing import WHEN
from fidelity.forms.texts import TextField
from fidelity.models import Decision
from fidelity.policy_fields import NAMED
from ips_portal.uswds import LongSelect


class StandingFilter(FilterByAgency):
    field_order = ("q", "position", "when", "agency")

    q = forms.CharField(
        label="Team", required=False, max_length=100, widget=forms.TextInput(attrs={"type": "search"})
    )
    position = forms.ChoiceField(label="Standing", required=False, widget=LongSelect)
    when = forms.ChoiceField(
        label="Next review", required=False, choices=[("", "Any"), *WHEN.items()], widget=LongSelect
    )

    def __init__(
        self, data: Any, *, names: Mapping[str, str], agencies: Sequence[Agency], agency_word: str
    ) -> None:
        """`names` are the state's own names of standings."""
        super().__init__(data, agencies=agencies, agency_word=agency_word)
        self.offer("position", "Any, but closed", [(key.upper(), names[key]) for key in NAMED])

    @property
    def chosen(self) -> dict[str, str] | None:
        """None where somebody asked for what nobody offered: that finds nothing, and the form says so."""
        return self.cleaned_data if self.is_valid() else None


class DecisionForm(HouseForm):
    kind = forms.ChoiceField(label="What was decided", widget=forms.RadioSelect)
    decided_on = Day(label="Decided on", help_text="Month/day/year.")
    until = Day(
        label="Until",
        required=False,
        help_text="The day of the next review, or the last day of a pause. Leave it empty where there is none.",
    )
    reason = TextField(label="Why", required=True, rows=4, help_text="The team reads it.")
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

    def __init__(self, *args: Any, kinds: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labelled = [(kind, Decision.Kind(kind).label) for kind in kinds]
        self.fields["kind"].choices = labelled  # type: ignore[attr-defined]  # a ChoiceField
