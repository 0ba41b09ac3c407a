"""The report editor: four texts, and for each item what was found, what is recommended and whether it comes first."""

from collections.abc import Mapping
from typing import Any

from django import forms

from agencies.forms import HouseForm
from fidelity.actions.reporting import ItemText
from fidelity.forms.merging import Values
from fidelity.forms.texts import TextField
from fidelity.models import ItemReport, ReviewText
from fidelity.scales import Item, Scale

TEXTS = ("strengths", "overview", "method", "next_steps")
PARTS = ("found", "recommendation", "priority")


class ReportForm(HouseForm):
    strengths = TextField(
        label="Strengths",
        rows=6,
        help_text="Drafted from the ratings of 5. Say what the team does well, first.",
    )
    overview = TextField(
        label="About the team",
        help_text="Whom it serves, who works on it, what changed since the last review.",
    )
    method = TextField(
        label="How the review was done",
        help_text="Who was met, what was observed, how many records were read. Never a name of a person served.",
    )
    next_steps = TextField(
        label="Next steps", help_text="Help that was offered, when the plan is due, when the next review is."
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)
    base = forms.CharField(widget=forms.HiddenInput, required=False, max_length=4000)
    then = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)

    def __init__(self, *args: Any, scale: Scale, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.scale = scale
        for item in scale.items:
            self.fields |= item_fields(item)

    @property
    def values(self) -> Values:
        return {name: self.cleaned_data[name] for name in names(self.scale)}


def item_fields(item: Item) -> dict[str, forms.Field]:
    return {
        f"{item.code}-found": TextField(label=f"What was found, item {item.seq}", rows=4),
        f"{item.code}-recommendation": TextField(label=f"Recommendation, item {item.seq}", rows=3),
        f"{item.code}-priority": forms.BooleanField(label="Comes first in the report", required=False),
    }


def names(scale: Scale) -> list[str]:
    """Every text and box of the form, in order."""
    return [*TEXTS, *(f"{item.code}-{part}" for item in scale.items for part in PARTS)]


def stored_values(text: ReviewText, rows: Mapping[str, ItemReport], scale: Scale) -> Values:
    found: Values = {name: getattr(text, name) for name in TEXTS}
    for item in scale.items:
        row = rows.get(item.code)
        found[f"{item.code}-found"] = row.found if row else ""
        found[f"{item.code}-recommendation"] = row.recommendation if row else ""
        found[f"{item.code}-priority"] = bool(row and row.is_priority)
    return found


def item_texts(values: Mapping[str, Any], scale: Scale) -> dict[str, ItemText]:
    return {item.code: ItemText(*(values[f"{item.code}-{part}"] for part in PARTS)) for item in scale.items}
