"""What the resources of this app look like as JSON. Lengths come from the models, so no limit is written twice."""

from typing import Any, ClassVar

from django.db.models import Model, QuerySet
from rest_framework import serializers

from agencies.dashboards import status_of
from agencies.permissions import Role
from agencies.refusals import Unacceptable
from agencies.seen import mark
from ips_portal.api.fields import Text
from ips_portal.api.shapes import Out, Shape, Values

REASON_LIMIT = 1000
ROLES = [(role.value, role.label) for role in Role]
STATUSES = ["open", "closing", "closed"]


class Slug(Text):
    """The part of an address that names a record. Which records may be named is checked where it is looked up."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=60, **kwargs)


class Profile(Out):
    """A record of which some roles know the name and public profile only: the other fields are then left out."""

    public: ClassVar[frozenset[str]]

    def get_fields(self) -> dict[str, Any]:
        found = super().get_fields()
        for name, field in found.items():
            field.required = name in self.public
        return found

    def to_representation(self, instance: Any) -> Any:
        told = super().to_representation(instance)
        if self.context.get("names_only"):
            return {name: value for name, value in told.items() if name in self.public}
        return told


class Ref(Out):
    """A record with an address of its own."""

    slug = serializers.CharField()
    name = serializers.CharField()


class NumberedRef(Out):
    id = serializers.IntegerField()
    name = serializers.CharField()


class Ending(serializers.ChoiceField):
    """open, closing or closed, on the day of the state."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=STATUSES, source="ended_on", **kwargs)

    def get_attribute(self, instance: Any) -> Any:
        return status_of(instance.ended_on, self.context["today"])

    def to_representation(self, value: Any) -> Any:
        return value


class Entry(Out):
    """One change, in words."""

    at = serializers.DateTimeField()
    who = serializers.CharField()
    text = serializers.CharField()
    reason = serializers.CharField(allow_blank=True)


class Reason(Shape):
    reason = Text(max_length=REASON_LIMIT, help_text="Kept in the history. No client names.")


def kept(
    model: type[Model], name: str, kind: type[Text] = Text, *, partial: bool = False, **kwargs: Any
) -> Text:
    """A text as long as the model's field takes. What the model lets be blank may be left out.

    `partial` is for a change, where whatever is not sent stays as it is.
    """
    field: Any = model._meta.get_field(name)
    blank = {"allow_blank": True} if field.blank else {}
    left_out = {"required": False} if partial else {"required": False, "default": ""} if field.blank else {}
    return kind(max_length=field.max_length, **{**blank, **left_out, **kwargs})


def one(rows: "QuerySet[Any]", value: Any, *, field: str, by: str = "slug") -> Any:
    """The row that is named, among those the actor may choose from. Raises Unacceptable."""
    return several(rows, [value], field=field, by=by)[0]


def several(rows: "QuerySet[Any]", values: list[Any], *, field: str, by: str = "slug") -> list[Any]:
    found = {getattr(row, by): row for row in rows.filter(**{f"{by}__in": values})}
    if strangers := [value for value in values if value not in found]:
        raise Unacceptable(f"{str(strangers[0])[:60]} is not one of the choices.", field=field)
    return [found[value] for value in dict.fromkeys(values)]


class SeenAs(Text):
    """The version that came with what was read; 409 says that it is no longer that."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=64, **kwargs)


class SeenOut(serializers.CharField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(source="*", read_only=True, **kwargs)

    def to_representation(self, value: Any) -> str:
        return mark(value)


def over(record: Any, names: Any, sent: Values) -> Values:
    """The values of a record's fields, with what was sent over them."""
    return {name: sent.get(name, getattr(record, name)) for name in names}
