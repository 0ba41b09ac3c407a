"""The OpenAPI description, written from the endpoints themselves and served as JSON and YAML."""

import json
from functools import cache
from typing import Any

import yaml
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework import serializers

from ips_portal.api.identity import Admitted
from ips_portal.api.shapes import Nothing, Out


class Problem(Out):
    """Every refusal: in words, by field, and with what is stored now where somebody saved first."""

    error = serializers.CharField(help_text="What happened, whether anything was saved, and what to do.")
    fields_ = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField()), required=False
    )
    current = serializers.DictField(required=False, help_text="What is stored now. Only with 409.")

    def get_fields(self) -> dict[str, Any]:
        found = super().get_fields()
        return {name.rstrip("_"): field for name, field in found.items()}


REFUSALS = {
    400: "The request cannot be read, or asks for what the address does not take.",
    401: "No token or session that works here.",
    403: "You may see this, but not do that.",
    404: "There is nothing here that you may see.",
    409: "The status of the record forbids it now, or somebody saved first.",
    413: "The message is too large.",
    422: "A field cannot be taken.",
    429: "Too many requests; Retry-After says how many seconds to wait.",
    503: "The portal is busy or its database is away; nothing was saved. Retry-After says when to try again.",
}


class AdmittedInSchema(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # registers itself
    target_class = Admitted
    name = ["token", "session"]  # two ways in

    def get_security_definition(self, auto_schema: AutoSchema) -> Any:
        token = {"type": "http", "scheme": "bearer", "description": "An API token of the state, ips_..."}
        session = {"type": "apiKey", "in": "cookie", "name": "sessionid"}
        return [token, session | {"description": "A signed-in browser; writes also need X-CSRFToken."}]

    def get_security_requirement(self, auto_schema: AutoSchema) -> Any:
        return [{"token": []}, {"session": []}]


class EndpointSchema(AutoSchema):
    """Reads `query`, `takes` and `gives` of an endpoint."""

    view: Any

    def get_operation_id(self) -> str:
        return f"{self.method.lower()}{type(self.view).__name__}"

    def get_tags(self) -> list[str]:
        return [type(self.view).__module__.rsplit(".", 1)[-1]]

    def get_summary(self) -> str | None:
        return self.get_description().splitlines()[0] if self.get_description() else None

    def get_override_parameters(self) -> list[Any]:
        found: list[Any] = []
        if "{state}" in self.path:
            text = "Under which of your memberships; a token has one."
            found.append(OpenApiParameter("as", OpenApiTypes.INT64, description=text))
        if self.method == "GET" and self.view.query().fields:
            found.append(self.view.query)
        return found

    def get_request_serializer(self) -> Any:
        if self.method == "GET":
            return None
        return self.view.takes.get(self.method, Nothing)

    def get_response_serializers(self) -> Any:
        gives = self.view.gives[self.method]
        is_file = gives.shape is None and gives.status == 200
        found: dict[Any, Any] = {(gives.status, gives.kind): OpenApiTypes.BINARY} if is_file else {}
        if not is_file:
            found[gives.status] = OpenApiResponse(gives.shape, description="Done.")
        for status, text in REFUSALS.items():
            if self.method == "GET" and status == 413:
                continue
            found[status] = OpenApiResponse(Problem, description=text)
        return found

    def _is_list_view(self, serializer: Any = None) -> bool:
        return False  # a page of a list is a shape of its own


def close(result: dict[str, Any], **context: Any) -> dict[str, Any]:
    """Objects hold what they name and nothing else."""
    for component in result["components"]["schemas"].values():
        if component.get("type") == "object" and "additionalProperties" not in component:
            component["additionalProperties"] = False
    return result


@cache
def written() -> dict[str, Any]:
    """It changes with the code only, so each process writes it once."""
    found: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    return found


@require_safe
def schema_json(request: HttpRequest) -> HttpResponse:
    return _served(json.dumps(written(), indent=1), "application/vnd.oai.openapi+json")


@require_safe
def schema_yaml(request: HttpRequest) -> HttpResponse:
    return _served(
        yaml.safe_dump(written(), sort_keys=False, allow_unicode=True), "application/vnd.oai.openapi"
    )


def _served(text: str, kind: str) -> HttpResponse:
    """The same for everybody, and nothing in it of any state."""
    return HttpResponse(
        text, content_type=f"{kind}; charset=utf-8", headers={"Cache-Control": "public, max-age=300"}
    )
