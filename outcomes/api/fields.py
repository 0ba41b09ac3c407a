"""Figures and the texts beside them as JSON, taken strictly: a count is a whole number, a decimal is text.

Every name is one the report knows, and a text is refused in the words of the form.
"""

from collections.abc import Collection, Mapping
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.fields import empty

from ips_portal.api.fields import MISSING, Text, Whole
from ips_portal.api.shapes import short
from ips_portal.quarters import NotAQuarter, Quarter
from outcomes.checks import catalogue
from outcomes.figures import OPEN, Figure, Standing
from outcomes.forms.figures import WHY, note
from outcomes.measures import Edition, Measure, edition
from outcomes.models import NOTE_LIMIT
from outcomes.reading import NotANumber, read_strictly

MOST_NAMED = 20  # unknown names in one answer
RULES = tuple(rule.id for rule in catalogue())
FIGURE = {
    "oneOf": [
        {"type": "integer", "minimum": 0, "nullable": True},
        {"type": "string"},
        {
            "type": "object",
            "properties": {"not_collected": {"type": "string"}},
            "required": ["not_collected"],
            "additionalProperties": False,
        },
    ],
    "description": '40, "2.50", {"not_collected": "why"}, or null for no answer yet.',
}


class Note(Text):
    """Plain text as people paste it, cleaned as on the form."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("allow_blank", True)
        super().__init__(max_length=NOTE_LIMIT, trim_whitespace=False, **kwargs)

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        problems: list[str] = []
        text = note(data, problems)
        if problems:
            raise serializers.ValidationError(problems)
        if not text and not self.allow_blank:
            self.fail("blank")
        return text


class Count(Whole):
    """A whole number of a measure, refused in the words of the form."""

    def __init__(self, key: str, **kwargs: Any) -> None:
        self.counted = edition().by_key[key]
        super().__init__(max_value=int(self.counted.maximum), **kwargs)

    def to_internal_value(self, data: Any) -> Any:
        try:
            reading = read_strictly(data, self.counted)
        except NotANumber as problem:
            raise serializers.ValidationError([str(problem)]) from None
        return reading.value if reading else None


class QuarterText(Text):
    """2026-q3"""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 160)  # one answer for all that is no quarter
        super().__init__(help_text="Such as 2026-q3.", **kwargs)

    def run_validation(self, data: Any = empty) -> Any:
        text = super().run_validation(data)
        try:
            return Quarter.parse(text) if isinstance(text, str) else text
        except NotAQuarter as problem:
            raise serializers.ValidationError(str(problem)) from None


class ByName(serializers.DictField):
    """Values under names the report knows; all problems at once, each under its name."""

    default_error_messages = {**MISSING, "not_a_dict": "This must be an object of values by name."}

    @property
    def names(self) -> Collection[str]:
        raise NotImplementedError

    def taken(self, name: str, value: Any) -> Any:
        return self.child.run_validation(value)

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        if not isinstance(data, Mapping):
            self.fail("not_a_dict")
        unknown = [short(name) for name in data if name not in self.names][:MOST_NAMED]
        problems: dict[str, Any] = {name: [f"Unknown or read-only field: {name}."] for name in unknown}
        found = {}
        for name in self.names:
            if name in data:
                try:
                    found[name] = self.taken(name, data[name])
                except serializers.ValidationError as problem:
                    problems[name] = problem.detail
        if problems:
            raise serializers.ValidationError(problems)
        return found


@extend_schema_field(FIGURE)
class FigureField(serializers.Field[Any, Any, Any, Any]):
    """One figure. What it may be depends on its measure, so `FiguresField` reads it."""

    def to_internal_value(self, data: Any) -> Any:
        return data

    def to_representation(self, value: Figure) -> Any:
        return as_json(value)


class FiguresField(ByName):
    """{"served": 40, "specialist_fte": "2.50", "in_school": {"not_collected": "why"}, "waitlist": null}

    The measures are those of the report: `sent(measures=...)`.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(child=FigureField(allow_null=True), **kwargs)

    @property
    def names(self) -> Collection[str]:
        return [measure.key for measure in self.context["measures"]]

    def taken(self, name: str, value: Any) -> Figure:
        measure = next(each for each in self.context["measures"] if each.key == name)
        try:
            return figure(value, measure)
        except NotANumber as problem:
            raise serializers.ValidationError([str(problem)]) from None


class CommentsField(ByName):
    """Texts by measure."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(child=Note(), **kwargs)

    @property
    def names(self) -> Collection[str]:
        return [measure.key for measure in self.context["measures"]]


class NotesField(ByName):
    """Notes on warnings, by rule."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(child=Note(), **kwargs)

    @property
    def names(self) -> Collection[str]:
        return RULES


def figure(value: Any, measure: Measure) -> Figure:
    """Raises NotANumber, with the words a person would get."""
    if isinstance(value, Mapping):
        return absent(value, measure)
    reading = read_strictly(value, measure)
    return reading.figure if reading else OPEN


def absent(value: Mapping[str, Any], measure: Measure) -> Figure:
    why, problems = value.get("not_collected"), list[str]()
    if set(value) != {"not_collected"} or not isinstance(why, str):
        raise NotANumber(f'{measure.key} that was not collected is {{"not_collected": "why"}}.')
    why = note(why, problems)
    if problems or not why:
        raise NotANumber(problems[0] if problems else WHY)
    return Figure(why=why)


def as_json(figure: Figure) -> Any:
    match figure.standing:
        case Standing.OPEN:
            return None
        case Standing.NOT_COLLECTED:
            return {"not_collected": figure.why}
    return figure.value if isinstance(figure.value, int) else str(figure.value)


def measures_as_json(kept: Edition, chosen: set[str]) -> list[dict[str, Any]]:
    return [
        {
            "key": measure.key,
            "label": measure.label,
            "unit": measure.unit,
            "definition": measure.definition,
            "source": measure.source,
            "is_core": measure.is_core,
            "is_collected": measure.key in chosen,
            "within": measure.within,
            "places": measure.places,
            "maximum": measure.maximum,
        }
        for measure in kept.measures
    ]
