"""What filters of lists have in common: they are held in the address, and ask for an agency where there are several."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms

from agencies.models import Agency
from ips_portal.uswds import LongSelect


class Filter(forms.Form):
    def __init__(self, data: Any) -> None:
        super().__init__(data, auto_id="filter_%s")

    def offer(self, name: str, every: str, choices: Iterable[tuple[str, str]]) -> None:
        """`every` is the word for no choice."""
        self.fields[name].choices = [("", every), *choices]  # type: ignore[attr-defined]  # a ChoiceField

    @property
    def is_active(self) -> bool:
        return any(self.data.get(name) for name in self.fields)


class FilterByAgency(Filter):
    agency = forms.ChoiceField(required=False, widget=LongSelect)

    def __init__(self, data: Any, *, agencies: Sequence[Agency], agency_word: str) -> None:
        super().__init__(data)
        self.offer("agency", "Any", [(agency.slug, agency.name) for agency in agencies])
        self.fields["agency"].label = agency_word[:1].upper() + agency_word[1:]
        if len(agencies) < 2:
            del self.fields["agency"]
