"""T4: no filter, search or sort is an oracle. Asking for what one may not see answers as asking for what is nowhere."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from urllib.parse import quote, quote_plus

import pytest
from django.urls import resolve, reverse

from ips_portal.practice.visitor import FormReader
from tests.architecture import routes
from tests.architecture.visits import Answer, Visits
from tests.architecture.world import Corner

LISTS = [route.name for route in routes.tenant_routes() if not route.about and "GET" in route.door.actions]
NOWHERE = ("zqnowhere", "zqnowhere x@y", "987654321", "0")
HIDDEN = ("other agency", "other state")  # from the people of North


def filters(name: str, page: Answer) -> list[str]:
    """The search and filter fields of a page; the parameters of an address of the API."""
    if page.status != 200:
        return []
    endpoint = getattr(resolve(path_of(name)).func, "cls", None)
    if endpoint is not None:
        return [field for field in endpoint.query().fields if field not in ("page", "page_size")]
    if not page.headers["Content-Type"].startswith("text/html"):
        return []
    reader = FormReader()
    reader.feed(page.body.decode())
    return [name for form in reader.forms if form.method == "get" for name in form.fields]


def values(corner: Corner) -> Iterator[str]:
    """Whatever a filter could name of a corner: keys in addresses, numbers of rows, words to search for."""
    agency, team = corner.cast.agencies[corner.agency_key], corner.cast.teams[corner.key]
    yield from (agency.slug, agency.name, team.slug, team.name, str(team.pk))
    yield from (str(corner.supervisor.person_id), corner.supervisor.person.email, corner.secret("final"))


def told(answer: Answer, field: str, asked: str) -> tuple[int, bytes]:
    """What an answer says, without what it repeats of the question and what differs on every page."""
    body = re.sub(rb'name="csrfmiddlewaretoken" value="\w+"', b"", answer.body)
    for repeated in (f"{field}={quote(asked)}", f"{field}={quote_plus(asked)}", f'value="{asked}"'):
        body = body.replace(repeated.encode(), b"?")
    return answer.status, body


def path_of(name: str) -> str:
    """A table that is a file is read as text."""
    kind = {"file": "csv"} if name.endswith("-file") else {}
    return reverse(name, kwargs={"state": "meridian", **kind})


def ask(visits: Visits, person: str, name: str, field: str, value: str) -> tuple[int, bytes]:
    return told(visits.ask(person, "GET", path_of(name), {field: value}), field, value)


@dataclass
class Nothing:
    """What a filter says of what is nowhere. A number may be answered otherwise than a word, so each is tried."""

    visits: Visits
    person: str
    name: str
    field: str
    said: list[tuple[int, bytes]] = dataclass_field(default_factory=list)

    def is_told_by(self, answer: tuple[int, bytes]) -> bool:
        while answer not in self.said and len(self.said) < len(NOWHERE):
            value = NOWHERE[len(self.said)]
            self.said.append(ask(self.visits, self.person, self.name, self.field, value))
        return answer in self.said


def oracles(visits: Visits, person: str, names: list[str]) -> list[str]:
    """Questions whose answer tells the person that a hidden value exists."""
    corners = visits.world.corners
    own = {
        value for relation, corner in corners.items() if relation not in HIDDEN for value in values(corner)
    }
    hidden = [value for relation in HIDDEN for value in values(corners[relation]) if value not in own]
    found = []
    for name in names:
        for field in filters(name, visits.ask(person, "GET", path_of(name))):
            nothing = Nothing(visits, person, name, field)
            found += [
                f"{name}?{field}={value}"
                for value in hidden
                if not nothing.is_told_by(ask(visits, person, name, field, value))
            ]
    return found


@pytest.mark.parametrize("person", ["leader", "specialist", "reviewer"])
def test_filters_are_no_oracles(counted: Visits, person: str) -> None:
    assert oracles(counted, person, LISTS) == []


def test_whoever_sees_the_records_does_find_them(counted: Visits) -> None:
    """So that the search above looks for something that can be found."""
    pages = ["agencies:team-list", "agencies:people", "fidelity:review-list"]
    found = oracles(counted, "admin", [*pages, "agencies-api:teams", "fidelity-api:reviews"])
    assert {question.partition("=")[0] for question in found} >= {
        "agencies:team-list?q",
        "agencies:team-list?agency",
        "agencies:people?q",
        "fidelity:review-list?agency",
        "agencies-api:teams?q",
        "fidelity-api:reviews?agency",
    }
