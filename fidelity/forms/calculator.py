"""What one item is worked out from: numbers, parts that are in place, circumstances, and what caps the rating."""

from typing import Any

from django import forms
from django.http import QueryDict

from agencies.forms import HouseForm
from fidelity.forms.visiting import number_fields
from fidelity.measuring import MeasureError
from fidelity.scales import Item
from fidelity.suggesting import Answers, Reading, Rules, work_out
from fidelity.visits import SPECIALISTS, Numbers, columns, is_by_specialist


class CalculatorForm(HouseForm):
    work = forms.CharField(widget=forms.HiddenInput, initial="out", required=False, max_length=3)

    def __init__(self, data: Any = None, *, item: Item, numbers: Numbers) -> None:
        self.item = item
        self.has_numbers = bool(item.floors) and item.kind != "count"
        super().__init__(data and _query(data), initial=self._stored(numbers), use_required_attribute=False)
        if self.has_numbers:
            self.fields |= number_fields(item)
        if item.kind == "count":
            self.fields["present"] = boxes(
                "What is in place", [(part.code, part.text) for part in item.components]
            )
        if item.matrix:
            for name, steps in item.matrix.ladders.items():
                self.fields[name] = forms.ChoiceField(
                    label=name.capitalize(),
                    choices=[(step, step.replace("_", " ").capitalize()) for step in steps],
                    widget=forms.RadioSelect,
                    error_messages={"required": "Choose what fits best."},
                )
        if item.gates:
            choices = [(gate.code, f"{gate.when} Not above {gate.cap}.") for gate in item.gates]
            self.fields["gates"] = boxes("What holds the rating down", choices)

    def _stored(self, numbers: Numbers) -> dict[str, Any]:
        keys = [column.key for column in columns(self.item)] if self.has_numbers else []
        return {
            f"{self.item.code}-{row}-{key}": value
            for row, kept in enumerate(numbers, start=1)
            for key, value in zip(keys, kept or (), strict=False)
        }

    def work_out(self, rules: Rules) -> Reading | None:
        """None where something must be mended first."""
        if not self.is_valid():
            return None
        data = self.cleaned_data
        answers = Answers(
            rows=self._rows() if self.has_numbers else (),
            present=frozenset(data.get("present", ())),
            facts={name: data[name] for name in self.item.matrix.ladders} if self.item.matrix else None,
            gates=frozenset(data.get("gates", ())),
        )
        if self.errors:
            return None
        try:
            return work_out(self.item, answers, rules)
        except MeasureError as problem:
            self.add_error(None, str(problem))
            return None

    def _rows(self) -> tuple[tuple[int, ...], ...]:
        keys, found = [column.key for column in columns(self.item)], []
        for row in range(1, (SPECIALISTS if is_by_specialist(self.item) else 1) + 1):
            names = [f"{self.item.code}-{row}-{key}" for key in keys]
            values = [self.cleaned_data.get(name) for name in names]
            if any(value is not None for value in values):
                for name, value in zip(names, values, strict=True):
                    if value is None:
                        self.add_error(name, "Fill in the whole row, or leave all of it empty.")
                found.append(tuple(value or 0 for value in values))
        return tuple(found)


def boxes(label: str, choices: list[tuple[str, str]]) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, choices=choices, required=False, widget=forms.CheckboxSelectMultiple
    )


def _query(data: dict[str, list[str]]) -> QueryDict:
    query = QueryDict(mutable=True)
    for name, values in data.items():
        query.setlist(name, values)
    return query
