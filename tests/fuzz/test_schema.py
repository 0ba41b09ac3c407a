"""The API is what its description says: valid, complete, and true for whatever is asked."""

import json
import subprocess
import sys
from typing import Any

import pytest
import yaml
from django.test import Client
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema

from agencies import bearer
from agencies.api.agencies import AgencyList
from ips_portal.api import shapes
from ips_portal.api.schema import written
from ips_portal.bootstrap.places import ROOT
from tests.architecture.visits import Visits
from tests.fuzz import asking

ROLES = ("trainer", "supervisor", "stakeholder")


@pytest.fixture(autouse=True)
def as_many_as_it_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bearer, "A_MINUTE", 10**6)


# --- the description ------------------------------------------------------------------------------------------
def test_the_schema_is_valid_and_written_without_a_warning() -> None:
    GENERATOR_STATS.reset()
    with GENERATOR_STATS.silence():
        validate_schema(SchemaGenerator().get_schema(request=None, public=True))
    warned = {**GENERATOR_STATS._warn_cache, **GENERATOR_STATS._error_cache}
    assert warned == {}


def test_every_address_of_the_api_is_described_with_its_methods() -> None:
    described = {(path, method.upper()) for path, method in asking.OPERATIONS}
    doors = {
        (path, method) for path, route in asking.API.items() if route.is_api for method in route.door.actions
    }
    assert described == doors | {("/api/v1/", "GET")}


def test_anybody_reads_the_schema_as_json_and_yaml(db: None) -> None:
    as_json, as_yaml = (Client().get(f"/api/v1/schema.{kind}") for kind in ("json", "yaml"))
    assert json.loads(as_json.content) == yaml.safe_load(as_yaml.content) == json.loads(json.dumps(written()))
    assert Client().get("/api/v1/").status_code == 401


def test_the_web_process_writes_it_without_drawing_printing_or_analyzing() -> None:
    """P13: what weighs most stays in the worker."""
    heavy = ("pandas", "weasyprint", "matplotlib", "pikepdf", "openpyxl", "jsonschema")
    script = (
        "import sys, django; django.setup(); import ips_portal.urls; from ips_portal.api.schema import written;"
        f"written(); print([name for name in {heavy} if name in sys.modules])"
    )
    told = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert told.stdout.strip() == "[]"


def test_objects_hold_what_they_name_and_nothing_else() -> None:
    bodies = [each for each in written()["components"]["schemas"].values() if each.get("type") == "object"]
    assert len(bodies) > 50
    assert all("additionalProperties" in each for each in bodies)


# --- what is asked --------------------------------------------------------------------------------------------
@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize(("path", "method"), asking.OPERATIONS, ids=lambda text: text)
def test_whatever_is_asked_is_answered_as_described(
    visits: Visits, path: str, method: str, role: str
) -> None:
    asking.ask(visits, role, path, method)


# --- seen red -------------------------------------------------------------------------------------------------
def red(visits: Visits, path: str, method: str) -> str:
    with pytest.raises(BaseException) as found:  # noqa: PT011  # schemathesis raises groups of its own
        asking.ask(visits, "trainer", path, method, examples=60)
    told = getattr(found.value, "exceptions", [found.value])
    return " ".join(type(each).__name__ + str(each) for each in told)


def test_an_answer_that_breaks_is_named(visits: Visits, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(*args: Any) -> Any:
        raise ZeroDivisionError

    monkeypatch.setattr(AgencyList, "answer_page", breaks)
    assert "ServerError" in red(visits, "/api/v1/{state}/agencies/", "get")


def test_an_address_that_takes_any_parameter_is_named(
    visits: Visits, monkeypatch: pytest.MonkeyPatch
) -> None:
    defaults = {"page": 1, "page_size": 50, "q": "", "region": "", "open": "open"}
    monkeypatch.setattr(shapes, "read_query", lambda shape, params: defaults)
    assert "AcceptedNegativeData" in red(visits, "/api/v1/{state}/agencies/", "get")


def test_an_answer_that_says_more_than_its_schema_is_named(
    visits: Visits, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = AgencyList.answer_page

    def says_more(self: Any, *args: Any, **kwargs: Any) -> Any:
        response = said(self, *args, **kwargs)
        response.data["surprise"] = 1
        return response

    monkeypatch.setattr(AgencyList, "answer_page", says_more)
    assert "JsonSchemaError" in red(visits, "/api/v1/{state}/agencies/", "get")
