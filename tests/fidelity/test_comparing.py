"""Two issued reports of one team beside each other: what moved, in words, also where the scales differ."""

from copy import deepcopy
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fidelity.comparing import compare
from fidelity.dashboards.comparing import totals
from fidelity.models import Edition, Review
from tests.cast import StateCast, make_cast
from tests.fidelity import reviews
from tests.fidelity.pages import at, get, text


@pytest.fixture
def cast(db: None) -> StateCast:
    return make_cast().meridian


def snapshot(scores: dict[str, int], kind: str = "external", scale: str = "one") -> dict[str, Any]:
    items = [
        {"code": code, "seq": number, "name": f"Item {code}", "rating": score}
        for number, (code, score) in enumerate(scores.items(), start=1)
    ]
    total = sum(scores.values())
    return {
        "edition": 1,
        "review": {"kind": kind, "starts_on": "2026-03-02", "ends_on": "2026-03-03"},
        "scale": {"key": scale, "name": "Scale", "edition": scale, "hash": scale},
        "total": total,
        "possible": 5 * len(items),
        "band": {"key": "good", "label": "Good"},
        "sections": [
            {"code": "A", "name": "Staffing", "subtotal": total, "possible": 5 * len(items), "items": items}
        ],
    }


def test_every_item_says_how_it_moved() -> None:
    found = compare(snapshot({"A1": 3, "A2": 4, "A3": 2}), snapshot({"A1": 5, "A2": 4, "A3": 1}))
    assert [(row.code, row.change) for row in found.rows] == [
        ("A1", "up 2"),
        ("A2", "same"),
        ("A3", "down 1"),
    ]
    assert (found.change, found.sections[0].change) == ("up 1", "up 1")
    assert found.words == "1 item went up, 1 went down and 1 stayed the same."
    assert found.notes == ()


def test_items_of_one_scale_only_are_said_to_be() -> None:
    found = compare(snapshot({"A1": 3, "OLD": 4}), snapshot({"A1": 4, "NEW": 5}, scale="two"))
    assert {row.code: row.change for row in found.rows} == {
        "A1": "up 1",
        "NEW": "only on the later scale",
        "OLD": "only on the earlier scale",
    }
    assert (found.change, found.sections[0].change) == ("not comparable", "not comparable")
    assert "different scales: Scale, one, and Scale, two" in found.notes[0]


def test_a_self_review_is_compared_with_a_word_of_warning() -> None:
    found = compare(snapshot({"A1": 3}, kind="self"), snapshot({"A1": 4}))
    assert "compare with care" in found.notes[0]


def divided(education: dict[str, int], edition: str = "one") -> dict[str, Any]:
    """Four points in employment, and a part of which two editions of a scale may have different items."""
    found = snapshot({"W1": 4}, scale=edition)
    rated = [{"code": code, "seq": 2, "name": code, "rating": score} for code, score in education.items()]
    (work,), possible = found["sections"], 5 * len(education)
    school = {**work, "code": "S", "part": "EDU", "items": rated, "possible": possible}
    totals = (("EMP", "Employment", 4, 5), ("EDU", "Education", sum(education.values()), possible))
    return found | {
        "sections": [work | {"part": "EMP"}, school | {"subtotal": sum(education.values())}],
        "parts": [
            {
                "code": code,
                "name": name,
                "leads": code == "EMP",
                "total": total,
                "possible": most,
                "band": None,
                "bands": [],
            }
            for code, name, total, most in totals
        ],
    }


def test_each_total_of_a_part_stands_beside_what_it_is_of_where_that_differs() -> None:
    found = compare(divided({"S1": 3, "S2": 4}), divided({"S1": 3, "S2": 4, "S3": 2}, edition="two"))
    employment, education = found.parts
    assert (employment.possible, employment.said) == (5, (4, 4))
    assert (education.possible, education.said) == (None, ("7 of 10", "9 of 15"))
    assert (employment.change, education.change) == ("same", "not comparable")
    assert totals(found) == [
        ("", "", "Total, Employment", 4, 4, "same"),
        ("", "", "Total, Education", "7 of 10", "9 of 15", "not comparable"),
    ]


def test_a_part_that_only_one_scale_has_is_of_what_it_is_there() -> None:
    (_, education) = compare(snapshot({"W1": 4}), divided({"S1": 3}, edition="two")).parts
    assert (education.possible, education.said) == (5, (None, 3))


def compared(cast: StateCast, persona: str, review: Review, **query: str) -> Any:
    return get(cast, persona, at(review, "compare/"), **query)


def test_the_page_compares_with_the_review_before(cast: StateCast) -> None:
    first, second = reviews.issued(cast, score=3, years_ago=2), reviews.issued(cast, score=4)
    page = compared(cast, "leader", second)
    assert "25 items went up, 0 went down and 0 stayed the same." in text(page)
    assert "up 25" in text(page)
    same = compared(cast, "leader", first, other=str(second.public_id))  # the earlier one still stands first
    assert page.context["page"] == same.context["page"]
    assert f"{at(second)}compare/" in text(get(cast, "leader", at(second)))
    assert f"{at(second)}compare/" in text(get(cast, "leader", "teams/north-one/"))


def test_a_corrected_edition_is_compared_with_the_one_it_replaces(cast: StateCast) -> None:
    review = reviews.issued(cast)
    with reviews.acting(cast, "admin"):
        first = Edition.objects.get(review=review)
        again = deepcopy(first.snapshot) | {"edition": 2, "total": first.snapshot["total"] + 1}
        again["sections"][0]["items"][0]["rating"] = 4
        Edition.objects.create(
            state=cast.state,
            review=review,
            team_id=review.team_id,
            number=2,
            snapshot=again,
            issued_by=cast.people["admin"],
            reason="Item 1 was read wrongly.",
        )
    page = compared(cast, "leader", review, other="edition-1")
    assert [row.code for row in page.context["page"].rows if row.change == "up 1"] == ["ST1"]


def test_a_first_review_has_nothing_to_be_compared_with(cast: StateCast) -> None:
    assert "Nothing to compare with yet" in text(compared(cast, "leader", reviews.issued(cast)))


def test_reviews_of_other_teams_are_no_choice(cast: StateCast) -> None:
    review, other = reviews.issued(cast), reviews.issued(cast, team="south_one")
    for key in (str(other.public_id), "edition-9", "nonsense"):
        assert compared(cast, "admin", review, other=key).status_code == 422
    assert compared(cast, "leader", other).status_code == 404


def test_only_the_two_reports_that_are_compared_are_read(cast: StateCast) -> None:
    for days in (700, 600, 500):
        reviews.issued(cast, days_ago=days)
    review = reviews.issued(cast, score=4)
    with CaptureQueriesContext(connection) as asked:
        assert compared(cast, "leader", review).status_code == 200
    of_editions = [each["sql"] for each in asked if 'FROM "fidelity_edition"' in each["sql"]]
    assert len(of_editions) == 3
    assert sum('"fidelity_edition"."snapshot"' in each for each in of_editions) == 2


def test_what_is_not_issued_is_not_compared(cast: StateCast) -> None:
    assert compared(cast, "trainer", reviews.drafted(cast)).status_code == 409


@pytest.mark.parametrize("file", ["csv", "xlsx"])
def test_the_comparison_is_taken_as_a_table(cast: StateCast, file: str) -> None:
    reviews.issued(cast, years_ago=2)
    place = at(reviews.issued(cast, score=4), f"compare.{file}")
    answer = get(cast, "leader", place)
    assert answer.status_code == 200
    if file == "csv":
        assert "Staffing,ST1" in answer.content.decode("utf-8-sig")
    assert get(cast, "specialist", place).status_code == 403
