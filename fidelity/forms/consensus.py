"""The consensus: for each item the rating the reviewers agree on, and why."""

from collections.abc import Collection, Mapping
from typing import Any

from django import forms

from agencies.forms import HouseForm
from fidelity.actions.consensus import Settled
from fidelity.forms.merging import Values
from fidelity.forms.texts import TextField
from fidelity.models import ConsensusRating
from fidelity.scales import HIGHEST, LOWEST, Item, Scale

SCORES = [(str(score), str(score)) for score in range(LOWEST, HIGHEST + 1)]


class ConsensusForm(HouseForm):
    base = forms.CharField(widget=forms.HiddenInput, required=False, max_length=4000)
    then = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)

    def __init__(self, *args: Any, scale: Scale, asking: Collection[str] = (), **kwargs: Any) -> None:
        """`asking`: items whose ratings are so far apart that a reason is asked for in any case."""
        super().__init__(*args, **kwargs)
        self.scale = scale
        for item in scale.items:
            self.fields |= item_fields(item, asks_why=item.code in asking)

    @property
    def values(self) -> Values:
        return {name: self.cleaned_data[name] for item in self.scale.items for name in names(item)}


def item_fields(item: Item, *, asks_why: bool) -> dict[str, forms.Field]:
    score, reason = names(item)
    return {
        score: forms.ChoiceField(
            label=f"Agreed rating, item {item.seq}", choices=SCORES, required=False, widget=forms.RadioSelect
        ),
        reason: TextField(
            label=f"Why, item {item.seq}",
            rows=2,
            help_text="One sentence: what settled it."
            if asks_why
            else "Needed where neither of you gave this rating.",
        ),
    }


def names(item: Item) -> tuple[str, str]:
    return f"{item.code}-score", f"{item.code}-reason"


def stored_values(scale: Scale, kept: Mapping[str, ConsensusRating], alike: Mapping[str, int]) -> Values:
    """What stands in the fields: what was settled, and where all rated the same, that."""
    values: Values = {}
    for item in scale.items:
        row, (score, reason) = kept.get(item.code), names(item)
        agreed = row.score if row else alike.get(item.code, "")
        values |= {score: str(agreed), reason: row.reason if row else ""}
    return values


def settled(
    scale: Scale, typed: Values, before: Values, kept: Mapping[str, ConsensusRating]
) -> dict[str, Settled]:
    """The items that say something else than before."""
    found = {}
    for item in scale.items:
        score, reason = names(item)
        if (typed[score], typed[reason]) != (before[score], before[reason]):
            version = kept[item.code].version if item.code in kept else 0
            found[item.code] = Settled(int(typed[score]) if typed[score] else None, typed[reason], version)
    return found
