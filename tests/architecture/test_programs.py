"""T20: for every address, method and person, a token may what its owner may and its scope allows, and no more."""

from itertools import product
from typing import Any

import pytest

from agencies import bearer
from agencies.bearer import READS_ONLY
from tests.architecture import routes
from tests.architecture.oracle import PEOPLE
from tests.architecture.refined import expected
from tests.architecture.test_doors import relations, told, wrong
from tests.architecture.visits import Answer, Visits
from tests.architecture.world import WITH_TOKENS

API = {route.name: route for route in routes.tenant_routes() if route.is_api}
READING = ("GET", "HEAD")


@pytest.fixture(autouse=True)
def as_many_as_it_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bearer, "A_MINUTE", 10**6)


def ask(visits: Visits, secret: str, method: str, path: str) -> Answer:
    return visits.ask("anonymous", method, path, HTTP_AUTHORIZATION=f"Bearer {secret}")


@pytest.mark.parametrize("name", API)
def test_a_token_is_its_owner_or_less(counted: Visits, name: str) -> None:
    route, faults = API[name], list[str]()
    for persona in WITH_TOKENS:
        for method in route.door.actions:
            for relation in relations(route):
                if relation == "other state":
                    continue
                found = routes.addresses(route, counted.world.corners[relation], relation)
                faults += visit(counted, persona, method, found)
    assert not faults, told(faults)


def visit(counted: Visits, persona: str, method: str, found: list[Any]) -> list[str]:
    """What the session answers is asked beside it; a token that reads only is refused where its owner acts."""
    faults = []
    asked = [(address, counted.ask(persona, method, address.path).verdict) for address in found]
    for scope, (address, said) in product(("read", "write"), asked):
        answer = ask(counted, counted.world.secrets[persona, scope], method, address.path)
        wanted = said
        if scope == "read" and method not in READING and wanted == "passes":
            wanted = "refused"
        barred = scope == "read" and READS_ONLY.encode() in answer.body  # said before a draft hides itself
        if answer.verdict != wanted and not (wanted == "hidden" and barred):
            faults.append(f"{persona} {scope} {method} {address.path}: {answer.status}, expected {wanted}")
        if "Set-Cookie" in answer.headers or counted.leaks(persona, answer):
            faults.append(f"{persona} {method} {address.path}: a cookie, or {counted.leaks(persona, answer)}")
    return faults


@pytest.mark.parametrize("name", API)
def test_a_token_opens_no_other_state(counted: Visits, name: str) -> None:
    route = API[name]
    for address in routes.addresses(route, counted.world.corners["other state"], "other state")[:1]:
        for method in route.door.actions:
            answer = ask(counted, counted.world.secrets["admin", "write"], method, address.path)
            assert (answer.status, answer.headers["WWW-Authenticate"]) == (401, 'Bearer realm="IPS portal"')


def test_the_matrix_compares_with_what_the_table_says(counted: Visits) -> None:
    """So that both are not wrong alike: where the table grants, a token that writes passes."""
    route = API["agencies-api:agency"]
    address = routes.addresses(route, counted.world.own, "own team")[0]
    for persona in WITH_TOKENS:
        answer = ask(counted, counted.world.secrets[persona, "write"], "PATCH", address.path)
        wanted = expected(PEOPLE[persona], address, "PATCH")
        assert not wrong(wanted, {"": answer.verdict}, several=False), persona
