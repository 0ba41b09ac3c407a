"""Figures as JSON, taken strictly: a count is a whole number, a decimal is text, and no answer is left to guess."""

from collections.abc import Mapping
from typing import Any

from rest_framework import serializers

from ips_portal.api.fields import MISSING, plain
from outcomes.figures import OPEN, Figure, Standing
from outcomes.measures import Edition, Measure, edition
from outcomes.models import NOTE_LIMIT
from outcomes.reading import NotANumber, read

WHY = "Say why it was not collected, in a text that is not empty."
MOST = 60


class FiguresField(serializers.DictField):
    """{"served": 40, "specialist_fte": "2.50", "in_school": {"not_collected": "why"}, "waitlist": null}"""

    default_error_messages = {**MISSING, "not_a_dict": "This must be an object of measures."}

    def to_internal_value(self, data: Any) -> dict[str, Figure]:
        if not isinstance(data, Mapping):
            self.fail("not_a_dict")
        known, problems, found = edition().by_key, {}, {}
        for key, value in list(data.items())[:MOST]:
            if key not in known:
                name = key[:40] if plain(key) else "?"
                problems[name] = [f"Unknown or read-only field: {name}."]
                continue
            try:
                found[key] = figure(value, known[key])
            except NotANumber as problem:
                problems[key] = [str(problem)]
        if problems:
            raise serializers.ValidationError(problems)
        return found


def figure(value: Any, measure: Measure) -> Figure:
    """Raises NotANumber, with the words a person would get."""
    if value is None:
        return OPEN
    if isinstance(value, Mapping):
        return absent(value)
    wanted = int if measure.is_count else str
    if type(value) is not wanted:
        kind = "a whole number" if measure.is_count else 'a decimal as text, such as "2.50"'
        raise NotANumber(f"{measure.key} must be {kind}.")
    reading = read(str(value), measure)
    if reading is None:
        raise NotANumber(f"{measure.key} must be a number; for no answer send null.")
    return reading.figure


def absent(value: Mapping[str, Any]) -> Figure:
    why = value.get("not_collected")
    if set(value) != {"not_collected"} or not isinstance(why, str) or not why.strip() or not plain(why):
        raise NotANumber(f'Send {{"not_collected": "why"}}. {WHY}')
    if len(why) > NOTE_LIMIT:
        raise NotANumber(f"Shorten the reason to {NOTE_LIMIT:,} characters or fewer.")
    return Figure(why=why.strip())


def as_json(figure: Figure) -> Any:
    match figure.standing:
        case Standing.OPEN:
            return None
        case Standing.NOT_COLLECTED:
            return {"not_collected": figure.why}
    return figure.value if isinstance(figure.value, int) else str(figure.value)


class NotesField(serializers.DictField):
    """Notes on warnings, by rule."""

    default_error_messages = {**MISSING, "not_a_dict": "This must be an object of notes by rule."}

    def to_internal_value(self, data: Any) -> dict[str, str]:
        if not isinstance(data, Mapping):
            self.fail("not_a_dict")
        for rule, text in data.items():
            if not isinstance(text, str) or not plain(text) or not plain(rule) or len(text) > NOTE_LIMIT:
                raise serializers.ValidationError(f"A note is text of at most {NOTE_LIMIT:,} characters.")
        return {rule[:10]: text.strip() for rule, text in data.items()}


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
        }
        for measure in kept.measures
    ]
