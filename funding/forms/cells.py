"""One cell with all it says, a column of cells, and what is written on a cell."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

from django import forms

from agencies.forms import Day, HouseForm
from agencies.forms.files import OnceForm
from agencies.forms.organizations import text
from funding.actions.cells import Quick
from funding.actions.notes import MOST
from funding.grid import KINDS, Cell, Element, Method, Status
from funding.models import PlanCell
from funding.models.plans import WORDS
from funding.wording import AUTHORIZATIONS, ENTRIES, LINK_KINDS, METHODS, PRESENCES, STATUSES
from ips_portal.uswds import LongSelect

PLANNED = "status: planned"


def version(read: int = 0) -> forms.IntegerField:
    return forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput, initial=read)


def choice(label: str, choices: list[tuple[str, str]], hint: str = "") -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=choices, required=False, widget=LongSelect, help_text=hint)


def number(label: str, hint: str) -> forms.IntegerField:
    return forms.IntegerField(label=label, required=False, min_value=1, max_value=3660, help_text=hint)


class CellForm(HouseForm):
    status = forms.ChoiceField(label="Does it pay?", choices=STATUSES, widget=LongSelect)
    method = choice("How it pays", METHODS)
    condition = text("On condition", WORDS, "In one sentence, as you would tell a supervisor.")
    entry = choice(
        "For whom", ENTRIES, "A rule that keeps people out stands among the gaps: IPS takes in everybody."
    )
    limit_days = number("Days after the job start", "Where it stops then, such as 90.")
    limit_times = number("Times for one person", "1 where only one job is paid for.")
    limit = text("Another limit", WORDS)
    presence = choice("The person", PRESENCES)
    authorization = choice("Authorization", AUTHORIZATIONS)
    service_code = text(
        "Service code", 20, "Two payers of one service need different codes, or a note how they share it."
    )
    evidence_url = forms.URLField(
        label="Where it is written",
        required=False,
        max_length=500,
        assume_scheme="https",
        help_text="The address of the rule, the manual or the contract.",
    )
    valid_from = Day(label="From", required=False)
    valid_to = Day(label="Until", required=False, help_text="The last day.")
    expected_on = Day(
        label="Expected",
        required=False,
        widget=forms.DateInput(attrs={"data-when": PLANNED}),
        help_text="For planned money. A plan amendment can take two years.",
    )
    bridge = forms.TypedChoiceField(
        label="Who pays until then",
        required=False,
        coerce=int,
        empty_value=None,
        widget=LongSelect(attrs={"data-when": PLANNED}),
    )
    version = version()

    def __init__(self, data: Any = None, *, others: Mapping[int, str], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["bridge"].choices = [("", "Nobody yet"), *others.items()]  # type: ignore[attr-defined]

    @property
    def cell(self) -> Cell:
        data = self.cleaned_data
        named = {field.name: data[field.name] for field in fields(Cell) if field.name in data}
        return Cell(**named | {name: kind(data[name]) for name, kind in KINDS.items()})


def stored(row: PlanCell | None) -> dict[str, Any]:
    """What the form of a cell shows."""
    if row is None:
        return {"version": 0}
    names = (name for name in CellForm.base_fields if name != "bridge")
    return {name: getattr(row, name) for name in names} | {"bridge": row.bridge_id}


@dataclass(frozen=True)
class Line:
    """The fields of one element on the page of a column."""

    element: Element
    status: forms.BoundField
    method: forms.BoundField
    condition: forms.BoundField
    version: forms.BoundField
    row: PlanCell | None
    is_new: bool  # somebody was faster: what stands now is shown beside what was typed


class ColumnForm(HouseForm):
    """A line for each element; what stands already is shown in it."""

    def __init__(
        self, data: Any = None, *, elements: Iterable[Element], cells: Mapping[int, PlanCell]
    ) -> None:
        super().__init__(data)
        self.elements, self.cells = [*elements], cells
        self.faster: Mapping[str, Any] = {}
        for element in self.elements:
            row = cells.get(element.key)
            name = element.name
            made = {
                "status": forms.ChoiceField(
                    label=f"Does it pay: {name}", choices=STATUSES, widget=LongSelect
                ),
                "method": choice(f"How it pays: {name}", METHODS),
                "condition": text(f"On condition: {name}", WORDS),
                "version": version(row.version if row else 0),
            }
            made["status"].initial = row.status if row else Status.UNKNOWN
            made["method"].initial, made["condition"].initial = (
                (row.method, row.condition) if row else ("", "")
            )
            self.fields |= {f"{element.key}-{part}": field for part, field in made.items()}

    def lines(self) -> Iterator[tuple[str, list[Line]]]:
        """By phase."""
        grouped: dict[str, list[Line]] = {}
        for element in self.elements:
            parts = {
                part: self[f"{element.key}-{part}"] for part in ("status", "method", "condition", "version")
            }
            line = Line(
                element, **parts, row=self.cells.get(element.key), is_new=str(element.key) in self.faster
            )
            grouped.setdefault(element.phase, []).append(line)
        yield from grouped.items()

    @property
    def rows(self) -> dict[int, Quick]:
        data = self.cleaned_data
        return {
            element.key: Quick(
                Status(data[f"{element.key}-status"]),
                Method(data[f"{element.key}-method"]),
                data[f"{element.key}-condition"],
                data[f"{element.key}-version"],
            )
            for element in self.elements
        }


class NoteForm(OnceForm):
    text = forms.CharField(
        label="Question or comment",
        max_length=MOST,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": MOST}),
        help_text="Everybody who sees the plan reads it. No client details.",
    )
    is_question = forms.BooleanField(
        label="It is a question",
        required=False,
        help_text="It stays open until whoever keeps the column answers.",
    )


class AnswerForm(HouseForm):
    text = forms.CharField(
        label="Answer", max_length=MOST, widget=forms.Textarea(attrs={"rows": 2, "maxlength": MOST})
    )


class LinkForm(HouseForm):
    kind = forms.ChoiceField(label="How they share it", choices=LINK_KINDS, widget=LongSelect)
    other = forms.TypedChoiceField(label="With", coerce=int, widget=LongSelect)
    note = text(
        "What is handed over, or what makes them two services",
        WORDS,
        "Such as: hours before the job start go to the grant, milestones to Vocational Rehabilitation.",
        required=True,
    )

    def __init__(self, data: Any = None, *, others: Iterable[tuple[int, str]]) -> None:
        super().__init__(data, auto_id="link_%s")
        self.fields["other"].choices = [*others]  # type: ignore[attr-defined]
