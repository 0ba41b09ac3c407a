"""Two people at one plan: nobody overwrites what they have not seen, and no typed word is lost."""

from typing import Any

import pytest

from fidelity.models import PlanRow, Review
from tests.cast import StateCast, make_cast
from tests.fidelity import reviews, signing
from tests.fidelity.pages import at, get, post, text
from tests.fidelity.test_api import Program
from tests.fidelity.test_api import at as api
from tests.fidelity.test_plan_pages import plan_row

KEY = "0f0f9c3e-0c5e-4a0e-8f7a-0d5f2f5f1c11"


@pytest.fixture
def cast(db: None) -> StateCast:
    return make_cast().meridian


def opened(cast: StateCast, review: Review, persona: str = "supervisor", code: str = "ST1") -> dict[str, Any]:
    """What the form of the row would send unchanged."""
    sections = get(cast, persona, at(review, "plan/")).context["sections"]
    [form] = [fill for _, rows in sections for row, fill, _ in rows if row.row.item_code == code]
    return {name: form[name].value() for name in form.fields}


def save(cast: StateCast, persona: str, review: Review, values: dict[str, Any]) -> Any:
    return post(cast, persona, at(review, f"plan/{plan_row(cast, review).pk}/"), **values)


def test_what_one_left_untouched_stands_as_the_other_saved_it(cast: StateCast) -> None:
    review = reviews.issued(cast, years_ago=0)
    mine = opened(cast, review)
    theirs = {"status": "in_progress", "goal": 5, "first_step": "Ana calls.", "evidence": "A log."}
    assert save(cast, "leader", review, mine | theirs).status_code == 302
    assert save(cast, "supervisor", review, mine | {"responsible": "Ana"}).status_code == 302
    row = plan_row(cast, review)
    assert (row.status, row.goal, row.first_step, row.evidence) == tuple(theirs.values())
    assert row.responsible == "Ana"


def test_every_field_both_changed_is_shown_twice_and_then_saved(cast: StateCast) -> None:
    review = reviews.issued(cast, years_ago=0)
    mine = opened(cast, review)
    theirs = {"status": "done", "goal": 5, "first_step": "Bo calls.", "evidence": "A log.", "note": "Done."}
    theirs |= {"steps": "Theirs.", "responsible": "Bo", "target_on": "3/9/2027"}
    typed = {"status": "in_progress", "goal": 3, "first_step": "Ana calls.", "evidence": "Minutes."}
    typed |= {"note": "Begun.", "steps": "Mine.", "responsible": "Ana", "target_on": "4/2/2027"}
    save(cast, "leader", review, mine | theirs)
    clash = save(cast, "supervisor", review, mine | typed)
    assert clash.status_code == 409
    assert dict(clash.context["theirs"]) == {
        "Steps": "Theirs.",
        "First step": "Bo calls.",
        "Evidence asked for": "A log.",
        "Responsible": "Bo",
        "Target date": "March 9, 2027",
        "Goal rating": "5",
        "Status": "Done",
        "Where it stands": "Done.",
    }
    form = clash.context["form"]
    assert form["steps"].value() == "Mine."
    again = {name: form[name].value() for name in form.fields} | {"target_on": "4/2/2027"}
    assert save(cast, "supervisor", review, again).status_code == 302
    row = plan_row(cast, review)
    assert (row.steps, row.status, row.goal) == ("Mine.", "in_progress", 3)


def test_a_form_sent_twice_is_saved_once(cast: StateCast) -> None:
    review = reviews.issued(cast, years_ago=0)
    mine = opened(cast, review) | {"responsible": "Ana"}
    for _ in range(2):
        assert save(cast, "supervisor", review, mine).status_code == 302
    assert plan_row(cast, review).version == 2


@pytest.mark.parametrize(
    ("status", "because"),
    [("dropped", "took this item out"), ("carried", "goes on in the plan of the next review")],
)
def test_what_is_typed_in_a_row_that_has_gone_stays_on_the_page(
    cast: StateCast, status: str, because: str
) -> None:
    review = reviews.issued(cast, years_ago=0)
    row, mine = plan_row(cast, review), opened(cast, review)
    with reviews.acting(cast, "supervisor"):
        PlanRow.objects.filter(pk=row.pk).update(status=status, version=2, note="Theirs.")
    said = {"kind": "comment", "text": "Typed", "key": KEY}
    for answer in (
        save(cast, "supervisor", review, mine | {"responsible": "Typed", "note": "Other."}),
        post(cast, "supervisor", at(review, f"plan/{row.pk}/say/"), **said),
    ):
        assert answer.status_code == 409
        assert because in text(answer)
        assert "Typed" in text(answer)
    for way in (get, post):
        asked = way(cast, "supervisor", at(review, f"plan/{row.pk}/drop/"))
        assert asked.status_code == 409
        assert because in text(asked)
    program = Program(cast, "leader")
    refused = program.ask("PUT", api(review, f"plan/rows/{row.pk}/"), {"version": 2, "note": "Typed"})
    assert refused.status_code == 409


def test_what_the_state_typed_in_a_draft_stays_when_the_agency_put_it_in_use(cast: StateCast) -> None:
    review = reviews.issued(cast, years_ago=0)
    mine = opened(cast, review, "trainer")
    signing.in_use(cast)
    answer = save(cast, "trainer", review, mine | {"first_step": "Typed"})
    assert answer.status_code == 403
    assert 'value="Typed"' in text(answer)
    assert "The answers of a plan are the agency" in text(answer)


def test_the_words_of_an_approver_stay_when_the_plan_changed_meanwhile(cast: StateCast) -> None:
    review = reviews.issued(reviews.under(cast, "louisiana"), days_ago=20)
    read = signing.signed(cast).version
    typed = {"answer": "return", "words": "Say who begins.", "version": read}
    save(cast, "supervisor", review, opened(cast, review) | {"note": "Begun."})
    stale = post(cast, "payer", at(review, "plan/answer/"), **typed)
    assert stale.status_code == 409
    assert "Say who begins." in text(stale)
    assert "changed after you opened this page" in text(stale)
    save(cast, "supervisor", review, opened(cast, review) | {"steps": "Another way."})
    waits_no_more = post(cast, "payer", at(review, "plan/answer/"), **typed)
    assert waits_no_more.status_code == 409
    assert "Say who begins." in text(waits_no_more)
    assert "does not wait for an approval" in text(waits_no_more)
    signing.sign(cast)
    again = stale.context["form"]["version"].value()
    assert post(cast, "payer", at(review, "plan/answer/"), **(typed | {"version": again})).status_code == 409
    last = signing.newest(cast).version
    assert post(cast, "payer", at(review, "plan/answer/"), **(typed | {"version": last})).status_code == 302


def test_what_is_typed_in_a_drafted_row_that_was_taken_out_stays_on_the_page(cast: StateCast) -> None:
    review = reviews.issued(cast, years_ago=0)
    row, mine = plan_row(cast, review), opened(cast, review)
    assert post(cast, "leader", at(review, f"plan/{row.pk}/drop/")).status_code == 302
    said = {"kind": "comment", "text": "Typed words.", "key": KEY}
    for path, values in (("", mine | {"note": "Typed words."}), ("say/", said)):
        answer = post(cast, "supervisor", at(review, f"plan/{row.pk}/{path}"), **values)
        assert answer.status_code == 404
        assert "Typed words." in text(answer)
        assert "add the item again" in text(answer)
