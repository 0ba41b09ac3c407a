"""A state's rules as programs decide them: by the paths the policy is read by, within the limits of the page's form."""

from typing import Any

from django import forms
from rest_framework import serializers

from agencies.api.shapes import Ref, SeenAs
from fidelity.api.fields import Note
from fidelity.forms.policies import asked
from fidelity.policy_fields import BY_PATH
from ips_portal.api.fields import Choice, Day, Flag, Text, Whole
from ips_portal.api.shapes import Out, Shape, Values

LONGEST_KEY = 60  # of a scale


def as_sent(path: str, entry: forms.Field) -> serializers.Field[Any, Any, Any, Any]:
    """The field of the form as JSON: the same limits, and null where it may be left empty."""
    said: Values = {"required": False, "help_text": BY_PATH[path].label}
    empty: Values = {} if entry.required else {"allow_null": True}
    match entry:
        case forms.BooleanField():
            return Flag(**said)
        case forms.IntegerField():
            limits: Values = {"min_value": entry.min_value, "max_value": entry.max_value}
            return Whole(**limits, **said, **empty)
        case forms.ChoiceField() if entry.choices:
            return Choice(choices=[str(value) for value, _ in entry.widget.choices], **said)
        case forms.CharField():
            return Text(max_length=entry.max_length, **said, **empty)
    return Text(max_length=LONGEST_KEY, **said)  # which scales there are is a matter of the state and the day


class RuleValues(Shape):
    """By path, as the policy shows them. What is left out stays as it is."""

    def get_fields(self) -> dict[str, Any]:
        return super().get_fields() | {path: as_sent(path, entry) for path, entry in asked().items()}

    def to_internal_value(self, data: Any) -> Values:
        taken = super().to_internal_value(data)  # a point in a name makes a mapping of its parts
        flat: Values = {}
        for name, value in taken.items():
            parts = (
                {f"{name}.{rest}": part for rest, part in value.items()} if isinstance(value, dict) else {}
            )
            flat |= parts or {name: value}
        return flat


class RulesIn(Shape):
    effective_from = Day(help_text="Reviews that end from that day on are judged by these rules.")
    values = RuleValues()
    source = Note(  # type: ignore[assignment]  # a field of that name
        allow_blank=False, help_text="Who decided this, and where it is written."
    )


class RulesRead(RulesIn):
    version = SeenAs(help_text="The version of what the rules would change, as it was read.")


class RuleDifference(Out):
    label = serializers.CharField()  # type: ignore[assignment]  # a field of that name
    before = serializers.CharField()
    after = serializers.CharField()


class TeamElsewhere(Out):
    team = Ref()
    differences = RuleDifference(many=True)


class RulesEffect(Out):
    on = serializers.DateField(help_text="The day the two are compared on.")
    teams = serializers.IntegerField(help_text="How many were compared.")
    changed = TeamElsewhere(many=True, help_text="Teams that would stand elsewhere.")
    reports = RuleDifference(allow_null=True, help_text="What is asked of drafts before they go out.")
    version = serializers.CharField(help_text="Goes with the decision.")
