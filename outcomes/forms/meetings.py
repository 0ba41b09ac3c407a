"""The supervisors' meeting as forms: when it is, what is written down, who does it, and what programs do."""

from collections.abc import Iterable
from typing import Any

from django import forms

from agencies.forms import Day, HouseForm
from agencies.forms.files import OnceForm
from agencies.models import Person, Team
from fidelity.forms.texts import TextField
from outcomes.forms.deciding import DecideForm
from outcomes.goals import MEASURES
from outcomes.models import NOTE_LIMIT

NOBODY = ("", "Nobody: it is a note")


class NoteField(TextField):
    """As long as a note is kept."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.widget.attrs["maxlength"] = NOTE_LIMIT


class BeginForm(HouseForm):
    held_on = Day(label="Day of the meeting")


class NamesForm(DecideForm):
    shows_names = forms.TypedChoiceField(
        choices=(("yes", "On"), ("no", "Off")), coerce=lambda value: value == "yes", widget=forms.HiddenInput
    )


class DoneForm(DecideForm):
    """The action as it was read."""


class NoteForm(OnceForm):
    text = NoteField(
        label="What was said or agreed",
        rows=3,
        required=True,
        help_text="No names of people served. Whoever does it reads it, too.",
    )
    owner = forms.TypedChoiceField(label="Who does it", required=False, coerce=int, empty_value=None)
    due_on = Day(label="Until", required=False)
    field_order = ("text", "owner", "due_on", "key")

    def __init__(self, data: Any = None, *, people: Iterable[Person], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.people = {person.pk: person for person in people}
        self.fields["owner"].choices = [NOBODY, *((pk, str(person)) for pk, person in self.people.items())]  # type: ignore[attr-defined]

    @property
    def taken_on_by(self) -> Person | None:
        return self.people.get(self.cleaned_data["owner"])


class NoteChangeForm(DecideForm, NoteForm):
    """The note as it was read, with what it should say."""

    key = None  # type: ignore[assignment]  # the version says which form it was
    field_order = ("text", "owner", "due_on", "version")


class StrategyForm(OnceForm):
    """What a program did, in its own words."""

    measure = forms.ChoiceField(label="What it is about", choices=tuple(MEASURES.items()))
    text = NoteField(
        label="What the program did",
        rows=4,
        required=True,
        help_text="So that another program could do the same. No names of people served.",
    )
    field_order: tuple[str, ...] = ("measure", "text", "key")


class StrategyChangeForm(DecideForm, StrategyForm):
    key = None  # type: ignore[assignment]  # as above
    field_order = ("measure", "text", "version")


class OwnStrategyForm(StrategyForm):
    consented = forms.BooleanField(
        label="Everybody of the state may read this under our name", required=False
    )
    field_order = ("measure", "text", "consented", "key")


class TeamStrategyForm(StrategyForm):
    """Of the trainer, who says whose it is. Consent is the program's to give."""

    team = forms.TypedChoiceField(label="Program", coerce=int)
    field_order = ("team", "measure", "text", "key")

    def __init__(self, data: Any = None, *, teams: Iterable[Team], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.teams = {team.pk: team for team in teams}
        self.fields["team"].choices = [(pk, str(team)) for pk, team in self.teams.items()]  # type: ignore[attr-defined]

    @property
    def program(self) -> Team:
        return self.teams[self.cleaned_data["team"]]


class ConsentForm(DecideForm):
    consented = forms.TypedChoiceField(
        choices=(("yes", "Yes"), ("no", "No")), coerce=lambda value: value == "yes", widget=forms.HiddenInput
    )
