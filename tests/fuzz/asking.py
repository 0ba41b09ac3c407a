"""Schemathesis as three roles, in process: each request is taken back, so that each meets the same world."""

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import Any

import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from django.urls import resolve
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import load_all_checks, not_a_server_error
from schemathesis.config import SchemathesisConfig
from schemathesis.specs.openapi import checks

from ips_portal.api.schema import written
from tests.architecture import routes
from tests.architecture.routes import Route
from tests.architecture.visits import Visits

# Of each operation, each role, and each of: what fits the schema, what does not. A night may take more of them.
EXAMPLES = int(os.environ.get("API_EXAMPLES", "4"))
METHODS = ("get", "post", "put", "patch", "delete")
CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
]
REFUSED = [*CHECKS, checks.negative_data_rejection]
API = {re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", f"/{route.pattern}"): route for route in routes.tenant_routes()}
OPERATIONS = [
    (path, method) for path, found in written()["paths"].items() for method in METHODS if method in found
]
CSRF = "a" * 32
load_all_checks()


@cache
def schema() -> Any:
    """Read once: with each, schemathesis looks through the whole code for words to ask with."""
    config = SchemathesisConfig.from_dict({"generation": {"with-security-parameters": False}})
    found = schemathesis.openapi.from_dict(written(), config=config)
    found.app = WSGIHandler()
    return found


def headers(visits: Visits, role: str) -> dict[str, str]:
    """A token of those who may have one; the session of somebody who may not."""
    if secret := visits.world.secrets.get((role, "write")):
        return {"Authorization": f"Bearer {secret}", "Host": "localhost"}
    session = visits.clients[role].cookies["sessionid"].value
    return {"Cookie": f"sessionid={session}; csrftoken={CSRF}", "X-CSRFToken": CSRF, "Host": "localhost"}


def places(visits: Visits, route: Route) -> list[Mapping[str, Any]]:
    """What the parts of an address may really be, the own team's and those of others."""
    found = [
        resolve(address.path).kwargs
        for relation, corner in visits.world.corners.items()
        for address in routes.addresses(route, corner, relation)
    ]
    return [{name: str(value) for name, value in kwargs.items()} for kwargs in found]


def ask(visits: Visits, role: str, path: str, method: str, examples: int = EXAMPLES) -> None:
    """Raises what schemathesis found."""
    operation = schema()[path][method.upper()]
    sent = headers(visits, role)
    where = st.sampled_from(places(visits, API[path])) if path in API else st.just({})
    modes = [(GenerationMode.POSITIVE, CHECKS), (GenerationMode.NEGATIVE, REFUSED)]
    for mode, wanted in modes if "{" in path else modes[:1]:
        cases = where.flatmap(
            lambda kwargs, mode=mode: operation.as_strategy(
                generation_mode=mode, path_parameters=kwargs or None
            )
        )
        run(visits, role, cases, sent, wanted, examples)


@contextmanager
def connection_kept() -> Iterator[None]:
    """A server gives its connection back after each request; here the transaction around it goes on."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in signals:
            signal.connect(close_old_connections)


def run(
    visits: Visits, role: str, cases: Any, sent: dict[str, str], wanted: list[Any], examples: int
) -> None:
    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=cases)
    def one(case: Any) -> None:
        visits.made += 1
        with connection_kept(), transaction.atomic():
            response = case.call(headers=sent)
            transaction.set_rollback(True)
        case.validate_response(response, checks=wanted)
        text = response.content.decode("utf-8", "replace")
        leaked = set(visits.unseen[role].findall(text))
        assert not leaked, f"{role} {case.method} {case.path}: shows {leaked}"

    one()
