"""A schedule of what a payer pays, with a row for each payment; rows left empty are no payments."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms

from agencies.forms import Day
from agencies.forms.filters import Filter
from agencies.forms.organizations import text
from funding.actions.money import NAME, Rates
from funding.forms.amounts import Dollars
from funding.forms.keeping import KeptForm
from funding.models import PaymentSchedule, PlanColumn
from funding.models.money import SOURCE
from funding.models.plans import WORDS
from funding.money import TRIGGERS, Payment, Schedule, Trigger, faults
from funding.money.faults import MOST_DAYS, MOST_PAYMENTS
from ips_portal.uswds import LongSelect

SPARE = 4  # empty rows behind those that are filled in
FIRST = 8
PARTS = ("name", "trigger", "amount", "days", "repeatable", "requires", "pays_only_if")
SHARED = ("payer", "name", "keeper", "department", "body")
BIG = 2**31 - 1


@dataclass(frozen=True)
class Row:
    """The fields of one payment."""

    number: int
    name: forms.BoundField
    trigger: forms.BoundField
    amount: forms.BoundField
    days: forms.BoundField
    repeatable: forms.BoundField
    requires: forms.BoundField
    pays_only_if: forms.BoundField

    @property
    def wrong(self) -> list[forms.BoundField]:
        return [field for part in PARTS if (field := getattr(self, part)).errors]


class RatesFilter(Filter):
    q = forms.CharField(
        label="Words", required=False, max_length=100, widget=forms.TextInput(attrs={"type": "search"})
    )
    payer = forms.ChoiceField(
        required=False, choices=[("", "Any"), *PlanColumn.Group.choices], widget=LongSelect
    )
    show = forms.ChoiceField(
        label="Which",
        required=False,
        choices=[("", "In force and to come"), ("all", "All, past ones too")],
        widget=LongSelect,
    )


class ScheduleForm(KeptForm):
    """`whole` shows payer, name and keeper, which are the same for all versions, to whoever may change them."""

    field_order = [*SHARED, "starts_on", "ends_on", "source", "version", "rows"]

    payer = forms.ChoiceField(choices=PlanColumn.Group.choices, widget=LongSelect)
    name = text("Schedule", NAME, "Such as Milestones, or Monthly bundle.", required=True)
    starts_on = Day(label="From", help_text="The first day these amounts hold. Month/day/year.")
    ends_on = Day(label="Until", required=False, help_text="The last day, where one is known.")
    source = text("Where it is written", SOURCE, "A fee schedule, a contract, a manual.")
    version = forms.IntegerField(min_value=0, max_value=BIG, widget=forms.HiddenInput)
    rows = forms.IntegerField(min_value=1, max_value=MOST_PAYMENTS, widget=forms.HiddenInput)

    def __init__(
        self, data: Any = None, *, payers: Any, whole: bool, begun: Mapping[str, Any], filled: int = 0
    ) -> None:
        count = filled + SPARE if filled else FIRST
        super().__init__(data, payers=payers, initial={**begun, "rows": min(count, MOST_PAYMENTS)})
        if not whole:
            for name in SHARED:
                del self.fields[name]
        self.count = self.counted(count)
        for number in range(1, self.count + 1):
            self.fields |= row_fields(number, self.count)
        self.payments: list[Payment] = []
        self.places: list[int] = []  # the row of each payment

    def counted(self, count: int) -> int:
        sent = self.data.get("rows", "") if self.is_bound else str(count)
        return min(int(sent), MOST_PAYMENTS) if sent.isascii() and sent.isdigit() and len(sent) < 4 else 1

    @property
    def lines(self) -> list[Row]:
        return [
            Row(number, *(self[f"{number}-{part}"] for part in PARTS)) for number in range(1, self.count + 1)
        ]

    @property
    def head(self) -> list[forms.BoundField]:
        """Of the schedule as a whole."""
        return [self[name] for name in self.field_order if name in self.fields]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        self.places = [number for number in range(1, self.count + 1) if not self.is_empty(number)]
        self.payments = [self.payment(number) for number in self.places]
        for fault in faults(self.as_schedule(cleaned)):
            at = None if fault.row is None else f"{self.places[fault.row]}-{fault.field}"
            at = at or (fault.field if fault.field in self.fields else None)
            if at is None or at not in self.errors:
                self.add_error(at, fault.reason)
        return cleaned

    def as_schedule(self, cleaned: Mapping[str, Any]) -> Schedule:
        """With words where something is missing that is told already."""
        return Schedule(
            payer="",
            name=cleaned.get("name") or "Schedule",
            starts_on=cleaned.get("starts_on") or date.min,
            ends_on=cleaned.get("ends_on"),
            payments=tuple(self.payments),
        )

    def is_empty(self, number: int) -> bool:
        return not any(str(self.data.get(f"{number}-{part}", "")).strip() for part in PARTS)

    def payment(self, number: int) -> Payment:
        """What the row says. Where a part is missing that is told, and another stands in for it."""

        def said(part: str) -> Any:
            return self.cleaned_data.get(f"{number}-{part}")

        for part, words in (
            ("name", "Name the payment."),
            ("trigger", "Choose what it is paid for."),
            ("amount", "Write the amount in dollars, such as 1,250.00."),
        ):
            if said(part) in (None, "") and f"{number}-{part}" not in self.errors:
                self.add_error(f"{number}-{part}", words)
        trigger = Trigger(said("trigger") or Trigger.JOB_START)
        days = said("days")
        if f"{number}-trigger" in self.errors or f"{number}-days" in self.errors:
            days = 1 if trigger is Trigger.DAYS_WORKED else None
        return Payment(
            name=self.called(number),
            trigger=trigger,
            amount=Decimal(0) if said("amount") is None else said("amount"),
            days=days,
            repeatable=bool(said("repeatable")),
            requires=self.required(number, said("requires")),
            pays_only_if=said("pays_only_if") or "",
        )

    def called(self, number: int) -> str:
        return self.cleaned_data.get(f"{number}-name") or f"row {number}"

    def required(self, number: int, other: int | None) -> str | None:
        if other and self.is_empty(other):
            self.add_error(f"{number}-requires", f"Row {other} is empty. Choose another row, or none.")
            return None
        return self.called(other) if other else None

    def sent_as(self, name: str) -> str:
        """The form's name for a field of the action, `payments.0.amount`."""
        kind, _, rest = name.partition(".")
        if kind != "payments" or not rest:
            return name
        place, _, part = rest.partition(".")
        return f"{self.places[int(place)]}-{part}"

    def rates(self, of: PaymentSchedule | None) -> Rates:
        """What was typed; what this form does not show is that of the schedule."""
        data = self.cleaned_data
        shared = {name: data[name] if name in self.fields else getattr(of, name) for name in SHARED}
        own = {name: data[name] for name in ("starts_on", "ends_on", "source")}
        return Rates(**shared, **own, payments=tuple(self.payments))


def row_fields(number: int, count: int) -> dict[str, forms.Field]:
    others = [("", "None"), *((str(other), f"Row {other}") for other in range(1, count + 1))]
    made: dict[str, forms.Field] = {
        "name": text(f"Payment {number}", NAME, ""),
        "trigger": forms.ChoiceField(
            label=f"Paid for, payment {number}",
            choices=[("", "Choose"), *((each.value, words) for each, words in TRIGGERS.items())],
            widget=LongSelect,
        ),
        "amount": Dollars(label=f"Dollars, payment {number}"),
        "days": forms.IntegerField(
            label=f"Days worked, payment {number}",
            min_value=1,
            max_value=MOST_DAYS,
            widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        ),
        "repeatable": forms.TypedChoiceField(
            label=f"How often, payment {number}",
            choices=[("", "Once for a person"), ("again", "Each time")],
            coerce=bool,
            widget=LongSelect,
        ),
        "requires": forms.TypedChoiceField(
            label=f"Only after, payment {number}",
            choices=others,
            coerce=int,
            empty_value=None,
            widget=LongSelect,
        ),
        "pays_only_if": text(f"Pays only if, payment {number}", WORDS, ""),
    }
    for field in made.values():
        field.required = False
    return {f"{number}-{part}": field for part, field in made.items()}


def begun_with(row: PaymentSchedule, payments: Sequence[Payment]) -> dict[str, Any]:
    """What the form of a schedule shows at first."""
    rows = {payment.name: number for number, payment in enumerate(payments, start=1)}
    shown = {name: getattr(row, name) for name in (*SHARED, "starts_on", "ends_on", "source", "version")}
    for number, payment in enumerate(payments, start=1):
        values = {
            **vars(payment),
            "amount": f"{payment.amount:,.2f}",
            "trigger": payment.trigger.value,
            "repeatable": "again" if payment.repeatable else "",
            "requires": rows.get(payment.requires or "", ""),
        }
        shown |= {f"{number}-{part}": values[part] for part in PARTS}
    return shown
