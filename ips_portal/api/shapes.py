"""What a request may hold and what an answer holds. A shape takes the fields it names and no others."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import QueryDict
from rest_framework import serializers

from ips_portal.api.fields import Choice, Day, Number, Text, plain
from ips_portal.api.problems import BadFields, BadQuery, flat

MOST_ROWS = 100
ALWAYS_ASKED = frozenset({"as"})  # under which of one's memberships
Values = dict[str, Any]
Serializer = serializers.Serializer[Any]


class Shape(Serializer):
    """The body of a request. A field that is unknown or not to be written is refused by its name."""

    default_error_messages = {"invalid": "Send a JSON object."}

    def to_internal_value(self, data: Any) -> Values:
        if not isinstance(data, Mapping):
            self.fail("invalid")
        writable = {name for name, field in self.fields.items() if not field.read_only}
        if unknown := [name for name in data if name not in writable]:
            raise serializers.ValidationError(
                {short(name): [f"Unknown or read-only field: {short(name)}."] for name in unknown[:20]}
            )
        values: Values = super().to_internal_value(data)
        return values


class Nothing(Shape):
    """No field at all: the address says everything."""


class Out(Serializer):
    """The body of an answer."""


class Query(Serializer):
    """The parameters an address takes. None but the membership, unless a subclass names some."""


class Pages(Query):
    page = Number(
        required=False, default=1, min_value=1, max_value=1_000_000, help_text="Which page, from 1."
    )
    page_size = Number(
        required=False,
        default=50,
        min_value=1,
        max_value=MOST_ROWS,
        help_text=f"Rows on it, up to {MOST_ROWS}.",
    )


@dataclass(frozen=True)
class Answer:
    """What a method answers with when it succeeds. Without a shape, with nothing (204) or with a file."""

    shape: type[Serializer] | None
    status: int = 200
    kind: str = "application/pdf"  # of a file


@cache
def paged(shape: type[Serializer]) -> type[Serializer]:
    """A page of a list."""
    fields = {
        "count": serializers.IntegerField(min_value=0, help_text="Rows on all pages."),
        "page": serializers.IntegerField(min_value=1),
        "page_size": serializers.IntegerField(min_value=1, max_value=MOST_ROWS),
        "results": shape(many=True),
    }
    return type(f"{shape.__name__}Page", (Out,), fields)


def page_of(rows: "QuerySet[Any] | Sequence[Any]", chosen: Values) -> tuple[list[Any], Values]:
    """The rows of the page asked for, and the numbers around them. A page behind the last one is empty."""
    pages = Paginator(rows, chosen["page_size"])
    number = chosen["page"]
    found = list(pages.page(number)) if number <= pages.num_pages else []
    return found, {"count": pages.count, "page": number, "page_size": chosen["page_size"]}


def read(shape: type[Serializer], data: Any, **context: Any) -> Values:
    """The values of a body. Raises BadFields (422)."""
    given = shape(data=data, context=context)
    if not given.is_valid():
        raise BadFields(flat(given.errors))
    values: Values = given.validated_data
    return values


def read_query(shape: type[Serializer], params: QueryDict) -> Values:
    """The values of an address's parameters. Raises BadQuery (400)."""
    allowed: list[str] = [str(name) for name in shape().fields]
    for name in params:
        if name not in allowed and name not in ALWAYS_ASKED:
            offered = f"Choose from {', '.join(sorted(allowed))}." if allowed else "This address takes none."
            raise BadQuery({short(name): [f"Cannot ask for {short(name)}. {offered}"]})
        if len(params.getlist(name)) > 1:
            raise BadQuery({name: [f"{name} given twice."]})
    given = shape(data={name: params[name] for name in allowed if name in params})
    if not given.is_valid():
        raise BadQuery(flat(given.errors))
    values: Values = given.validated_data
    return values


def search(help_text: str) -> Text:
    return Text(required=False, max_length=160, allow_blank=True, default="", help_text=help_text)


def option(choices: Any, help_text: str = "", default: str = "") -> Choice:
    return Choice(choices=choices, required=False, default=default, help_text=help_text)


def day(help_text: str) -> Day:
    return Day(required=False, default=None, help_text=help_text)


def short(name: str) -> str:
    return name[:60] if plain(name) else "?"
