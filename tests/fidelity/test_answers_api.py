"""A program speaks for the agency, or answers for the reviewers, by the same rules as the page."""

import json
from typing import Any

import pytest

from fidelity.models import Review
from tests.cast import StateCast, make_cast
from tests.fidelity import answers
from tests.fidelity.answers import WRONG
from tests.fidelity.test_answering import CHANGED

SAID = {"item": "ST1", "wrong": WRONG.wrong, "seen": WRONG.seen, "version": 0}
REPLIED = {"outcome": "changed", "answer": CHANGED.answer, "version": 1}


@pytest.fixture
def cast(db: None) -> StateCast:
    return answers.asking(make_cast().meridian)


def ask(
    cast: StateCast, persona: str, review: Review, method: str = "GET", place: str = "", **body: Any
) -> Any:
    path = f"/api/v1/meridian/reviews/{review.public_id}/answers/{place}"
    sent = json.dumps(body) if method != "GET" else ""
    answer = cast.seen_by(persona).generic(method, path, sent, content_type="application/json")
    return answer.status_code, json.loads(answer.content)


def test_the_agency_reads_and_comments_and_the_reviewers_answer(cast: StateCast) -> None:
    review = answers.handed_over(cast)
    status, told = ask(cast, "leader", review)
    assert (status, told["is_open"], len(told["items"])) == (200, True, 25)
    assert told["items"][0]["found"] == "Seen for ST1."
    assert told["texts"]["strengths"] == "Well known."
    status, told = ask(cast, "leader", review, "PUT", items=[SAID], done=True)
    assert (status, told["is_open"], told["left"]) == (200, False, 1)
    assert [(each["item"], each["rating"]) for each in told["items"]] == [("ST1", None)]
    status, told = ask(cast, "trainer", review, "PUT", "ST1/", **REPLIED)
    assert (status, told["left"]) == (200, 0)
    assert told["items"][0]["comment"]["outcome"] == "changed"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"items": [SAID | {"item": "XX9"}], "done": False}, "items.0.wrong"),
        ({"items": [SAID | {"seen": ""}], "done": False}, "items.0.seen"),
        ({"items": [SAID, SAID], "done": False}, "items.1.item"),
    ],
)
def test_what_is_wrong_is_named_by_its_place(cast: StateCast, body: dict[str, Any], field: str) -> None:
    status, told = ask(cast, "leader", answers.handed_over(cast), "PUT", **body)
    assert (status, list(told["fields"])) == (422, [field])


def test_who_saves_second_gets_what_is_stored(cast: StateCast) -> None:
    review = answers.handed_over(cast)
    answers.comment(cast, review, ST1=WRONG)
    again = SAID | {"wrong": "Two and a half."}
    status, told = ask(cast, "supervisor", review, "PUT", items=[again], done=False)
    assert (status, told["current"]["ST1"]["wrong"]) == (409, WRONG.wrong)
    answers.over(cast, review)
    status, told = ask(cast, "supervisor", review, "PUT", items=[again], done=False)
    assert status == 409
    assert "ended with" in told["error"]


def test_an_answer_needs_a_comment(cast: StateCast) -> None:
    review = answers.over(cast, answers.handed_over(cast))
    status, told = ask(cast, "trainer", review, "PUT", "ST1/", **REPLIED)
    assert (status, list(told["fields"])) == (422, ["answer"])
    status, _ = ask(cast, "trainer", review, "PUT", "XX9/", **REPLIED)
    assert status == 422


@pytest.mark.parametrize("persona", ["other_leader", "specialist", "payer", "vr_liaison"])
def test_nobody_else_finds_it(cast: StateCast, persona: str) -> None:
    assert ask(cast, persona, answers.handed_over(cast))[0] == 404
