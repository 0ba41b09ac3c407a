"""What is asked to correct an issued report: opening it, and what the chosen items are to say instead."""

from collections.abc import Collection, Mapping, Sequence
from copy import deepcopy
from datetime import date
from typing import Any

from django import forms

from agencies.forms import Day, HouseForm
from agencies.models import Membership
from fidelity.actions.correcting import ItemWords
from fidelity.forms.consensus import SCORES
from fidelity.forms.merging import Values
from fidelity.forms.report import TEXTS, ReportForm
from fidelity.forms.report import item_fields as text_fields
from fidelity.forms.scheduling import named
from fidelity.forms.texts import TextField
from fidelity.models import CorrectedItem, Correction
from fidelity.scales import Item, Scale

PARTS = ("score", "found", "recommendation", "priority")


class OpeningForm(HouseForm):
    reason = TextField(
        label="Why the report is corrected",
        required=True,
        rows=3,
        help_text="Everybody who reads the new edition sees it. Never a name of a person served.",
    )
    items = forms.MultipleChoiceField(
        label="Items to correct", required=False, widget=forms.CheckboxSelectMultiple
    )
    all_items = forms.BooleanField(label="All items", required=False)
    with_texts = forms.BooleanField(label="Strengths and the other texts of the report", required=False)
    writer = forms.ChoiceField(label="Who corrects it")
    until = Day(label="Open until", help_text="Month/day/year. After that day it closes by itself.")

    def __init__(
        self, data: Any = None, *, scale: Scale, able: Sequence[Membership], who: str, until: date
    ) -> None:
        self.scale, self.able = scale, {str(each.pk): each for each in able}
        first = next(iter(self.able), "")
        super().__init__(data, initial={"writer": first, "until": until})
        self.fields["items"] = forms.MultipleChoiceField(
            label="Items to correct",
            help_text="Everything else stays locked.",
            required=False,
            widget=forms.CheckboxSelectMultiple,
            choices=[(item.code, f"{item.seq}. {item.name}") for item in scale.items],
        )
        self.fields["writer"] = forms.ChoiceField(
            label="Who corrects it",
            help_text=f"{who[0].upper()}{who[1:]}. Somebody else issues the correction.",
            choices=[("", "Choose a person"), *((key, named(each)) for key, each in self.able.items())],
        )

    @property
    def chosen(self) -> list[str]:
        return list(self.scale.codes) if self.cleaned_data["all_items"] else self.cleaned_data["items"]

    @property
    def membership(self) -> Membership:
        return self.able[self.cleaned_data["writer"]]


class CorrectionForm(HouseForm):
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)
    then = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)

    def __init__(self, *args: Any, items: Collection[Item], with_texts: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.items, self.with_texts = items, with_texts
        if with_texts:
            self.fields |= {name: deepcopy(ReportForm.base_fields[name]) for name in TEXTS}
        for item in items:
            self.fields |= item_fields(item)

    @property
    def words(self) -> dict[str, ItemWords]:
        data = self.cleaned_data
        return {
            item.code: ItemWords(
                int(data[f"{item.code}-score"]), *(data[f"{item.code}-{part}"] for part in PARTS[1:])
            )
            for item in self.items
        }

    @property
    def texts(self) -> dict[str, str] | None:
        return {name: self.cleaned_data[name] for name in TEXTS} if self.with_texts else None


def item_fields(item: Item) -> dict[str, forms.Field]:
    score = forms.ChoiceField(label=f"Rating, item {item.seq}", choices=SCORES, widget=forms.RadioSelect)
    return {f"{item.code}-score": score, **text_fields(item)}


def stored_values(correction: Correction, rows: Mapping[str, CorrectedItem]) -> Values:
    found: Values = {name: getattr(correction, name) for name in TEXTS} if correction.with_texts else {}
    for code, row in rows.items():
        found |= {
            f"{code}-score": str(row.score),
            f"{code}-found": row.found,
            f"{code}-recommendation": row.recommendation,
            f"{code}-priority": row.is_priority,
        }
    return found
