"""T1: every route x method x person x relation answers as the permission table says, and shows no foreign byte."""

import re
from collections import defaultdict

import pytest
from django.db import transaction

from agencies import tenancy
from agencies.models import Membership
from tests.architecture import routes
from tests.architecture.oracle import PEOPLE, Who
from tests.architecture.refined import REFINED, expected
from tests.architecture.routes import Address, Route
from tests.architecture.visits import SHUT_OUT, UNSIGNED, Visits
from tests.architecture.world import RELATIONS

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
TENANT = {route.name: route for route in routes.tenant_routes()}


def told(faults: list[str]) -> str:
    return "\n".join([f"{len(faults)} wrong answers", *faults[:60]])


def relations(route: Route) -> list[str]:
    """A page about no record differs by state only."""
    return list(RELATIONS) if route.about else ["own team", "other state"]


def wrong(wanted: str, got: dict[str, str], several: bool) -> bool:
    """One record must be answered exactly. Of a review's stages one must pass; a page may not exist in the others."""
    verdicts = set(got.values())
    if not several or wanted in ("hidden", "no method"):
        return verdicts != {wanted}
    return wanted not in verdicts or not verdicts <= {wanted, "hidden"}


@pytest.mark.parametrize("name", TENANT)
def test_every_route_answers_as_the_table_says(counted: Visits, name: str) -> None:
    route, faults = TENANT[name], list[str]()
    for who in PEOPLE.values():
        for method in route.door.actions:
            stages: set[str] = set()  # of a review, those in which this person passed in the own team
            for relation in relations(route):
                found = routes.addresses(route, counted.world.corners[relation], relation)
                faults += visit(counted, who, method, found, stages)
    assert not faults, told(faults)


def visit(counted: Visits, who: Who, method: str, found: list[Address], stages: set[str]) -> list[str]:
    """One person, one method, one corner of the world: what was wrong."""
    faults, groups = list[str](), defaultdict[str, dict[str, str]](dict)
    name, relation = found[0].route.name, found[0].relation
    for address in found[:1] if relation == "other state" else found:
        wanted = expected(who, address, method)
        if wanted == "passes" and stages and address.variant not in stages:
            continue
        answer = counted.ask(who.persona, method, address.path)
        groups[wanted][address.variant] = answer.verdict
        if leaked := counted.leaks(who.persona, answer):
            faults.append(f"{who.persona} {method} {address.path} ({relation}): shows {leaked}")
        if answer.status >= 500:
            faults.append(f"{who.persona} {method} {address.path}: answers {answer.status}")
    several = "review" in found[0].route.about
    if several and relation == "own team":
        stages |= {stage for stage, verdict in groups["passes"].items() if verdict == "passes"}
    return faults + [
        f"{who.persona} {method} {name} ({relation}): {got}, expected {wanted}"
        for wanted, got in groups.items()
        if got and wrong(wanted, got, several)
    ]


@pytest.mark.parametrize("name", TENANT)
def test_no_route_opens_to_outsiders(counted: Visits, name: str) -> None:
    faults = []
    for relation in ("own team", "other state"):
        address = routes.addresses(TENANT[name], counted.world.corners[relation], relation)[0]
        for person in (*UNSIGNED, *SHUT_OUT):
            for method in (*address.route.door.actions, "DELETE"):
                answer = counted.ask(person, method, address.path)
                wanted = "sign in" if person in UNSIGNED else "hidden"
                if answer.verdict != wanted or counted.leaks(person, answer):
                    faults.append(f"{person} {method} {address.path}: {answer.status}, expected {wanted}")
    assert not faults, told(faults)


@pytest.mark.parametrize("name", TENANT)
def test_undeclared_methods_are_refused(counted: Visits, name: str) -> None:
    address = routes.addresses(TENANT[name], counted.world.own, "own team")[-1]
    declared = set(address.route.door.actions)
    faults = []
    for method in METHODS:
        for who in PEOPLE.values() if method == "DELETE" else [PEOPLE["trainer"]]:
            if method in declared:
                continue
            answer = counted.ask(who.persona, method, address.path)
            wanted = expected(who, address, method)
            if answer.verdict != wanted or (wanted == "no method" and "Allow" not in answer.headers):
                faults.append(f"{who.persona} {method} {address.path}: {answer.status}, expected {wanted}")
    assert not faults, told(faults)


def test_every_route_has_a_door_or_a_reason() -> None:
    assert routes.faults(routes.all_routes()) == []


def test_every_reason_still_has_its_route() -> None:
    names = {route.name for route in routes.all_routes() if not route.is_tenant}
    assert set(routes.OUTSIDE) <= names
    assert set(REFINED) <= set(TENANT)


def test_a_hidden_record_and_an_unknown_one_get_the_same_answer(counted: Visits) -> None:
    """G3 of the bad inputs: byte for byte, or the difference tells that something is there."""
    slug = counted.world.corners["other agency"].cast.teams["south_one"].slug
    for above in ("/meridian/teams/", "/api/v1/meridian/teams/"):
        hidden = counted.ask("leader", "GET", f"{above}{slug}/")
        unknown = counted.ask("leader", "GET", f"{above}{'x' * len(slug)}/")
        assert (hidden.status, hidden.headers.keys()) == (404, unknown.headers.keys())
        token = re.compile(rb'(csrfmiddlewaretoken" value=")\w+')  # masked anew for each page
        assert token.sub(b"", hidden.body.replace(slug.encode(), b"")) == token.sub(
            b"", unknown.body.replace(b"x" * len(slug), b"")
        )


def test_a_membership_of_somebody_else_cannot_be_chosen(counted: Visits) -> None:
    admin = counted.world.cast.meridian.memberships["admin"].pk
    own = counted.world.cast.meridian.memberships["leader"].pk
    assert counted.ask("leader", "GET", f"/meridian/?as={own}").status == 200
    for stranger in (admin, counted.world.cast.bayou.memberships["leader"].pk, "0", "x", "-1"):
        assert counted.ask("leader", "GET", f"/meridian/?as={stranger}").status == 404


def test_rights_end_with_the_next_request(counted: Visits) -> None:
    """T8: nothing of a right is kept in the session."""
    cast = counted.world.cast.meridian
    path = "/meridian/teams/north-one/"
    assert counted.ask("supervisor", "GET", path).status == 200
    with transaction.atomic():
        with tenancy.as_system(cast.state.pk):
            Membership.objects.filter(pk=cast.memberships["supervisor"].pk).update(
                ended_on=cast.state.today()
            )
        after = counted.ask("supervisor", "GET", path).status
        transaction.set_rollback(True)
    assert after == 404
