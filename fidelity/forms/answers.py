"""Two sides of one page: the agency's comments on a draft, item by item, and the reviewers' answers to them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms

from agencies.forms import HouseForm
from fidelity.actions.answering import Comment, Reply
from fidelity.forms.merging import Values, digests
from fidelity.forms.texts import TextField
from fidelity.models import DraftComment
from fidelity.scales import Item


@dataclass(frozen=True)
class Typed:
    """What somebody typed at an item, field by field, where it could not be saved."""

    item: Item
    texts: tuple[tuple[str, str], ...]


class AnswerForm(HouseForm):
    """What both have in common: two fields an item, and the digests of what they were opened with."""

    parts: tuple[str, str]
    base = forms.CharField(widget=forms.HiddenInput, required=False, max_length=4000)
    then = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)

    def __init__(
        self,
        data: Any = None,
        *,
        items: Collection[Item],
        kept: Mapping[str, DraftComment],
        typed: Values | None = None,
    ) -> None:
        self.items, self.kept = items, kept
        stored = self.stored
        super().__init__(data, initial={**stored, **(typed or {}), "base": digests(stored)})
        for item in items:
            self.fields |= {f"{item.code}-{part}": field for part, field in self.asked(item).items()}

    def asked(self, item: Item) -> dict[str, forms.Field]:
        raise NotImplementedError

    @property
    def names(self) -> list[str]:
        return [f"{item.code}-{part}" for item in self.items for part in self.parts]

    @property
    def stored(self) -> Values:
        return {
            f"{item.code}-{part}": getattr(self.kept[item.code], part) if item.code in self.kept else ""
            for item in self.items
            for part in self.parts
        }

    @property
    def values(self) -> Values:
        return {name: self.cleaned_data[name] for name in self.names}

    @property
    def typed(self) -> list[Typed]:
        """Item by item what stands in the fields and is not stored, with the words of each field."""
        found = []
        for item in self.items:
            both = [self[f"{item.code}-{part}"] for part in self.parts]
            if any(self.spoken(field) != self.stored[field.name] for field in both):
                found.append(Typed(item, tuple((str(field.label), self.spoken(field)) for field in both)))
        return found

    @staticmethod
    def spoken(field: forms.BoundField) -> str:
        return str(field.value() or "").replace("\r\n", "\n").strip()

    def changed(self, values: Values) -> dict[str, tuple[str, str, int]]:
        """Of each item that says something else than before: both texts, and the version they were typed over."""
        stored, (first, second) = self.stored, self.parts
        return {
            item.code: (values[f"{item.code}-{first}"], values[f"{item.code}-{second}"], self.version(item))
            for item in self.items
            if any(values[f"{item.code}-{part}"] != stored[f"{item.code}-{part}"] for part in self.parts)
        }

    def version(self, item: Item) -> int:
        """Of what is stored: the digests tell whether somebody else changed it."""
        return self.kept[item.code].version if item.code in self.kept else 0


class CommentForm(AnswerForm):
    parts = ("wrong", "seen")

    def asked(self, item: Item) -> dict[str, forms.Field]:
        return {
            "wrong": TextField(label=f"What is not right, item {item.seq}", rows=3),
            "seen": TextField(
                label=f"Where it can be seen, item {item.seq}",
                rows=2,
                help_text="A record, a log, a person to ask. Never the name of a person served.",
            ),
        }

    def comments(self, values: Values) -> dict[str, Comment]:
        return {code: Comment(*said) for code, said in self.changed(values).items()}


class ReplyForm(AnswerForm):
    """Of the items that were commented on. An answer is to the comment as it was read, so its version goes along."""

    parts = ("outcome", "answer")

    def asked(self, item: Item) -> dict[str, forms.Field]:
        return {
            "version": forms.IntegerField(
                initial=self.kept[item.code].version,
                required=False,
                min_value=0,
                max_value=2**31 - 1,
                widget=forms.HiddenInput,
            ),
            "outcome": forms.ChoiceField(
                label=f"What you did, item {item.seq}",
                choices=DraftComment.Outcome.choices,
                required=False,
                widget=forms.RadioSelect,
            ),
            "answer": TextField(
                label=f"Your answer, item {item.seq}",
                rows=3,
                help_text="What was changed in the report, or why nothing was.",
            ),
        }

    def version(self, item: Item) -> int:
        return self.cleaned_data[f"{item.code}-version"] or 0

    def replies(self, values: Values) -> dict[str, Reply]:
        return {code: Reply(*said) for code, said in self.changed(values).items()}
