"""Corrections over the API: the same rules, refusals and words as on the pages."""

from datetime import timedelta
from typing import Any

import pytest

from fidelity.models import Review
from tests.cast import StateCast, make_cast
from tests.fidelity import corrections, reviews
from tests.fidelity.corrections import BETTER, WHY


@pytest.fixture
def cast(db: None) -> StateCast:
    return make_cast().meridian


@pytest.fixture
def issued(cast: StateCast) -> Review:
    return reviews.issued(cast, days_ago=10)


def call(cast: StateCast, persona: str, method: str, review: Review, page: str, body: Any = None) -> Any:
    client = cast.seen_by(persona)
    path = f"/api/v1/meridian/reviews/{review.public_id}/{page}"
    if method == "get":
        return client.get(path)
    return getattr(client, method)(path, body or {}, content_type="application/json")


def opening(cast: StateCast, **changed: Any) -> dict[str, Any]:
    return {
        "items": ["ST1"],
        "with_texts": False,
        "writer": cast.memberships["trainer"].pk,
        "until": (cast.state.today() + timedelta(days=7)).isoformat(),
        "reason": WHY,
    } | changed


def words(version: int, **changed: Any) -> dict[str, Any]:
    item = {
        "item": "ST1",
        "score": 5,
        "found": BETTER.found,
        "recommendation": BETTER.recommendation,
        "is_priority": False,
    }
    return {"version": version, "items": [item | changed]}


def test_from_opening_to_the_second_edition(cast: StateCast, issued: Review) -> None:
    made = call(cast, "admin", "post", issued, "correction/open/", opening(cast))
    assert made.status_code == 201
    assert [item["item"] for item in made.json()["items"]] == ["ST1"]
    again = call(cast, "admin", "post", issued, "correction/open/", opening(cast))
    assert again.status_code == 409
    assert again.json()["current"]["writer"] == cast.people["trainer"].name
    saved = call(cast, "trainer", "put", issued, "correction/", words(1)).json()
    assert {(each["about"], each["before"], each["after"]) for each in saved["changes"]} >= {
        ("Rating", "3", "5"),
        ("What was found", "Seen for ST1.", BETTER.found),
    }
    assert call(cast, "trainer", "post", issued, "correction/hand-over/").json() == {"told": 2}
    done = call(cast, "admin", "post", issued, "correction/issue/", {"version": saved["version"]})
    assert (done.status_code, done.json()["number"], done.json()["snapshot"]["total"]) == (201, 2, 77)
    late = call(cast, "second_trainer", "post", issued, "correction/issue/", {"version": saved["version"]})
    assert (late.status_code, "as edition 2" in late.json()["error"]) == (409, True)


def test_the_editions_say_which_is_in_force(cast: StateCast, issued: Review) -> None:
    corrections.corrected(cast, issued)
    rows = call(cast, "leader", "get", issued, "editions/").json()["results"]
    assert [(row["number"], row["superseded_by"]) for row in rows] == [(1, 2), (2, None)]
    assert rows[1]["reason"] == WHY
    assert call(cast, "leader", "get", issued, "editions/1/").json()["superseded_by"] == 2
    changes = call(cast, "leader", "get", issued, "editions/2/changes/").json()["results"]
    assert {each["item"] for each in changes} == {"ST1"}
    assert call(cast, "leader", "get", issued, "editions/1/changes/").json()["results"] == []
    assert call(cast, "leader", "post", issued, "editions/1/pdf/").json()["kind"] == "fidelity-superseded"
    assert call(cast, "leader", "post", issued, "editions/2/pdf/").json()["kind"] == "fidelity-report"


def test_what_stays_locked_is_named_by_its_place(cast: StateCast, issued: Review) -> None:
    corrections.opened(cast, issued)
    answer = call(cast, "trainer", "put", issued, "correction/", words(1, item="ST2"))
    assert (answer.status_code, list(answer.json()["fields"])) == (422, ["items.0.score"])
    answer = call(cast, "trainer", "put", issued, "correction/", words(1) | {"strengths": "Other."})
    assert (answer.status_code, list(answer.json()["fields"])) == (422, ["strengths"])


@pytest.mark.parametrize(
    ("persona", "status"),
    [("leader", 404), ("supervisor", 404), ("vr_liaison", 404), ("second_trainer", 403), ("admin", 403)],
)
def test_nobody_else_writes_it(cast: StateCast, issued: Review, persona: str, status: int) -> None:
    corrections.opened(cast, issued)
    assert call(cast, persona, "put", issued, "correction/", words(1)).status_code == status


def test_without_a_correction_there_is_nothing_to_do(cast: StateCast, issued: Review) -> None:
    answer = call(cast, "trainer", "get", issued, "correction/")
    assert (answer.status_code, answer.json()["error"]) == (
        409,
        "No correction of this report is open. The issued edition stands. Nothing was changed.",
    )
    assert call(cast, "admin", "post", issued, "correction/abandon/", {"reason": "x"}).status_code == 409


def test_it_is_given_up(cast: StateCast, issued: Review) -> None:
    corrections.opened(cast, issued)
    answer = call(cast, "admin", "post", issued, "correction/abandon/", {"reason": "It was right."})
    assert (answer.status_code, answer.json()) == (200, {"outcome": "abandoned"})
    assert call(cast, "trainer", "post", issued, "correction/abandon/", {"reason": "x"}).status_code == 403
