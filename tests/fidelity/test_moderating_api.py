"""A program asks for a draft to be read, agrees and returns, by the same rules as the pages."""

import json
from typing import Any

import pytest

from fidelity.models import Review
from tests.cast import StateCast, make_cast
from tests.fidelity import moderations
from tests.fidelity.moderations import REMARKS
from tests.fidelity.test_reporting import write

REMARK = {"item": "ST1", "text": REMARKS["ST1"]}


@pytest.fixture
def cast(db: None) -> StateCast:
    return moderations.asking(make_cast().meridian)


def call(
    cast: StateCast, persona: str, review: Review, place: str = "moderation/", **body: Any
) -> tuple[int, Any]:
    """POST; `GET` without a word to send."""
    path = f"/api/v1/meridian/reviews/{review.public_id}/{place}"
    client = cast.seen_by(persona)
    sent = json.dumps({key: value for key, value in body.items() if key != "get"})
    answer = client.get(path) if "get" in body else client.post(path, sent, content_type="application/json")
    return answer.status_code, json.loads(answer.content)


def test_asked_returned_asked_again_agreed_to_and_handed_over(cast: StateCast) -> None:
    review = moderations.written(cast)
    assert call(cast, "trainer", review, "hand-over/")[0] == 409
    status, told = call(cast, "trainer", review)
    assert (status, told["stage"]) == (200, "waiting")
    version = told["records"][0]["version"]
    sent = {"version": version, "reason": "Look at item 1.", "remarks": [REMARK]}
    status, told = call(cast, "admin", review, "moderation/return/", **sent)
    assert (status, told["stage"]) == (200, "returned")
    assert told["records"][0]["remarks"][0]["text"] == REMARK["text"]
    status, refused = call(cast, "trainer", review)
    assert (status, list(refused["fields"])) == (422, ["answer"])
    assert call(cast, "trainer", review, answer="Counted.")[0] == 200
    status, told = call(cast, "second_trainer", review, "moderation/agree/", version=version)
    assert (status, told["stage"], len(told["records"])) == (200, "agreed", 2)
    status, late = call(cast, "admin", review, "moderation/agree/", version=version)
    assert (status, late["current"]["stage"]) == (409, "agreed")
    assert call(cast, "trainer", review, "hand-over/")[0] == 200
    assert call(cast, "second_trainer", review, "issue/", version=version)[0] == 403
    assert call(cast, "admin", review, "issue/", version=version)[0] == 201


def test_a_change_withdraws_the_agreement(cast: StateCast) -> None:
    review = moderations.agreed(cast)
    write(cast, review, overview="Otherwise.")
    status, told = call(cast, "trainer", review, get=True)
    assert (status, told["stage"], told["records"][0]["stage"]) == (200, "", "withdrawn")


@pytest.mark.parametrize(
    ("remarks", "field"),
    [([REMARK, REMARK], "remarks.1.item"), ([REMARK | {"item": "XX9"}], "remarks")],
)
def test_what_is_wrong_is_named_by_its_place(cast: StateCast, remarks: list[Any], field: str) -> None:
    review = moderations.asked(cast)
    version = moderations.version(cast, review)
    sent = {"version": version, "reason": "No.", "remarks": remarks}
    status, told = call(cast, "admin", review, "moderation/return/", **sent)
    assert (status, list(told["fields"])) == (422, [field])


@pytest.mark.parametrize(("persona", "status"), [("leader", 404), ("vr_liaison", 404), ("admin", 200)])
def test_who_reads_drafts_reads_what_was_said(cast: StateCast, persona: str, status: int) -> None:
    review = moderations.asked(cast)
    assert call(cast, persona, review, get=True)[0] == status


def test_without_it_there_is_nothing_to_ask_for(db: None) -> None:
    plain = make_cast().meridian
    review = moderations.written(plain)
    assert call(plain, "trainer", review)[0] == 409
    assert call(plain, "trainer", review, get=True)[0] == 409
    assert call(plain, "leader", review, get=True)[0] == 404
