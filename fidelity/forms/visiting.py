"""The pages of a visit, a form each: agenda, data request, people and records, numbers."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms

from agencies.forms import Day, HouseForm
from fidelity.forms.merging import Values
from fidelity.scales import Item, Scale
from fidelity.visits import (
    MET,
    MOST_READ,
    NUMBER_LIMIT,
    OBSERVED,
    ROWS,
    SPECIALISTS,
    TEXT_LIMIT,
    Count,
    Numbers,
    Slot,
    VisitValues,
    Wanted,
    columns,
    is_by_specialist,
    measured,
    questions_of,
)

SPARE = 3  # empty rows offered below those that are filled
COUNTED = {**MET, **OBSERVED}
PARTS = {"read": "records read", "met": "show it", "unmet": "do not"}


class Line(forms.CharField):
    """One line of text, in a field that grows with it."""

    def __init__(self, label: str) -> None:
        widget = forms.Textarea(attrs={"rows": 1, "autocomplete": "off"})
        super().__init__(label=label, required=False, max_length=TEXT_LIMIT, widget=widget)

    def to_python(self, value: Any) -> str:
        return " ".join(str(super().to_python(value) or "").split())


def whole(label: str, most: int) -> forms.IntegerField:
    widget = forms.NumberInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
    return forms.IntegerField(label=label, required=False, min_value=0, max_value=most, widget=widget)


def number_fields(item: Item) -> dict[str, forms.Field]:
    several = is_by_specialist(item)
    return {
        f"{item.code}-{row}-{column.key}": whole(
            f"{item.name}, specialist {row}: {column.label}" if several else f"{item.name}: {column.label}",
            NUMBER_LIMIT,
        )
        for row in range(1, (SPECIALISTS if several else 1) + 1)
        for column in columns(item)
    }


class VisitForm(HouseForm):
    """One topic of a visit; the others stay as they are stored."""

    base = forms.CharField(widget=forms.HiddenInput, required=False, max_length=4000)

    def __init__(
        self, data: Any = None, *, scale: Scale, days: tuple[tuple[int, str], ...], initial: Any = None
    ) -> None:
        super().__init__(data, initial=initial, use_required_attribute=False)
        self.scale, self.days = scale, days
        self.fields |= self.rows()

    def rows(self) -> dict[str, forms.Field]:
        """The fields of this topic."""
        raise NotImplementedError

    @property
    def names(self) -> tuple[str, ...]:
        """Under which `values` stand, in their order."""
        raise NotImplementedError

    @property
    def values(self) -> Values:
        """What may be saved by itself, each under its name; see `whole_visit`."""
        raise NotImplementedError

    def shown(self, name: str, *parts: str) -> range:
        """The rows to draw: those that hold something, and a few more."""
        rows = range(1, ROWS + 1)
        filled = [row for row in rows if any(self[f"{name}-{row}-{part}"].value() for part in parts)]
        return range(1, min(max(filled, default=0) + SPARE, ROWS) + 1)

    def place(self, field: str | None) -> str | None:
        """The field of this form that a refusal is about."""
        return field if field in self.fields else None


class RowsForm(VisitForm):
    """Of lists whose empty rows are not saved. `kept` are the numbers of those that are, in their order."""

    kept: tuple[int, ...] = ()

    def place(self, field: str | None) -> str | None:
        name, _, rest = (field or "").partition("-")
        row, _, part = rest.partition("-")
        if row.isdigit() and int(row) <= len(self.kept):
            field = f"{name}-{self.kept[int(row) - 1]}-{part}"
        return super().place(field)


class AgendaForm(RowsForm):
    names = ("agenda",)

    def rows(self) -> dict[str, forms.Field]:
        time = {"type": "time", "class": "usa-input", "autocomplete": "off"}
        found: dict[str, forms.Field] = {}
        for row in range(1, ROWS + 1):
            found |= {
                f"agenda-{row}-day": forms.TypedChoiceField(
                    label=f"Row {row}: day", coerce=int, choices=self.days, required=False
                ),
                f"agenda-{row}-time": forms.CharField(
                    label=f"Row {row}: time",
                    required=False,
                    max_length=5,
                    widget=forms.TextInput(attrs=time),
                ),
                f"agenda-{row}-who": Line(f"Row {row}: who is met"),
                f"agenda-{row}-what": Line(f"Row {row}: what is done"),
            }
        return found

    @property
    def values(self) -> Values:
        data, found = self.cleaned_data, []
        for row in range(1, ROWS + 1):
            day, time, who, what = (data[f"agenda-{row}-{part}"] for part in ("day", "time", "who", "what"))
            if time or who or what:
                found.append((Slot(day or 1, time, who, what), row))
        found.sort(key=lambda each: (each[0].day, each[0].time))
        self.kept = tuple(row for _, row in found)
        return {"agenda": tuple(slot for slot, _ in found)}


class RequestForm(RowsForm):
    names = ("asked", "wanted_on")

    wanted_on = Day(label="Please send by", required=False)

    def rows(self) -> dict[str, forms.Field]:
        found: dict[str, forms.Field] = {}
        for row in range(1, ROWS + 1):
            found |= {
                f"asked-{row}-text": Line(f"Asked for, row {row}"),
                f"asked-{row}-received": forms.BooleanField(label=f"Row {row} received", required=False),
            }
        return found

    @property
    def values(self) -> Values:
        data = self.cleaned_data
        self.kept = tuple(row for row in range(1, ROWS + 1) if data[f"asked-{row}-text"])
        asked = tuple(Wanted(data[f"asked-{row}-text"], data[f"asked-{row}-received"]) for row in self.kept)
        return {"asked": asked, "wanted_on": data["wanted_on"]}


class PeopleForm(VisitForm):
    """Who was met, what was observed, and what the records show."""

    @property
    def names(self) -> tuple[str, ...]:
        people = (f"people-{key}" for key in COUNTED)
        return (*people, *(question.code for question in questions_of(self.scale)))

    def rows(self) -> dict[str, forms.Field]:
        people: dict[str, forms.Field] = {
            f"people-{key}": whole(label, MOST_READ) for key, label in COUNTED.items()
        }
        return people | {
            f"{question.code}-{part}": whole(f"{question.text}: {words}", MOST_READ)
            for question in questions_of(self.scale)
            for part, words in PARTS.items()
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for question in questions_of(self.scale):
            read, *told = (cleaned.get(f"{question.code}-{part}") for part in PARTS)
            if read is None and any(number is not None for number in told):
                self.add_error(f"{question.code}-read", "Say how many records were read for it.")
        return cleaned

    @property
    def values(self) -> Values:
        people = {f"people-{key}": self.cleaned_data[f"people-{key}"] for key in COUNTED}
        return people | {question.code: self._count(question.code) for question in questions_of(self.scale)}

    def _count(self, code: str) -> Count | None:
        read, met, unmet = (self.cleaned_data[f"{code}-{part}"] for part in PARTS)
        return None if read is None else Count(read, met or 0, unmet or 0)


class NumbersForm(VisitForm):
    """What the measured items are worked out from."""

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(f"numbers-{item.code}" for item in measured(self.scale))

    def rows(self) -> dict[str, forms.Field]:
        return {name: field for item in measured(self.scale) for name, field in number_fields(item).items()}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for item in measured(self.scale):
            self._whole_rows(item, cleaned)
        return cleaned

    def _whole_rows(self, item: Item, cleaned: dict[str, Any]) -> None:
        keys = [column.key for column in columns(item)]
        for row in range(1, (SPECIALISTS if is_by_specialist(item) else 1) + 1):
            names = [f"{item.code}-{row}-{key}" for key in keys]
            empty = [name for name in names if cleaned.get(name) is None]
            if len(empty) < len(names):
                for name in empty:
                    if name not in self.errors:
                        self.add_error(name, "Fill in the whole row, or leave all of it empty.")

    @property
    def values(self) -> Values:
        return {f"numbers-{item.code}": self._numbers(item) for item in measured(self.scale)}

    def _numbers(self, item: Item) -> Numbers | None:
        found: list[tuple[int, ...] | None] = []
        for row in range(1, (SPECIALISTS if is_by_specialist(item) else 1) + 1):
            numbers = [self.cleaned_data[f"{item.code}-{row}-{column.key}"] for column in columns(item)]
            found.append(None if None in numbers else tuple(numbers))
        while found and found[-1] is None:
            found.pop()
        return tuple(found) or None


def by_name(values: VisitValues, scale: Scale) -> Values:
    """A stored visit under the names of the form's values, in their order."""
    return {
        "agenda": values.agenda,
        "asked": values.asked,
        "wanted_on": values.wanted_on,
        **{f"people-{key}": values.people.get(key) for key in COUNTED},
        **{question.code: values.tally.get(question.code) for question in questions_of(scale)},
        **{f"numbers-{item.code}": values.numbers.get(item.code) for item in measured(scale)},
    }


def whole_visit(values: Mapping[str, Any], scale: Scale) -> VisitValues:
    def given(prefix: str, names: list[str]) -> dict[str, Any]:
        return {name: found for name in names if (found := values[f"{prefix}{name}"]) is not None}

    wanted_on: date | None = values["wanted_on"]
    return VisitValues(
        agenda=values["agenda"],
        asked=values["asked"],
        wanted_on=wanted_on,
        people=given("people-", list(COUNTED)),
        tally=given("", [question.code for question in questions_of(scale)]),
        numbers=given("numbers-", [item.code for item in measured(scale)]),
    )


def initial(values: VisitValues) -> dict[str, Any]:
    """What the fields show of a visit."""
    found: dict[str, Any] = {"wanted_on": values.wanted_on}
    for row, slot in enumerate(values.agenda, start=1):
        found |= {f"agenda-{row}-{part}": kept for part, kept in vars(slot).items()}
    for row, wanted in enumerate(values.asked, start=1):
        found |= {f"asked-{row}-{part}": kept for part, kept in vars(wanted).items()}
    found |= {f"people-{key}": number for key, number in values.people.items()}
    for code, count in values.tally.items():
        found |= {f"{code}-{part}": number for part, number in vars(count).items()}
    return found


def initial_numbers(values: VisitValues, scale: Scale) -> dict[str, Any]:
    return {
        f"{item.code}-{row}-{column.key}": number
        for item in measured(scale)
        for row, numbers in enumerate(values.numbers.get(item.code, ()), start=1)
        if numbers
        for column, number in zip(columns(item), numbers, strict=True)
    }


def told(name: str, kept: Any) -> str:
    """A stored value in words, beside what was typed instead."""
    if not kept:
        return "nothing"
    if name == "agenda":
        return "; ".join(f"day {slot.day}, {slot.time} {slot.who} {slot.what}".strip() for slot in kept)
    if name == "asked":
        return "; ".join(f"{wanted.text}{', received' if wanted.received else ''}" for wanted in kept)
    if isinstance(kept, Count):
        return f"{kept.read} read, {kept.met} show it, {kept.unmet} do not"
    if isinstance(kept, tuple):
        return "; ".join(", ".join(str(number) for number in row) if row else "empty" for row in kept)
    return f"{kept:%B %-d, %Y}" if isinstance(kept, date) else str(kept)
