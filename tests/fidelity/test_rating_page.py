"""What a reviewer may send from the rating page, item by item, and what checking and finishing answer."""

import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from fidelity.in_force import scale_of
from fidelity.models import Review
from tests.cast import Cast, StateCast, make_cast
from tests.fidelity import reviews
from tests.fidelity.sheets import WHOLE, address, save, signed_in, status, stored

FROM_WORD = (
    "“Smart” quotes \u2013 a dash…\tA tab\u00a0and\u202fspaces\r\n\uf0b7\tA bullet\v\u200bnext line\u00ad"
)
KEPT = "“Smart” quotes \u2013 a dash…\tA tab and spaces\n•\tA bullet\nnext line"


@pytest.fixture
def world(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def cast(world: Cast) -> StateCast:
    return world.meridian


@pytest.fixture
def review(cast: StateCast) -> Review:
    return reviews.scheduled(cast)


# --- one item -------------------------------------------------------------------------------------------------
def test_saving_an_item_answers_with_its_version_and_the_progress(cast: StateCast, review: Review) -> None:
    client = signed_in(cast)

    answer = save(client, review, note=FROM_WORD, sources=["INT", "MIS"], is_flagged=True)

    assert answer.status_code == 200, answer.content
    told = answer.json()
    assert (told["version"], told["rated"], told["of"], told["total_so_far"]) == (1, 1, 25, 4)
    assert told["sections"]["ST"] == {"rated": 1, "of": 3}
    row = stored(cast)["ST1"]
    assert (row.score, row.note, row.sources, row.is_flagged) == (4, KEPT, ["MIS", "INT"], True)


def test_an_item_can_be_cleared_again_and_counts_as_missing_never_as_zero(
    cast: StateCast, review: Review
) -> None:
    client = signed_in(cast)
    save(client, review)

    told = save(client, review, score=None, version=1).json()

    assert (told["rated"], told["total_so_far"]) == (0, 0)
    assert stored(cast)["ST1"].score is None


@pytest.mark.parametrize(
    ("changed", "field", "words"),
    [
        ({"score": 0}, "score", "whole number from 1 to 5"),
        ({"score": 6}, "score", "whole number from 1 to 5"),
        ({"score": 3.5}, "score", "You entered 3.5"),
        ({"score": 4.0}, "score", "whole number from 1 to 5"),
        ({"score": "four"}, "score", "“four”"),
        ({"score": "5 "}, "score", "whole number from 1 to 5"),
        ({"score": "5"}, "score", "whole number from 1 to 5"),
        ({"score": True}, "score", "whole number from 1 to 5"),
        ({"score": [5]}, "score", "whole number from 1 to 5"),
        ({"note": "x" * 50_000}, "note", "The note has 50,000 characters; the limit is 10,000."),
        ({"note": "a\x00b"}, "note", "NUL"),
        ({"note": "half \ud83d"}, "note", "half of a character"),
        ({"note": None}, "note", "text"),
        ({"sources": ["XXX"]}, "sources", "not a data source of this item"),
        ({"sources": ["ISP"]}, "sources", "MIS, DOC, INT"),
        ({"sources": "INT"}, "sources", "list"),
        ({"is_flagged": "yes"}, "is_flagged", "true or false"),
        ({"version": -1}, "version", "whole number"),
        ({"version": "0"}, "version", "whole number"),
        ({"version": 10**12}, "version", "whole number"),
        ({"reviewer_id": 1}, "reviewer_id", "unknown or read-only field: reviewer_id"),
        ({"state_id": 1}, "state_id", "unknown or read-only field: state_id"),
        ({"saved_at": "2020-01-01"}, "saved_at", "unknown or read-only field: saved_at"),
    ],
)
def test_what_is_not_a_rating_is_refused_by_field_and_nothing_is_stored(
    cast: StateCast, review: Review, changed: dict[str, Any], field: str, words: str
) -> None:
    answer = save(signed_in(cast), review, **changed)

    assert answer.status_code == 422, answer.content
    assert answer.json()["field"] == field
    assert words in answer.json()["error"]
    assert stored(cast) == {}


def test_a_missing_field_is_refused_so_that_no_note_is_emptied_by_accident(
    cast: StateCast, review: Review
) -> None:
    body = json.dumps({name: value for name, value in WHOLE.items() if name != "note"})

    answer = save(signed_in(cast), review, body=body)

    assert (answer.status_code, answer.json()["field"]) == (422, "note")


@pytest.mark.parametrize("item", ["SV15", "st1", "0"])
def test_a_26th_item_is_refused(cast: StateCast, review: Review, item: str) -> None:
    answer = save(signed_in(cast), review, item)

    assert (answer.status_code, answer.json()["field"]) == (422, "item")
    assert f"no item “{item}”" in answer.json()["error"]
    assert stored(cast) == {}


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("", 400),
        ("{", 400),
        ("[]", 400),
        ("4", 400),
        ('{"score": NaN}', 400),
        ('{"score": 4, "score": 5}', 400),
        ("[" * 5000, 400),
        ('{"score": 1' + "0" * 5000 + "}", 400),
        (b'{"note": "\xff"}', 400),
        ('{"note": "' + "x" * 600_000 + '"}', 413),
        ('{"note": "' + "x" * 3_000_000 + '"}', 413),
    ],
)
def test_a_message_of_another_kind_is_answered_with_a_reason(
    cast: StateCast, review: Review, body: str | bytes, status: int
) -> None:
    answer = save(signed_in(cast), review, body=body)

    assert answer.status_code == status, answer.content
    assert answer.json()["error"]


def test_the_longest_note_is_kept_whole(cast: StateCast, review: Review) -> None:
    note = "😀" * 10_000

    assert save(signed_in(cast), review, note=note).status_code == 200
    assert stored(cast)["ST1"].note == note


def test_the_second_of_two_tabs_gets_both_values(cast: StateCast, review: Review) -> None:
    client = signed_in(cast)
    save(client, review, note="first tab")

    answer = save(client, review, score=2, note="second tab", version=0)

    assert answer.status_code == 409
    current = answer.json()["current"]
    assert (current["score"], current["note"], current["version"]) == (4, "first tab", 1)
    assert stored(cast)["ST1"].note == "first tab"
    assert save(client, review, score=2, note="second tab", version=1).json()["version"] == 2


def test_nothing_can_be_rated_after_finish(cast: StateCast, review: Review) -> None:
    reviews.finished(cast, reviews.rate(cast, review, 3))
    client = signed_in(cast)

    answer = save(client, review, score=5, version=1)

    assert answer.status_code == 409
    assert "locked" in answer.json()["error"]
    assert "current" not in answer.json()
    assert stored(cast)["ST1"].score == 3
    page = client.get(address(review))
    assert page.status_code == 200
    assert "The ratings are locked" in page.content.decode()


@pytest.mark.parametrize(
    "persona", ["second_trainer", "admin", "supervisor", "leader", "specialist", "vr_liaison", "reviewer"]
)
@pytest.mark.parametrize("page", ["rate/", "check/"])
def test_only_the_reviewers_find_the_sheet(cast: StateCast, review: Review, persona: str, page: str) -> None:
    client = signed_in(cast, persona)

    assert client.get(address(review, page)).status_code == 404
    assert save(client, review).status_code == 404
    assert client.post(address(review, page)).status_code == 404
    assert stored(cast) == {}


def test_a_review_of_another_state_does_not_exist(world: Cast, cast: StateCast, review: Review) -> None:
    stranger = signed_in(world.bayou)
    theirs = reviews.scheduled(world.bayou)

    assert stranger.get(address(review)).status_code == 404
    assert save(stranger, review).status_code == 404
    assert save(signed_in(cast), theirs).status_code == 404


def test_somebody_signed_out_is_sent_to_sign_in(review: Review) -> None:
    answer = save(Client(), review)

    assert answer.status_code == 302
    assert "/accounts/login/" in answer["Location"]


def test_a_save_needs_few_queries(cast: StateCast, review: Review) -> None:
    client = signed_in(cast)
    save(client, review)

    with CaptureQueriesContext(
        connection,
    ) as asked:
        save(client, review, version=1, score=5)

    work = [query["sql"] for query in asked if is_work(query["sql"])]
    assert len(work) <= 4, "\n".join(work)


def is_work(sql: str) -> bool:
    gate = (
        "SAVEPOINT",
        "RELEASE",
        "set_config",
        "django_session",
        "agencies_actors",
        '"agencies_state"."slug" =',
    )
    return not any(mark in sql for mark in gate) and 'FROM "agencies_person" WHERE' not in sql


def test_the_page_asks_the_same_number_of_questions_however_much_is_rated(cast: StateCast) -> None:
    empty = reviews.scheduled(cast, team="north_two")
    reviews.issued(cast)
    full = reviews.rate(cast, reviews.scheduled(cast), 4)
    client = signed_in(cast)
    client.get(address(empty))

    with CaptureQueriesContext(connection) as few:
        client.get(address(empty))
    with CaptureQueriesContext(connection) as many:
        client.get(address(full))

    assert len(many) == len(few) <= 16


# --- the page -------------------------------------------------------------------------------------------------
def test_the_page_shows_the_last_review_beside_each_item(cast: StateCast) -> None:
    reviews.issued(cast, score=3)
    review = reviews.scheduled(cast)

    sheet = signed_in(cast).get(address(review)).context["sheet"]

    assert sheet.previous.total == 75
    assert all(item.last.score == 3 and "External review" in item.last.when for item in sheet.items)
    assert all(item.entry.score is None for item in sheet.items)
    assert sheet.progress.words == "0 of 25 rated, running total 0 of 125 so far"


# --- check and finish -----------------------------------------------------------------------------------------
def test_finishing_with_missing_items_names_each_of_them(cast: StateCast, review: Review) -> None:
    codes = [code for code in scale_of(review).codes if code not in ("OR3", "SV9")]
    reviews.rate(cast, review, dict.fromkeys(codes, 4))
    client = signed_in(cast)

    answer = client.post(address(review, "check/"))

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "2 of 25 items are not rated yet" in page
    assert f'href="{address(review)}#item-OR3"' in page
    assert f'href="{address(review)}#item-SV9"' in page
    assert "23 of 25 rated, 92 so far" in page
    assert "Fair" not in page
    assert status(cast, review) == Review.Status.RATING


def test_the_check_page_says_what_the_total_means(cast: StateCast) -> None:
    reviews.issued(cast, score=3)
    review = reviews.rate(cast, reviews.scheduled(cast), 4)
    client = signed_in(cast)
    save(client, review, "ST1", version=1, is_flagged=True, note="")

    check = client.get(address(review, "check/")).context["check"]

    assert (check.score.total, check.score.band.label, check.score.to_next_band.points) == (100, "Good", 15)
    assert check.comparison.words == "25 points more; 25 up, 0 down, 0 the same"
    assert [item.code for item in check.flagged] == ["ST1"]
    assert [item.code for item in check.unexplained] == ["ST1"]


def test_finish_locks_the_sheet_and_goes_on_to_the_review(cast: StateCast, review: Review) -> None:
    reviews.rate(cast, review, 4)
    client = signed_in(cast)

    answer = client.post(address(review, "check/"))

    assert answer.status_code == 302
    assert answer["Location"] == address(review, "")
    assert status(cast, review) == Review.Status.DRAFT_REPORT
    assert client.post(address(review, "check/")).status_code == 409


def test_finish_refuses_undeclared_fields(cast: StateCast, review: Review) -> None:
    reviews.rate(cast, review, 4)

    answer = signed_in(cast).post(address(review, "check/"), {"status": "issued"})

    assert answer.status_code == 422
    assert status(cast, review) == Review.Status.RATING


# --- what surrounds the page ----------------------------------------------------------------------------------
def test_the_worker_names_its_build_and_is_never_cached() -> None:
    answer = Client().get("/sw.js")

    assert answer["Cache-Control"] == "no-cache"
    assert answer["Content-Type"].startswith("text/javascript")
    assert answer.content.startswith(b"// build ")


def test_sign_out_clears_the_device(cast: StateCast) -> None:
    answer = signed_in(cast).post("/accounts/logout/")

    assert answer.status_code == 302
    assert answer["Clear-Site-Data"] == '"cache", "storage"'
