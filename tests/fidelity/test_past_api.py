"""Past reviews over the API: the same verdicts in the same words as on the pages, and the same reviews."""

from base64 import b64encode
from typing import Any
from uuid import uuid4

import pytest

from ips_portal.api.schema import written
from ips_portal.uploads.sheets import FILE_BYTES
from tests.cast import StateCast, make_cast
from tests.fidelity.pages import get, text
from tests.fidelity.past import HEAD, csv_of, row
from tests.fidelity.test_past_importing import NORTH, all_reviews, imported
from tests.outcomes.sending import send

FILES = "reviews/import/"


@pytest.fixture
def cast(db: None) -> StateCast:
    return make_cast().meridian


def upload(cast: StateCast, *rows: list[str], persona: str = "admin") -> tuple[int, Any]:
    body = {"name": "past.csv", "file": b64encode(csv_of(HEAD, *rows)).decode()}
    return send(cast, persona, "POST", FILES, body)


def test_a_file_is_sent_looked_at_and_imported(cast: StateCast) -> None:
    status, told = upload(cast, row(NORTH, first="3/14/2021"))
    assert (status, told["status"], told["counts"]["good"]) == (201, "previewed", 1)
    assert told["preview"]["summary"] == "1 of 1 row can become a review."
    key, here = str(uuid4()), f"{FILES}{told['id']}/"
    for _ in range(2):  # the answer was lost, the request is sent again
        status, done = send(cast, "admin", "POST", f"{here}save/", {"choice": "all", "key": key})
        assert (status, done["status"], done["preview"]) == (200, "done", None)
    (listed,) = send(cast, "admin", "GET", f"{here}reviews/")[1]["results"]
    assert (listed["team"], listed["total"], listed["is_imported"], listed["mode"]) == (
        {"slug": "north-one", "name": NORTH},
        100,
        True,
        "",
    )
    edition = send(cast, "leader", "GET", f"reviews/{listed['id']}/editions/1/")[1]
    assert edition["issued_by"] == edition["snapshot"]["imported"]["by"] == "Meridian Admin"
    shown = send(cast, "leader", "GET", f"reviews/{listed['id']}/")[1]
    assert (shown["is_imported"], shown["reviewers"]) == (True, [])
    status, told = send(cast, "admin", "GET", f"reviews/{listed['id']}/plan/")
    assert (status, told["error"][:52]) == (409, "This review was imported with its ratings alone, so ")
    assert upload(cast, row(NORTH, first="3/14/2021"))[0] == 422


def test_the_verdicts_are_those_of_the_page(cast: StateCast) -> None:
    told = upload(
        cast,
        row(NORTH, first="3/14/2021", ST2="6"),
        row(NORTH, first="2/30/2021"),
        row("Nowhere", first="3/14/2021", total="7"),
    )[1]
    rows = send(cast, "admin", "GET", f"{FILES}{told['id']}/rows/")[1]["results"]
    said = [remark["text"] for each in rows for remark in each["remarks"]]
    assert [each["outcome"] for each in rows] == ["wrong"] * 3
    assert {remark["where"] for each in rows for remark in each["remarks"]} == {"H2", "D3", "A4", "AF4"}
    page = text(get(cast, "admin", f"{FILES}{told['id']}/"))
    assert len(said) == 4
    assert all(each in page for each in said)
    assert told["counts"]["wrong"] == 3
    assert send(cast, "admin", "POST", f"{FILES}{told['id']}/discard/", {})[1]["status"] == "discarded"


def test_an_import_is_taken_back(cast: StateCast) -> None:
    found = imported(cast, row(NORTH, first="3/14/2021"))
    status, told = send(
        cast, "admin", "POST", f"{FILES}{found.public_id}/take-back/", {"reason": "Another team."}
    )
    assert (status, told["taken_back_reason"]) == (200, "Another team.")
    assert [review.status for review in all_reviews(cast)] == ["cancelled"]


def test_others_are_refused_or_find_nothing(cast: StateCast) -> None:
    found = imported(cast, row(NORTH, first="3/14/2021"))
    assert upload(cast, row(NORTH), persona="trainer")[0] == 403
    assert send(cast, "trainer", "GET", f"{FILES}{found.public_id}/")[0] == 403
    assert send(cast, "leader", "GET", f"{FILES}{found.public_id}/")[0] == 404
    assert send(cast, "admin", "GET", f"{FILES}template.csv?scale=nowhere")[0] == 422


def test_the_size_that_is_told_is_that_of_this_import(cast: StateCast) -> None:
    body = {"name": "past.csv", "file": b64encode(b"x" * (FILE_BYTES + 1)).decode()}
    status, told = send(cast, "admin", "POST", FILES, body)
    assert (status, "the limit is 2 MB (1,000 rows)" in str(told)) == (422, True)
    described = written()["components"]["schemas"]
    assert "1,000 reviews" in described["PastFileSentRequest"]["properties"]["file"]["description"]
    assert "5,000 rows" in described["FileSentRequest"]["properties"]["file"]["description"]
