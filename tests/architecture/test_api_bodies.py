"""T2, T6 at the API: a body is taken as its shape says and in no other way; nothing undeclared, doubled or foreign."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from tests.architecture import bodies, oracle, routes
from tests.architecture.bodies import BODIES, Body
from tests.architecture.oracle import PEOPLE
from tests.architecture.routes import Address, Route
from tests.architecture.test_hidden_ids import (
    AUTHORS,
    BEFORE,
    UNDECLARED,
    WRITABLE,
    prepared,
)
from tests.architecture.visits import Answer, Visits

API = {route.name: route for route in routes.tenant_routes() if route.is_api}
WRITING = [
    (route.name, method)
    for route in API.values()
    for method in route.door.actions
    if method not in ("GET", "HEAD")
]
# The same state of the world as for the page that does the same.
PAGES = {
    "agencies-api:team-reopen": "agencies:team-reopen",
    "agencies-api:agency-reopen": "agencies:agency-reopen",
    "agencies-api:contract-end": "agencies:contract-end",
    "reports-api:file-again": "reports:report-again",
    "fidelity-api:plan-rows": "fidelity:plan-add",
    "fidelity-api:plan-sign": "fidelity:plan-sign",
    "fidelity-api:plan-answer": "fidelity:plan-answer",
    "fidelity-api:finish": "fidelity:review-check",
    "fidelity-api:issue": "fidelity:review-issue",
    "fidelity-api:answer": "fidelity-api:answer",
    "fidelity-api:moderation": "fidelity:moderation",
    "funding-api:versions": "funding:version-list",
    "funding-api:register-back": "funding:register-back",
    "fidelity-api:moderation-agree": "fidelity:moderation-read",
    "fidelity-api:moderation-return": "fidelity:moderation-read",
    "fidelity-api:text-restore": "fidelity:text-restore",
    "fidelity-api:correction": "fidelity:correction",
    "fidelity-api:correction-hand-over": "fidelity-api:correction-hand-over",
    "fidelity-api:correction-issue": "fidelity:correction-issue",
    "fidelity-api:correction-abandon": "fidelity:correction-abandon",
}
# Not JSON at all, or not one object: (content type, body).
UNREADABLE = [
    ("application/json", "{"),
    ("application/json", "[]"),
    ("application/json", "3"),
    ("application/json", '{"x": NaN}'),
    ("application/json", '{"x": 1e400}'),
    ("application/json", '{"reason": "a", "reason": "b"}'),
    ("application/json", "[" * 2000),
    ("application/x-www-form-urlencoded", "reason=x"),
    ("text/plain", "{}"),
]


def shape(route: Route, method: str) -> Any:
    endpoint: Any = route.view.cls  # type: ignore[attr-defined]  # an Endpoint
    return endpoint.takes[method]() if method in endpoint.takes else None


class Counter:
    """Who may send a good body where, found once for each address and method."""

    def __init__(self, visits: Visits, route: Route, method: str) -> None:
        self.visits, self.route, self.method = visits, route, method
        self.largest: int = route.view.cls.largest  # type: ignore[attr-defined]  # an Endpoint
        made = BODIES.get((route.name, method))
        self.body: Body = made(visits.world) if made else {}
        self.author, self.path = self.taken()

    def taken(self) -> tuple[str, str]:
        tried = []
        for persona, address in self.candidates():
            answer = self.visits.ask(persona, self.method, address.path, json.dumps(self.body))
            if answer.status < 400:
                return persona, address.path
            tried.append(f"{persona} {address.path}: {answer.status} {answer.body[:200]!r}")
        raise AssertionError(
            f"{self.method} {self.route.name}: no body is taken, so nothing can be said about refusing one. Put a "
            "good one into tests/architecture/bodies.py.\n" + "\n".join(tried)
        )

    def candidates(self) -> Iterator[tuple[str, Address]]:
        action, resource = self.route.door.actions[self.method], self.route.door.resource.value
        for address in routes.addresses(self.route, self.visits.world.own, "own team"):
            for persona in AUTHORS:
                said = oracle.expected(
                    PEOPLE[persona], action, resource, address.where, of_record=address.of_record
                )
                if said == "passes":
                    yield persona, address

    def send(self, body: Body | str) -> Answer:
        text = body if isinstance(body, str) else json.dumps(body)
        return self.visits.ask(self.author, self.method, self.path, text, watched=True)


@pytest.fixture
def counter(counted: Visits, request: pytest.FixtureRequest) -> Iterator[Counter]:
    name, method = request.param
    with prepared(counted, PAGES.get(name, "")):
        yield Counter(counted, API[name], method)


every_body = pytest.mark.parametrize(
    "counter", WRITING, indirect=True, ids=lambda pair: f"{pair[1]} {pair[0]}"
)


@every_body
def test_an_undeclared_field_is_refused_by_its_name(counter: Counter) -> None:
    wanted = shape(counter.route, counter.method)
    declared = set(wanted.fields) if wanted else set()
    faults = []
    for name in (*set(UNDECLARED) - declared, "surprise"):
        answer = counter.send(counter.body | {name: 1})
        named = answer.status == 422 and name in json.loads(answer.body)["fields"]
        if not named or answer.wrote:
            faults.append(f"{name}: {answer.status} {answer.body[:120]!r}, wrote {answer.wrote}")
    assert not faults, "\n".join(faults)


@every_body
def test_a_value_of_another_kind_is_refused_at_its_field(counter: Counter) -> None:
    wanted = shape(counter.route, counter.method)
    faults = []
    for what, body, field in bodies.changed_once(wanted, counter.body) if wanted else ():
        answer = counter.send(body)
        told = json.loads(answer.body).get("fields", {}) if answer.body else {}
        named = any(name == field or name.startswith(f"{field}.") for name in told)
        if answer.status != 422 or not named or answer.wrote:
            faults.append(f"{what}: {answer.status} {answer.body[:120]!r}, wrote {answer.wrote}")
    assert not faults, "\n".join([f"{len(faults)} bodies", *faults[:30]])


@every_body
def test_a_foreign_record_is_no_choice(counter: Counter) -> None:
    wanted = shape(counter.route, counter.method)
    faults = []
    for what, body in bodies.strangers(wanted, counter.body, counter.visits.world) if wanted else ():
        answer = counter.send(body)
        if not 400 <= answer.status < 500 or answer.wrote:
            faults.append(f"{what}: {answer.status}, wrote {answer.wrote}")
    assert not faults, "\n".join(faults)


@every_body
def test_what_is_not_one_json_object_is_not_read(counter: Counter) -> None:
    faults = []
    for kind, text in UNREADABLE:
        with transaction.atomic():
            client = counter.visits.clients[counter.author]
            status = client.generic(counter.method, counter.path, text, content_type=kind).status_code
            transaction.set_rollback(True)
        if status not in (400, 422):
            faults.append(f"{kind} {text[:20]}: {status}")
    assert not faults, "\n".join(faults)
    large = counter.send(json.dumps({"reason": "x" * counter.largest}))
    assert (large.status, large.wrote) == (413, [])


def test_a_message_is_a_megabyte_at_most_unless_it_holds_a_file() -> None:
    """A file of 2 MB takes a third more in base64."""
    sizes = {name: route.view.cls.largest for name, route in API.items()}  # type: ignore[attr-defined]
    assert {name: size for name, size in sizes.items() if size != 2**20} == {
        "outcomes-api:imports": 3 * 2**20,
        "fidelity-api:imports": 3 * 2**20,
    }


def test_every_writing_route_is_asked_either_as_a_page_or_as_an_address_of_the_api() -> None:
    writing = {route.name for route in routes.tenant_routes() if set(route.door.actions) - {"GET", "HEAD"}}
    assert writing == set(WRITABLE) | {name for name, _ in WRITING}
    assert set(BODIES) <= set(WRITING)
    assert set(PAGES.values()) <= set(BEFORE)


@pytest.mark.parametrize("name", [name for name, route in API.items() if "GET" in route.door.actions])
def test_an_address_takes_only_the_parameters_it_names(counted: Visits, name: str) -> None:
    """G14 to G17 of the bad inputs."""
    path = routes.addresses(API[name], counted.world.own, "own team")[-1].path
    for query in (
        "agency__state__name__startswith=M",
        "ordering=password",
        "fields=*",
        "q=a&q=b",
        "as=1&as=2",
    ):
        person = "trainer" if "rating" in name else "admin"
        answer = counted.ask(person, "GET", f"{path}?{query}")
        assert answer.status in (400, 404), (query, answer.status)
        if answer.status == 400:
            assert query.partition("=")[0] in json.loads(answer.body)["fields"]


@pytest.mark.parametrize("size", ["0", "101", "-1", "ten", "1e2", "\uff19", " 5"])
def test_a_page_has_a_hundred_rows_at_most(counted: Visits, size: str) -> None:
    assert counted.ask("admin", "GET", f"/api/v1/meridian/teams/?page_size={size}").status == 400
    assert counted.ask("admin", "GET", "/api/v1/meridian/teams/?page_size=100").status == 200
