"""The body of a request: one JSON object, whole, with nothing in it twice."""

import json
from collections.abc import Mapping
from typing import IO, Any

from django.core.exceptions import RequestDataTooBig
from rest_framework import exceptions, parsers
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.request import Request

LARGEST = 1024 * 1024
JSON_ONLY = "Send a JSON object, with the content type application/json."


class Unreadable(exceptions.ParseError):
    """400: not a message of the agreed kind at all."""


class TooLarge(exceptions.APIException):
    status_code = 413


class LengthRequired(exceptions.APIException):
    """What is read without a length would be taken for nothing sent."""

    status_code = 411


class StrictJSON(parsers.BaseParser):
    media_type = "application/json"

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        largest = getattr((parser_context or {}).get("view"), "largest", LARGEST)
        try:
            body = stream.read(largest + 1)
        except RequestDataTooBig:
            body = b" " * (largest + 1)
        if len(body) > largest:
            raise TooLarge(f"The message is larger than {largest // 1024} KB. Nothing was changed.")
        return read_object(body)


def read_object(body: bytes) -> dict[str, Any]:
    """No body at all is an object without fields. Raises Unreadable."""
    if not body.strip():
        return {}
    try:
        data = json.loads(body.decode(), object_pairs_hook=_once, parse_constant=_no_constant)
    except Unreadable:
        raise
    except (ValueError, RecursionError):  # not UTF-8, not JSON, numbers or nesting beyond reason
        raise Unreadable("This is not JSON that can be read.") from None
    if not isinstance(data, dict):
        raise Unreadable("Send a JSON object, not a list or a single value.")
    return data


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    read = dict(pairs)
    if len(read) < len(pairs):
        raise Unreadable("A field stands twice in the message.")
    return read


def _no_constant(name: str) -> None:
    raise Unreadable(f"{name} is not a value of JSON.")


class OneForm(BaseContentNegotiation):
    """JSON in, JSON out, whatever headers say: a browser gets what a program gets."""

    def select_parser(self, request: Request, parsers: Any) -> Any:
        if "HTTP_TRANSFER_ENCODING" in request.META:
            raise LengthRequired("Send the message whole, with its Content-Length. Nothing was changed.")
        kind = (request.content_type or "").split(";")[0].strip().lower()
        empty = request.META.get("CONTENT_LENGTH") in (None, "", "0")
        if kind != "application/json" and not empty:
            raise Unreadable(JSON_ONLY)
        return parsers[0]

    def select_renderer(self, request: Request, renderers: Any, format_suffix: str | None = None) -> Any:
        return renderers[0], renderers[0].media_type
