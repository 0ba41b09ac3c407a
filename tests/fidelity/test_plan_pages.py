"""The page of an action plan: filled in row by row, put in use, filtered."""

from datetime import timedelta
from typing import Any

import pytest

from fidelity.models import ActionPlan, PlanRow, Review
from tests.cast import StateCast, make_cast
from tests.fidelity import reviews, signing
from tests.fidelity.pages import at, get, post, queries, signed_in, text


@pytest.fixture
def cast(db: None) -> StateCast:
    return make_cast().meridian


def plan_row(cast: StateCast, review: Review, code: str = "ST1") -> Any:
    with reviews.acting(cast, "admin"):
        return ActionPlan.objects.get(review=review).rows.get(item_code=code)


def filled(row: Any, **changed: Any) -> dict[str, Any]:
    values = {"steps": "Meet weekly.", "responsible": "Ana", "target_on": "3/1/2027", "goal": 4}
    return values | {"status": "in_progress", "note": "Begun.", "version": row.version} | changed


def use(cast: StateCast, review: Review) -> Any:
    """Through the page that asks first."""
    page = get(cast, "supervisor", at(review, "plan/use/"))
    return post(cast, "supervisor", at(review, "plan/use/"), version=page.context["form"]["version"].value())


def test_a_plan_changed_since_it_was_read_is_not_put_in_use(cast: StateCast) -> None:
    review = reviews.issued(cast, score=5, years_ago=0)
    post(cast, "supervisor", at(review, "plan/add/"), item_code="SV6")
    answer = post(cast, "supervisor", at(review, "plan/use/"), version=1)
    assert answer.status_code == 409
    assert "Read it once more" in text(answer)


def test_the_agency_fills_in_a_row(cast: StateCast) -> None:
    review = reviews.issued(cast, years_ago=0)
    row = plan_row(cast, review)
    answer = post(cast, "supervisor", at(review, f"plan/{row.pk}/"), **filled(row))
    assert answer["Location"].endswith(f"#row-{row.pk}")
    assert plan_row(cast, review).responsible == "Ana"


@pytest.mark.parametrize(
    "changed",
    [
        {"goal": 9},
        {"target_on": "13/40/2027"},
        {"target_on": "1/5/2026"},
        {"target_on": "1/5/2226"},
        {"status": "dropped"},
        {"rating": 5},
        {"version": "x"},
        {"note": "a\x00"},
        {"status": "done", "note": ""},
    ],
)
def test_a_row_that_cannot_be_saved_opens_again_with_the_typed_words(
    cast: StateCast, changed: dict[str, Any]
) -> None:
    review = reviews.issued(cast, years_ago=0)
    row = plan_row(cast, review)
    answer = post(
        cast, "supervisor", at(review, f"plan/{row.pk}/"), **filled(row, responsible="Typed", **changed)
    )
    assert answer.status_code == 422
    assert 'value="Typed"' in text(answer)
    assert plan_row(cast, review).responsible == ""


def test_two_tabs_on_one_row_see_both_values(cast: StateCast) -> None:
    review = reviews.issued(cast, years_ago=0)
    row = plan_row(cast, review)
    post(cast, "supervisor", at(review, f"plan/{row.pk}/"), **filled(row, note="First."))
    answer = post(cast, "leader", at(review, f"plan/{row.pk}/"), **filled(row, note="Second."))
    assert answer.status_code == 409
    assert "First." in text(answer)
    assert "Second." in text(answer)
    again = filled(row, note="Second.", version=2)
    assert post(cast, "leader", at(review, f"plan/{row.pk}/"), **again).status_code == 302


def test_rows_of_another_plan_are_not_found(cast: StateCast) -> None:
    mine, other = reviews.issued(cast), reviews.issued(cast, team="south_one")
    row = plan_row(cast, other)
    assert post(cast, "leader", at(mine, f"plan/{row.pk}/"), **filled(row)).status_code == 404
    assert post(cast, "leader", at(other, f"plan/{row.pk}/"), **filled(row)).status_code == 404
    assert post(cast, "admin", at(mine, f"plan/{10**30}/"), **filled(row)).status_code == 404


def test_items_are_added_and_taken_out_and_the_plan_put_in_use(cast: StateCast) -> None:
    review = reviews.issued(cast, score=5, years_ago=0)
    page = text(get(cast, "supervisor", at(review, "plan/")))
    assert "The plan has no rows yet" in page
    assert post(cast, "supervisor", at(review, "plan/add/"), item_code="SV6").status_code == 302
    assert post(cast, "supervisor", at(review, "plan/add/"), item_code="SV6").status_code == 422
    row = plan_row(cast, review, "SV6")
    refused = use(cast, review)
    assert refused.status_code == 422
    assert "responsible person" in text(refused)
    post(cast, "supervisor", at(review, f"plan/{row.pk}/"), **filled(row, goal=5))
    assert use(cast, review).status_code == 302
    assert "In use" in text(get(cast, "specialist", at(review, "plan/")))
    assert post(cast, "supervisor", at(review, f"plan/{row.pk}/drop/")).status_code == 302
    assert "1 dropped row" in text(get(cast, "supervisor", at(review, "plan/")))


@pytest.mark.parametrize("persona", ["specialist", "vr_liaison", "payer"])
def test_others_read_the_plan_and_find_nothing_to_fill_in(cast: StateCast, persona: str) -> None:
    page = text(get(cast, persona, at(reviews.issued(cast, years_ago=0), "plan/")))
    assert "Caseload size" in page
    assert "Edit item" not in page
    assert "Put in use" not in page


def test_the_filter_shows_what_is_overdue(cast: StateCast) -> None:
    review = reviews.issued(cast, years_ago=0)
    row = plan_row(cast, review)
    with reviews.acting(cast, "supervisor"):
        PlanRow.objects.filter(pk=row.pk).update(target_on=cast.state.today() - timedelta(days=1))
    page = text(get(cast, "supervisor", at(review, "plan/"), show="overdue"))
    assert "1. Caseload size" in page
    assert "2. Employment services staff</h3>" not in page


def test_the_row_that_completes_the_plan_says_so(cast: StateCast) -> None:
    review = reviews.issued(cast, score=5, years_ago=0)
    post(cast, "supervisor", at(review, "plan/add/"), item_code="SV6")
    row = plan_row(cast, review, "SV6")
    client, page = signed_in(cast, "supervisor"), f"/meridian/{at(review, f'plan/{row.pk}/')}"
    values = filled(row, goal=5)
    client.post(page, values)
    use(cast, review)
    done = client.post(page, values | {"status": "done", "version": 2}, follow=True)
    assert "It was the last open row, so the action plan is completed." in done.content.decode()
    again = client.post(page, values | {"status": "in_progress", "version": 3}, follow=True)
    assert "The action plan is in use again." in again.content.decode()


def test_the_plan_asks_as_much_for_many_rows_as_for_one(cast: StateCast) -> None:
    review = reviews.issued(cast, score=5, years_ago=0)
    post(cast, "supervisor", at(review, "plan/add/"), item_code="SV6")
    few = queries(cast, "supervisor", at(review, "plan/"))
    for code in ("SV7", "SV8", "OR1"):
        post(cast, "supervisor", at(review, "plan/add/"), item_code=code)
    assert queries(cast, "supervisor", at(review, "plan/")) == few


def test_a_note_and_a_comment_stand_under_their_step(cast: StateCast) -> None:
    review = reviews.issued(cast, years_ago=0)
    row = plan_row(cast, review)
    key = "0f0f9c3e-0c5e-4a0e-8f7a-0d5f2f5f1c11"
    said = {"kind": "progress", "text": "Ana met two employers.", "key": key}
    for _ in range(2):
        assert post(cast, "supervisor", at(review, f"plan/{row.pk}/say/"), **said).status_code == 302
    trainer = said | {"kind": "comment", "text": "Well begun.", "key": key.replace("0f0f", "1f1f")}
    assert post(cast, "trainer", at(review, f"plan/{row.pk}/say/"), **trainer).status_code == 302
    page = text(get(cast, "leader", at(review, "plan/")))
    assert page.count("Ana met two employers.") == 1
    assert "Well begun." in page
    assert post(cast, "trainer", at(review, f"plan/{row.pk}/say/"), **said).status_code == 422
    assert post(cast, "payer", at(review, f"plan/{row.pk}/say/"), **trainer).status_code == 403
    empty = post(cast, "supervisor", at(review, f"plan/{row.pk}/say/"), **(said | {"text": " "}))
    assert empty.status_code == 422


def test_a_plan_is_signed_and_approved_on_its_pages_and_its_paper_says_so(cast: StateCast) -> None:
    review = reviews.issued(reviews.under(cast, "louisiana"), days_ago=20)
    signing.in_use(cast)
    read = get(cast, "leader", at(review, "plan/sign/")).context["form"]["version"].value()
    assert get(cast, "supervisor", at(review, "plan/sign/")).status_code == 403
    assert post(cast, "leader", at(review, "plan/sign/"), version=read).status_code == 302
    assert post(cast, "leader", at(review, "plan/sign/"), version=read).status_code == 409
    assert "Waits for approval by MCO" in text(get(cast, "supervisor", at(review, "plan/")))
    assert "asks for the sign-off again" in text(get(cast, "supervisor", at(review, "plan/")))
    answer = {"answer": "return", "words": "", "version": read + 1}
    assert post(cast, "payer", at(review, "plan/answer/"), **answer).status_code == 422
    assert post(cast, "admin", at(review, "plan/answer/"), **answer).status_code == 403
    stale = post(
        cast, "payer", at(review, "plan/answer/"), **(answer | {"version": read, "answer": "approve"})
    )
    assert stale.status_code == 409
    back = post(cast, "payer", at(review, "plan/answer/"), **(answer | {"words": "Say who begins."}))
    assert back.status_code == 302
    assert "Say who begins." in text(get(cast, "supervisor", at(review, "plan/")))


def test_the_next_review_opens_with_what_the_last_plan_left_open(cast: StateCast) -> None:
    first = reviews.issued(cast, days_ago=100)
    signing.in_use(cast)
    coming = reviews.scheduled(cast)
    page = text(get(cast, "trainer", at(coming)))
    assert "What the last plan left open" in page
    assert at(first, "plan/") in page
    later = reviews.issued(cast, score=4, days_ago=50)
    page = text(get(cast, "leader", at(later)))
    assert "How the items of the last plan moved" in page
    assert "1. Caseload size: 3 then, 4 now" in page
    assert "The way to" in page
