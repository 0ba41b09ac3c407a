"""One row of an action plan, a word on it, one more item, and the answer of who approves."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import date
from typing import Any
from uuid import uuid4

from django import forms

from agencies.forms import Day, HouseForm
from fidelity.actions.planning import RowValues, row_values
from fidelity.forms.merging import Merged, Values, digests, merged
from fidelity.forms.texts import ReadForm, TextField
from fidelity.models import PlanEntry, PlanRow
from fidelity.models.plans import GONE
from fidelity.scales import HIGHEST, Item

OPEN_STATUSES = [choice for choice in PlanRow.Status.choices if choice[0] not in GONE]

APPROVE, RETURN = "approve", "return"
ANSWERS = [(APPROVE, "Approve the plan"), (RETURN, "Return it with words")]


class RowForm(HouseForm):
    """A row as the agency fills it in."""

    steps = TextField(label="Steps", rows=5, help_text="One step a line: what is done, how often, by when.")
    first_step = forms.CharField(
        label="First step",
        max_length=500,
        required=False,
        help_text="What happens this week, and who begins.",
    )
    responsible = forms.CharField(
        label="Responsible",
        max_length=200,
        required=False,
        help_text="A name or a role of your staff.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    target_on = Day(label="Target date", required=False)
    evidence = forms.CharField(
        label="Evidence asked for",
        max_length=500,
        required=False,
        help_text="What a reviewer can look at when it is done: a record, a form, a meeting.",
    )
    goal = forms.TypedChoiceField(label="Goal rating", coerce=int)
    status = forms.ChoiceField(label="Status", choices=OPEN_STATUSES)
    note = TextField(
        label="Where it stands", rows=3, help_text="In a sentence or two; never a name of a person served."
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)
    base = forms.CharField(widget=forms.HiddenInput, required=False, max_length=400)

    def __init__(self, data: Any = None, *, row: PlanRow, typed: Values | None = None) -> None:
        super().__init__(data, initial=shown(row) | (typed or {}), auto_id=f"row-{row.pk}-%s")
        self.row = row
        self.fields["goal"] = forms.TypedChoiceField(
            label="Goal rating",
            coerce=int,
            choices=[(level, str(level)) for level in range(row.rating, HIGHEST + 1)],
        )

    @property
    def values(self) -> Values:
        return {field.name: self.cleaned_data[field.name] for field in fields(RowValues)}

    def merged_with(self, stored: Values) -> Merged:
        """A row that nobody saved meanwhile has nothing to merge."""
        is_fresh = self.cleaned_data["version"] == self.row.version
        return merged(self.values, digests(stored) if is_fresh else self.cleaned_data["base"], stored)

    def labelled(self, conflicts: Values) -> list[tuple[str, str]]:
        return [(str(self.fields[name].label), told(name, kept)) for name, kept in conflicts.items()]


class SayForm(HouseForm):
    """A word on one step: how far it is, or a comment."""

    kind = forms.ChoiceField(label="This is", widget=forms.RadioSelect)
    text = TextField(
        label="What you have to say", required=True, rows=3, help_text="Never a name of a person served."
    )
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

    def __init__(self, data: Any = None, *, row: PlanRow, kinds: Sequence[PlanEntry.Kind]) -> None:
        super().__init__(data, initial={"kind": kinds[0]}, auto_id=f"say-{row.pk}-%s")
        self.row = row
        self.fields["kind"].choices = [(kind, kind.label) for kind in kinds]  # type: ignore[attr-defined]
        if len(kinds) == 1:
            self.fields["kind"].widget = forms.HiddenInput()


class AnswerForm(ReadForm):
    """Approve a signed plan, or return it with words."""

    answer = forms.ChoiceField(label="Your answer", choices=ANSWERS, widget=forms.RadioSelect)
    words = TextField(
        label="What is missing",
        help_text="Where you return it: what is to be changed before you approve.",
    )

    @property
    def returns(self) -> bool:
        return bool(self.cleaned_data["answer"] == RETURN)


class AddForm(HouseForm):
    item_code = forms.ChoiceField(label="Item to add")

    def __init__(self, *args: Any, items: Sequence[Item], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "Choose an item"), *((item.code, f"{item.seq}. {item.name}") for item in items)]
        self.fields["item_code"] = forms.ChoiceField(label="Item to add", choices=choices)


def shown(row: PlanRow) -> dict[str, Any]:
    values = stored_values(row)
    return {**values, "version": row.version, "base": digests(values)}


def stored_values(row: PlanRow) -> Values:
    return dict(vars(row_values(row)))


def told(name: str, kept: Any) -> str:
    """A stored value in words, beside what was typed instead."""
    if name == "status":
        return str(PlanRow.Status(kept).label)
    if isinstance(kept, date):
        return f"{kept:%B %-d, %Y}"
    return str(kept) or "nothing" if kept is not None else "nothing"
