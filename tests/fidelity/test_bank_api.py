"""A program reads, adds, changes and retires texts for reports, by the same rules as the pages."""

import json
from typing import Any

import pytest

from tests.architecture.bank import SENT
from tests.cast import Cast, StateCast, make_cast
from tests.fidelity.bank import ADVICE, added, kept, retired, whole

KEY = "2b1f2c0a-9a4e-4d5c-8f0f-0a6f0f8f1c11"


@pytest.fixture
def world(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def cast(world: Cast) -> StateCast:
    return world.meridian


def call(cast: StateCast, persona: str, method: str, place: str = "", **body: Any) -> tuple[int, Any]:
    client = cast.seen_by(persona)
    sent = json.dumps(body) if body else ""
    path = f"/api/v1/{cast.state.slug}/texts/{place}"
    answer = client.generic(method, path, sent, content_type="application/json")
    return answer.status_code, json.loads(answer.content)


def test_a_text_is_added_changed_retired_and_brought_back(cast: StateCast) -> None:
    status, row = call(cast, "admin", "POST", **SENT, key=KEY)
    assert (status, row["version"], row["retired_at"]) == (201, 1, None)
    assert call(cast, "admin", "POST", **SENT, key=KEY)[1]["id"] == row["id"]
    place = f"{row['id']}/"
    status, row = call(cast, "admin", "PUT", place, **SENT | {"highest": 2}, version=1)
    assert (status, row["highest"], row["version"], row["saved_by"]) == (200, 2, 2, "Meridian Admin")
    status, refused = call(cast, "admin", "PUT", place, **SENT, version=1)
    assert (status, refused["current"]) == (409, SENT | {"highest": 2, "version": 2})
    status, row = call(cast, "admin", "POST", f"{place}retire/", version=2)
    assert (status, bool(row["retired_at"])) == (200, True)
    assert call(cast, "admin", "POST", f"{place}retire/", version=3)[1]["error"] == "It is retired already."
    assert call(cast, "admin", "PUT", place, **SENT, version=3)[0] == 409
    status, row = call(cast, "admin", "POST", f"{place}bring-back/", version=3)
    assert (status, row["retired_at"]) == (200, None)
    assert call(cast, "trainer", "GET", place) == (200, row)


def test_texts_are_listed_and_narrowed(cast: StateCast) -> None:
    added(cast)
    added(cast, kept("Visit employers.", item_code="SV6"))
    added(cast, whole())
    retired(cast, added(cast, kept("An earlier wording.")))

    def found(query: str = "") -> list[str]:
        status, page = call(cast, "trainer", "GET", query)
        assert status == 200
        return [each["text"] for each in page["results"]]

    assert found() == [whole().text, ADVICE, "Visit employers."]
    assert found("?q=employers") == ["Visit employers."]
    assert found("?item=ST1") == found("?item=ST1&scale=ips25-2008") == [ADVICE]
    assert found("?item=ST1&scale=se15") == found("?scale=se15") == found("?scale=nowhere") == []
    assert found("?scale=ips25-2008") == [ADVICE, "Visit employers."]
    assert found("?item=report") == found("?part=strengths") == [whole().text]
    assert found("?show=retired") == ["An earlier wording."]
    assert call(cast, "trainer", "GET", "?page_size=2")[1]["count"] == 3
    assert call(cast, "trainer", "GET", "?show=lost")[0] == 400


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"scale": "se15"}, "item"),
        ({"item": ""}, "item"),
        ({"part": "strengths"}, "item"),
        ({"lowest": 3, "highest": 2}, "highest"),
        ({"lowest": 6}, "lowest"),
        ({"text": ""}, "text"),
        ({"text": "Client Maria waits."}, "text"),
        ({"version": 1}, "version"),
    ],
)
def test_what_cannot_be_kept_is_said_at_its_field(
    cast: StateCast, changed: dict[str, Any], field: str
) -> None:
    status, refused = call(cast, "admin", "POST", **SENT | changed, key=KEY)
    assert (status, list(refused["fields"])) == (422, [field])


def test_who_reads_and_who_writes(world: Cast, cast: StateCast) -> None:
    row = added(cast)
    assert call(cast, "trainer", "POST", **SENT, key=KEY)[0] == 403
    assert call(cast, "reviewer", "PUT", f"{row.pk}/", **SENT, version=1)[0] == 403
    assert call(cast, "reviewer", "GET")[1]["count"] == 1
    assert call(cast, "specialist", "GET")[0] == 404
    assert call(cast, "specialist", "GET", f"{row.pk}/")[0] == 404
    assert call(world.bayou, "admin", "GET")[1]["count"] == 0
    assert call(world.bayou, "admin", "PUT", f"{row.pk}/", **SENT, version=1)[0] == 404
