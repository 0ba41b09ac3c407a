"""A quarter as a file: the same numbers as on the page and in the API, and nobody else's."""

import csv
from io import StringIO
from typing import Any

import pytest
from django.urls import reverse

from tests.cast import StateCast, make_cast
from tests.outcomes import quarters


@pytest.fixture
def cast(db: None) -> StateCast:
    return make_cast().meridian


def rows(cast: StateCast, persona: str) -> list[dict[str, str]]:
    answer = cast.seen_by(persona).get(reverse("outcomes:quarter-file", args=["meridian", "csv"]))
    assert answer.status_code == 200
    lines = answer.content.decode().removeprefix("\ufeff").split("\r\n\r\n", 1)[1]
    return list(csv.DictReader(StringIO(lines)))


def report(cast: StateCast, team: str, persona: str, **values: int) -> Any:
    made = quarters.expected(cast, team)
    quarters.enter(cast, made, persona, **values)
    quarters.submit(cast, made, persona)
    return quarters.accept(cast, made)


def test_page_file_and_api_give_the_same_numbers(cast: StateCast) -> None:
    made = report(cast, "north_one", "supervisor")
    (line,) = [row for row in rows(cast, "vr_liaison") if row["People served"]]
    api = cast.seen_by("vr_liaison").get(f"/api/v1/meridian/outcomes/north-one/{made.quarter.slug}/").json()
    page = cast.seen_by("vr_liaison").get(f"/meridian/outcomes/north-one/{made.quarter.slug}/")
    shown = {each.measure.key: each.words for _, lines in page.context["page"].groups for each in lines}
    for label, key in (
        ("People served", "served"),
        ("People working", "employed"),
        ("Job starts", "job_starts"),
    ):
        assert line[label] == str(api["figures"][key]) == shown[key]
    assert line["Employment rate"] == api["rates"][0]["value"] == "0.4500"
    assert page.context["page"].rates[0].shown == "45%"
    assert line["Figures"] == "provisional"


def test_an_agency_gets_its_own_teams_and_a_draft_has_no_figures(cast: StateCast) -> None:
    report(cast, "south_one", "other_supervisor")
    draft = quarters.expected(cast)
    quarters.enter(cast, draft, served=1377, employed=700)
    found = rows(cast, "leader")
    assert {row["Team"] for row in found} == {"Meridian North Team One", "Meridian North Team Two"}
    assert all(row["People served"] == "" for row in found)
    assert "1377" not in str(rows(cast, "admin"))
    assert (
        cast.seen_by("specialist").get(reverse("outcomes:quarter-file", args=["meridian", "csv"])).status_code
        == 403
    )


def test_what_has_been_published_goes_out_with_its_sources(cast: StateCast) -> None:
    where = reverse("outcomes:published-file", args=["meridian", "csv"])
    text = cast.seen_by("admin").get(where).content.decode()
    found = list(csv.DictReader(StringIO(text.removeprefix("\ufeff").split("\r\n\r\n", 1)[1])))
    page = cast.seen_by("admin").get(reverse("outcomes:published-list", args=["meridian"]))
    assert [row["Value"] for row in found] == [
        each.value for section in page.context["sections"] for each in section.rows
    ]
    assert all(row["Source"] for row in found)
    assert where in page.content.decode()
    assert cast.seen_by("trainer").get(where).status_code == 403


def test_too_few_teams_to_say_anything_are_no_rows_of_fidelity(cast: StateCast) -> None:
    report(cast, "north_one", "supervisor")
    where = reverse("outcomes:fidelity-file", args=["meridian", "csv"])
    text = cast.seen_by("vr_liaison").get(where).content.decode()
    assert "fewer than 3 say nothing, so none is listed" in text
    assert text.split("\r\n\r\n", 1)[1].count("\r\n") == 1
