"""What every form of the house shares: clean text, known fields only, and refusals shown where they belong.

A form parses; whether the values are right for the program is the action's question.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import ProhibitNullCharactersValidator
from django.db import connection, transaction
from django.http import QueryDict

from agencies import tenancy
from agencies.refusals import Refusal, StaleVersion, Unacceptable

NOT_STORABLE = "This text has a character that cannot be stored. Type the place again by hand."
SEVERAL = (forms.MultipleChoiceField, forms.ModelMultipleChoiceField)
ALWAYS_SENT = frozenset({"csrfmiddlewaretoken"})


def storable(text: str) -> None:
    """PostgreSQL stores neither NUL nor half of a surrogate pair."""
    if "\x00" in text or any("\ud800" <= letter <= "\udfff" for letter in text):
        raise ValidationError(NOT_STORABLE, code="not_storable")


class SeenForm(forms.Form):
    """Carries the mark of what stood on the page when it was opened."""

    seen_as = forms.CharField(widget=forms.HiddenInput, max_length=64)


class HouseForm(forms.Form):
    """Refuses fields it does not know, values given twice, and text that cannot be stored."""

    def full_clean(self) -> None:
        for field in self.fields.values():
            refuse_unstorable(field)
        super().full_clean()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for name in sorted(self._sent() - self._known()):
            self.add_error(None, f"Unknown field: {name[:60]}. Nothing was saved; open the form again.")
        for name, field in self.fields.items():
            if self._values(name) > 1 and not isinstance(field, SEVERAL):
                self.add_error(name, "This was sent twice with different values. Enter it once.")
        return cleaned

    def _sent(self) -> set[str]:
        return {str(name) for name in [*self.data, *self.files]}

    def _known(self) -> set[str]:
        names = set(ALWAYS_SENT)
        for name, field in self.fields.items():
            sent = self.add_prefix(name)
            names.add(sent)
            if isinstance(field.widget, forms.ClearableFileInput):
                names.add(f"{sent}-clear")
        return names

    def _values(self, name: str) -> int:
        data = self.data
        return len(data.getlist(self.add_prefix(name))) if isinstance(data, QueryDict) else 1


class LookedForm(HouseForm):
    """Is saved once what it would change was read: `looked` is the mark of that, empty before."""

    looked = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    def seen(self, mark: str) -> None:
        """The page that comes back says what was looked at."""
        again: Any = self.data.copy()  # type: ignore[attr-defined]  # a QueryDict
        again["looked"] = mark
        self.data = again


def refuse_unstorable(field: forms.Field) -> None:
    if isinstance(field, forms.CharField) and not isinstance(field, forms.UUIDField):
        others = [each for each in field.validators if each is not storable]
        field.validators = [
            storable,
            *(each for each in others if not isinstance(each, ProhibitNullCharactersValidator)),
        ]


class Day(forms.DateField):
    """A date as people here write it. Years nobody means are asked about: 2/3/0026 is a slip."""

    def clean(self, value: Any) -> Any:
        day = super().clean(value)
        if day and not 1950 <= day.year <= 2100:
            raise ValidationError(
                f"Check the year: {day.year:04d}. Write it with four digits, such as 2/3/2026."
            )
        return day


@dataclass
class Undone:
    refusal: Refusal | None = None


@contextmanager
def undone_by(*kinds: type[Refusal]) -> Iterator[Undone]:
    """What was written before such a refusal is undone alone: the request reads on, to show what stands now."""
    undone = Undone()
    try:
        with transaction.atomic():
            yield undone
    except kinds as refusal:
        undone.refusal = refusal
        if connection.in_atomic_block:
            tenancy.retell()


@contextmanager
def shown_on(form: forms.Form, sent_as: Callable[[str], str] = str) -> Iterator[None]:
    """A value the action cannot take becomes an error of the form; afterwards `form.is_valid()` is false.

    What the action wrote before goes with the transaction, because the view then answers 422. `sent_as` gives the
    form's names for those of the action.
    """
    try:
        yield
    except (Unacceptable, StaleVersion) as refusal:
        if isinstance(refusal, StaleVersion) and "seen_as" not in form.fields:
            raise
        if connection.in_atomic_block:
            transaction.set_rollback(False)
            tenancy.retell()
        named = {sent_as(name): words for name, words in refusal.fields.items()}
        is_here = named and named.keys() <= form.fields.keys()
        form.add_error(None, named if is_here else refusal.message)
        if isinstance(refusal, StaleVersion):  # who saves again has been told
            typed: Any = form.data
            again = typed.copy()
            again["seen_as"] = refusal.current["version"]
            form.data = again
