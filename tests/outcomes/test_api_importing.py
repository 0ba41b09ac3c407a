"""Files of quarters over the API: the same preview, the same answers and the same drafts as on the pages."""

from base64 import b64encode
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from ips_portal.uploads.sheets import FILE_BYTES
from outcomes.models import OutcomeImport, QuarterlyReport
from tests.cast import StateCast, make_cast
from tests.outcomes import quarters
from tests.outcomes.files import csv_of, head, one, row
from tests.outcomes.sending import send

FILES = "outcomes/import/"


@pytest.fixture
def cast(db: None) -> StateCast:
    cast = make_cast().meridian
    quarters.expected(cast)
    return cast


def upload(cast: StateCast, content: str | bytes, persona: str = "leader") -> tuple[int, Any]:
    sent = content.encode() if isinstance(content, str) else content
    body = {"name": "q.csv", "file": b64encode(sent).decode()}
    return send(cast, persona, "POST", FILES, body)


def save(cast: StateCast, told: Any, choice: str = "all", **more: Any) -> tuple[int, Any]:
    body = {"choice": choice, "key": str(uuid4())} | more
    return send(cast, "leader", "POST", f"{FILES}{told['id']}/save/", body)


def rows(cast: StateCast, told: Any, query: str = "") -> Any:
    status, page = send(cast, "leader", "GET", f"{FILES}{told['id']}/rows/{query}")
    assert status == 200
    return page["results"]


def test_a_file_is_sent_looked_at_and_saved_as_drafts(cast: StateCast) -> None:
    status, told = upload(cast, csv_of(head("Note"), one(cast, "")))
    assert (status, told["status"], told["counts"]["good"]) == (201, "previewed", 1)
    assert told["preview"]["summary"] == "1 of 1 row can be saved as a draft."
    assert told["preview"]["columns"][2] == {
        "letter": "C",
        "heading": "People served",
        "measure": "served",
    }
    key = str(uuid4())
    for _ in range(2):  # the answer was lost, the request is sent again
        status, done = save(cast, told, key=key)
        assert (status, done["status"], done["preview"], done["counts"]["good"]) == (200, "done", None, 1)
    (draft,) = send(cast, "leader", "GET", f"{FILES}{told['id']}/drafts/")[1]["results"]
    assert (draft["team"], draft["status"]) == ("north-one", "draft")
    status, told = save(cast, told)
    assert (status, told["error"][:28]) == (409, "This file was imported on " + told["error"][26:28])


def test_rows_say_what_to_look_at_in_which_cell_and_the_good_ones_are_saved(cast: StateCast) -> None:
    wrong = row("Meridian North Team Two", quarters.last_quarter(cast), served="3O")
    told = upload(cast, csv_of(head(), one(cast), wrong))[1]
    assert (told["counts"]["good"], told["counts"]["wrong"]) == (1, 1)
    (line,) = rows(cast, told, "?outcome=wrong")
    (remark,) = line["remarks"]
    assert (line["number"], line["team"]) == (3, "north-two")
    assert (remark["weight"], remark["where"], remark["typed"]) == ("error", "C3", "3O")
    assert [each["outcome"] for each in rows(cast, told)] == ["good", "wrong"]
    status, refused = save(cast, told)
    assert (status, refused["error"][:24]) == (422, "Not all rows are good by")
    status, done = save(cast, told, "good")
    assert (status, done["choice"], [each["row"] for each in done["left_out"]]) == (200, "good", [3])
    with cast.entered("admin"):
        assert QuarterlyReport.objects.filter(status="draft").count() == 1
    assert send(cast, "leader", "GET", f"{FILES}{told['id']}/rows/")[0] == 409


def test_the_same_file_again_is_the_same_import_and_once_saved_is_refused(cast: StateCast) -> None:
    content = csv_of(head(), one(cast))
    first, again = upload(cast, content)[1], upload(cast, content)[1]
    assert first["id"] == again["id"]
    save(cast, first)
    status, told = upload(cast, content)
    assert (status, list(told["fields"])) == (422, ["file"])
    assert told["error"].startswith("This exact file was imported on")


@pytest.mark.parametrize(
    ("content", "answer"),
    [
        (b"", "The file has no data rows."),
        (b"x" * (FILE_BYTES + 1), "The file is 2.0 MB; the limit is 2 MB (5,000 rows)."),
        (csv_of(head(served="Peple served"), ["x"]).encode(), "The column “People served” is missing."),
        (
            csv_of(head("Client name"), ["x"] * 11).encode(),
            "This file seems to hold client details (column K).",
        ),
    ],
)
def test_a_file_that_cannot_be_taken_is_refused_in_the_words_of_the_page(
    cast: StateCast, content: bytes, answer: str
) -> None:
    status, told = upload(cast, content)
    assert (status, list(told["fields"])) == (422, ["file"])
    assert told["error"].startswith(answer)
    with cast.entered("leader"):
        assert not OutcomeImport.objects.exists()


def test_what_is_no_base64_or_no_file_of_that_size_is_refused(cast: StateCast) -> None:
    status, told = send(cast, "leader", "POST", FILES, {"name": "q.csv", "file": "a,b;c"})
    assert (status, told["fields"]["file"]) == (422, ["Send the bytes of the file in base64."])
    assert upload(cast, b"x" * (3 * 2**20))[0] == 413


def test_unknown_columns_are_named_and_left_out_only_if_agreed(cast: StateCast) -> None:
    told = upload(cast, csv_of(head("Weather"), one(cast, "fine")))[1]
    assert told["preview"]["unknown"] == [{"letter": "K", "heading": "Weather", "measure": ""}]
    status, refused = save(cast, told)
    assert (status, list(refused["fields"])) == (422, ["leaves_out"])
    assert save(cast, told, leaves_out=True)[0] == 200


def test_template_and_rows_to_correct_are_files(cast: StateCast) -> None:
    browser = cast.seen_by("leader")
    assert lines(browser, f"{FILES}template.csv")[1].startswith(
        "Meridian North Center,Meridian North Team One"
    )
    told = upload(cast, csv_of(head(), one(cast, served="3O")))[1]
    heading, line = lines(browser, f"{FILES}{told['id']}/corrected.csv")[:2]
    assert heading.endswith("What to look at")
    assert "People served: " in line


def lines(browser: Client, path: str) -> list[str]:
    answer = browser.get(f"/api/v1/meridian/{path}")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    return answer.content.decode("utf-8-sig").splitlines()


def test_a_file_is_thrown_away_and_is_its_authors_alone(cast: StateCast) -> None:
    told = upload(cast, csv_of(head(), one(cast)))[1]
    for persona in ("admin", "supervisor", "other_leader"):
        assert send(cast, persona, "GET", f"{FILES}{told['id']}/")[0] == 404
        assert send(cast, persona, "GET", FILES)[1].get("count", 0) == 0
    assert send(cast, "leader", "GET", FILES)[1]["count"] == 1
    status, gone = send(cast, "leader", "POST", f"{FILES}{told['id']}/discard/")
    assert (status, gone["status"], gone["preview"]) == (200, "discarded", None)
    assert send(cast, "leader", "POST", f"{FILES}{told['id']}/discard/")[0] == 409
