"""A text of the bank, and the filters of its list."""

from collections.abc import Mapping
from typing import Any

from django import forms

from agencies.forms.files import OnceForm
from agencies.forms.filters import Filter
from fidelity.actions.bank import Kept
from fidelity.dashboards.bank import SHOWN, WHOLE, item_choices, named
from fidelity.forms.texts import ReadForm, TextField
from fidelity.models import BankText
from fidelity.scales import HIGHEST, LOWEST, Scale
from ips_portal.uswds import LongSelect

BRING_BACK = "bring-back"  # what the button of a retired text asks for beside saving
RATINGS = [(rating, str(rating)) for rating in range(LOWEST, HIGHEST + 1)]
OF_ITEMS = f"part: {' '.join(BankText.OF_ITEMS)}"  # what shows the fields that only a text of an item needs


class RatingField(forms.TypedChoiceField):
    def __init__(self, **kwargs: Any) -> None:
        widget = forms.Select(attrs={"data-when": OF_ITEMS})
        super().__init__(choices=RATINGS, coerce=int, required=False, widget=widget, **kwargs)


class BankTextForm(OnceForm):
    text = TextField(
        label="Text",
        rows=5,
        required=True,
        help_text="As it may stand in the report of any team.",
    )
    part = forms.ChoiceField(
        label="Where it goes in the report",
        choices=[("", "Choose a text of the report"), *BankText.Part.choices],
    )
    item = forms.ChoiceField(
        label="Item",
        required=False,
        widget=LongSelect(attrs={"data-when": OF_ITEMS}),
        help_text="For a text of one item.",
    )
    lowest = RatingField(
        label="Lowest rating it suits",
        initial=LOWEST,
        help_text="It is offered where the item was rated from here on.",
    )
    highest = RatingField(label="Highest rating it suits", initial=HIGHEST, help_text="And up to here.")
    field_order: tuple[str, ...] = ("part", "item", "lowest", "highest", "text", "key")

    def __init__(self, data: Any = None, *, scales: Mapping[str, Scale], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["item"].choices = [("", "Choose an item"), *item_choices(scales)]  # type: ignore[attr-defined]

    @property
    def kept(self) -> Kept:
        """Ratings that are not sent are not asked of: it suits every one."""
        data = self.cleaned_data
        scale_key, _, code = data["item"].rpartition(":")
        lowest, highest = data["lowest"] or LOWEST, data["highest"] or HIGHEST
        return Kept(data["part"], data["text"], scale_key, code, lowest, highest)


class BankTextChangeForm(ReadForm, BankTextForm):
    key = None  # type: ignore[assignment]  # the version says which form it was
    then = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)
    field_order = ("part", "item", "lowest", "highest", "text", "version")

    @property
    def brings_back(self) -> bool:
        return bool(self.cleaned_data["then"] == BRING_BACK)


def stored(row: BankText) -> dict[str, Any]:
    """What the form of a text shows."""
    shown = {name: getattr(row, name) for name in ("part", "lowest", "highest", "text", "version")}
    return {**shown, "item": named(row.scale_key, row.item_code)}


class BankFilter(Filter):
    q = forms.CharField(
        label="Words", required=False, max_length=100, widget=forms.TextInput(attrs={"type": "search"})
    )
    part = forms.ChoiceField(
        label="Goes into",
        required=False,
        choices=[("", "Any text"), *BankText.Part.choices],
        widget=LongSelect,
    )
    item = forms.ChoiceField(label="Item", required=False, widget=LongSelect)
    show = forms.ChoiceField(
        label="Which", required=False, choices=[("", "In use"), *SHOWN.items()], widget=LongSelect
    )

    def __init__(self, data: Any, *, scales: Mapping[str, Scale]) -> None:
        super().__init__(data)
        self.offer("item", "Any", [(WHOLE, "The whole report"), *item_choices(scales)])
