"""Refusals of the shape of a request, in the one form all refusals of the API have: {"error", "fields", "current"}."""

from collections.abc import Iterator, Mapping
from typing import Any

from rest_framework import exceptions
from rest_framework.response import Response

Fields = dict[str, list[str]]
WHOLE = "non_field_errors"


class BadFields(exceptions.APIException):
    """What was sent cannot be taken; says which field and why."""

    status_code = 422

    def __init__(self, fields: Fields) -> None:
        super().__init__(summary(fields))
        self.fields = {name: texts for name, texts in fields.items() if name}


class BadQuery(BadFields):
    """A parameter of the address is unknown, doubled or not readable."""

    status_code = 400


def summary(fields: Fields) -> str:
    """The first problem in full, and how many more there are."""
    (name, (text, *_)), *more = fields.items()
    first = f"{name}: {text}" if name else text
    return (
        f"{first} {len(more)} more {'field' if len(more) == 1 else 'fields'} cannot be taken."
        if more
        else first
    )


def flat(errors: Any) -> Fields:
    """Nested errors under dotted names: "items.ST1.score"."""
    found: Fields = {}
    for name, text in _each(errors, ()):
        found.setdefault(name, []).append(text)
    return found


def _each(errors: Any, path: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    if isinstance(errors, Mapping):
        for key, inner in errors.items():
            yield from _each(inner, path if key == WHOLE else (*path, str(key)))
    elif isinstance(errors, list) and any(isinstance(each, Mapping) for each in errors):
        for place, inner in enumerate(errors):
            yield from _each(inner, (*path, str(place)))
    elif isinstance(errors, list):
        for text in errors:
            yield ".".join(path), str(text)


def answer(problem: Exception, context: Any) -> Response | None:
    """DRF's own refusals; those of the house go up to the gate."""
    if not isinstance(problem, exceptions.APIException):
        return None
    body: dict[str, Any] = {"error": str(problem.detail)}
    if isinstance(problem, BadFields) and problem.fields:
        body["fields"] = problem.fields
    if isinstance(problem, exceptions.MethodNotAllowed):
        body["error"] = "This address does not do that. The header Allow says what it does."
    return Response(body, status=problem.status_code)
