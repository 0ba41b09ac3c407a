"""Values of a review, checked by the same rules as what the rating page sends."""

from datetime import date
from typing import Any

from rest_framework import serializers

from agencies.refusals import Unacceptable
from fidelity.forms.rating import LARGEST_VERSION, clean_note
from fidelity.models import NOTE_LIMIT
from fidelity.scales import HIGHEST, LOWEST
from fidelity.scoring import RatingError, check_rating
from ips_portal.api.fields import Text, Whole


class Score(Whole):
    """A rating from 1 to 5."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=LOWEST, max_value=HIGHEST, **kwargs)

    def to_internal_value(self, data: Any) -> int:
        try:
            return check_rating(data)
        except RatingError as problem:
            raise serializers.ValidationError(str(problem)) from None


class Version(Whole):
    """The version the values were written over: the one that came with them."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=kwargs.pop("min_value", 0), max_value=LARGEST_VERSION, **kwargs)


class Note(Text):
    """Plain text as people paste it; what a word processor adds invisibly is taken out."""

    def __init__(self, *, strip: bool = True, **kwargs: Any) -> None:
        kwargs.setdefault("allow_blank", True)
        super().__init__(max_length=NOTE_LIMIT, trim_whitespace=False, **kwargs)
        self.strip = strip

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        try:
            text = clean_note(data)
        except Unacceptable as refusal:
            raise serializers.ValidationError(refusal.message) from None
        return text.strip() if self.strip else text


def iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
