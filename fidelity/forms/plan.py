"""One row of an action plan, a note on it, one more item."""

from collections.abc import Sequence
from typing import Any

from django import forms

from agencies.forms import Day, HouseForm
from fidelity.actions.planning import RowValues
from fidelity.forms.texts import TextField
from fidelity.models import PlanRow
from fidelity.scales import HIGHEST, Item

OPEN_STATUSES = [choice for choice in PlanRow.Status.choices if choice[0] != PlanRow.Status.DROPPED]


class NoteForm(HouseForm):
    """What people outside the agency write in a row."""

    note = TextField(
        label="Progress note", rows=3, help_text="What has been done so far; never a name of a person served."
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)

    def __init__(self, data: Any = None, *, row: PlanRow) -> None:
        super().__init__(data, initial=shown(row), auto_id=f"row-{row.pk}-%s")
        self.row = row

    @property
    def values(self) -> RowValues:
        row = self.row
        return RowValues(
            row.steps, row.responsible, row.target_on, row.goal, row.status, self.cleaned_data["note"]
        )


class RowForm(NoteForm):
    """A row as the agency fills it in."""

    steps = TextField(label="Steps", rows=5, help_text="One step a line: what is done, how often, by when.")
    responsible = forms.CharField(
        label="Responsible",
        max_length=200,
        required=False,
        help_text="A name or a role of your staff.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    target_on = Day(label="Target date", required=False)
    goal = forms.TypedChoiceField(label="Goal rating", coerce=int)
    status = forms.ChoiceField(label="Status", choices=OPEN_STATUSES)
    field_order = ("steps", "responsible", "target_on", "goal", "status", "note", "version")

    def __init__(self, data: Any = None, *, row: PlanRow) -> None:
        super().__init__(data, row=row)
        self.fields["goal"] = forms.TypedChoiceField(
            label="Goal rating",
            coerce=int,
            choices=[(level, str(level)) for level in range(row.rating, HIGHEST + 1)],
        )
        self.order_fields(self.field_order)

    @property
    def values(self) -> RowValues:
        data = self.cleaned_data
        return RowValues(
            data["steps"],
            data["responsible"].strip(),
            data["target_on"],
            data["goal"],
            data["status"],
            data["note"],
        )


class AddForm(HouseForm):
    item_code = forms.ChoiceField(label="Item to add")

    def __init__(self, *args: Any, items: Sequence[Item], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "Choose an item"), *((item.code, f"{item.seq}. {item.name}") for item in items)]
        self.fields["item_code"] = forms.ChoiceField(label="Item to add", choices=choices)


def shown(row: PlanRow) -> dict[str, Any]:
    return {
        "steps": row.steps,
        "responsible": row.responsible,
        "target_on": row.target_on,
        "goal": row.goal,
        "status": row.status,
        "note": row.note,
        "version": row.version,
    }
