"""The page on which an agency comments on a draft and its reviewers answer, and what is seen of it elsewhere."""

from typing import Any

import pytest

from fidelity.actions import finishing
from fidelity.actions.answering import Comment
from fidelity.models import Review
from ips_portal.reports.models import ReportRequest
from tests.cast import StateCast, make_cast
from tests.fidelity import answers, reviews
from tests.fidelity.answers import WRONG
from tests.fidelity.pages import at, get, opened_form, post, text
from tests.fidelity.test_answering import CHANGED
from tests.fidelity.test_reporting import issue, write

SAID = {"ST1-wrong": WRONG.wrong, "ST1-seen": WRONG.seen}


@pytest.fixture
def cast(db: None) -> StateCast:
    return answers.asking(make_cast().meridian)


def page(review: Review) -> str:
    return at(review, "answers/")


def filled(cast: StateCast, persona: str, review: Review, **typed: Any) -> dict[str, Any]:
    return opened_form(get(cast, persona, page(review))) | typed


def test_the_agency_reads_the_draft_and_comments(cast: StateCast) -> None:
    review = answers.handed_over(cast)
    home = text(get(cast, "leader", ""))
    assert f"/meridian/{page(review)}" in home
    shown = text(get(cast, "leader", page(review)))
    assert "Seen for ST1." in shown
    assert "What is not right, item 1" in shown
    assert "Save and say we are done" in shown
    answer = post(cast, "leader", page(review), **filled(cast, "leader", review, **SAID))
    assert answer.status_code == 302
    assert answers.said(cast, review, "ST1").wrong == WRONG.wrong
    assert "1 comment saved so far" in text(get(cast, "supervisor", page(review)))


def test_saying_that_all_is_said_closes_the_window(cast: StateCast) -> None:
    review = answers.handed_over(cast)
    sent = filled(cast, "leader", review, then="close")
    answer = post(cast, "leader", page(review), **sent)
    assert (answer.status_code, answer.url) == (302, f"/meridian/{at(review)}")
    assert answers.window(cast, review).closed_at is not None
    assert get(cast, "leader", at(review, "report/preview/")).status_code == 404
    late = post(cast, "leader", page(review), **(sent | SAID))
    assert late.status_code == 409
    assert WRONG.wrong in text(late)


def test_two_who_comment_on_one_item_see_both(cast: StateCast) -> None:
    review = answers.handed_over(cast)
    sent = filled(cast, "supervisor", review, **{"ST1-wrong": "Two and a half.", "ST1-seen": "Payroll."})
    answers.comment(cast, review, ST1=WRONG)
    clash = post(cast, "supervisor", page(review), **sent)
    assert clash.status_code == 409
    assert WRONG.wrong in text(clash)
    assert "Two and a half." in text(clash)
    again = opened_form(clash) | {"ST1-wrong": "Two and a half.", "ST1-seen": "Payroll."}
    assert post(cast, "supervisor", page(review), **again).status_code == 302


def test_two_who_comment_on_different_items_are_both_kept(cast: StateCast) -> None:
    review = answers.handed_over(cast)
    sent = filled(cast, "supervisor", review, **{"OR1-wrong": "Two teams.", "OR1-seen": "The plan."})
    answers.comment(cast, review, ST1=WRONG)
    assert post(cast, "supervisor", page(review), **sent).status_code == 302
    assert answers.said(cast, review, "ST1").wrong == WRONG.wrong
    assert answers.said(cast, review, "OR1").wrong == "Two teams."


@pytest.mark.parametrize("typed", [{"ST1-wrong": "Only this."}, {"XX9-wrong": "No such item."}])
def test_a_comment_that_cannot_be_kept_stays_on_the_page(cast: StateCast, typed: dict[str, str]) -> None:
    review = answers.handed_over(cast)
    answer = post(cast, "leader", page(review), **filled(cast, "leader", review, **typed))
    assert answer.status_code == 422


def test_the_reviewers_answer_one_by_one(cast: StateCast) -> None:
    review = answers.handed_over(cast)
    answers.comment(cast, review, closes=True, ST1=WRONG, OR1=WRONG)
    assert f"/meridian/{page(review)}" in text(get(cast, "trainer", ""))
    typed = {"ST1-outcome": "changed", "ST1-answer": CHANGED.answer}
    answer = post(cast, "trainer", page(review), **filled(cast, "trainer", review, **typed))
    assert answer.status_code == 302
    assert answers.said(cast, review, "ST1").outcome == "changed"
    half = post(
        cast, "trainer", page(review), **filled(cast, "trainer", review, **{"OR1-outcome": "unchanged"})
    )
    assert half.status_code == 422
    assert "Say in a sentence" in text(half)


def test_an_answer_is_to_the_comment_that_was_read(cast: StateCast) -> None:
    review = answers.handed_over(cast)
    answers.comment(cast, review, closes=True, ST1=WRONG)
    typed = {"ST1-outcome": "changed", "ST1-answer": CHANGED.answer}
    sent = filled(cast, "trainer", review, **typed)
    with reviews.acting(cast, "admin") as admin:
        finishing.reopen(Review.objects.get(pk=review.pk), reason="Item 1 was read wrongly.", by=admin)
    review = answers.handed_over(cast, reviews.finished(cast, review))
    answers.comment(cast, review, closes=True, ST1=Comment("Four, not two.", "Payroll of May.", 1))
    clash = post(cast, "trainer", page(review), **sent)
    assert clash.status_code == 409
    assert "Four, not two." in text(clash)
    assert CHANGED.answer in text(clash)
    assert answers.said(cast, review, "ST1").outcome == ""
    assert post(cast, "trainer", page(review), **(opened_form(clash) | typed)).status_code == 302
    assert answers.said(cast, review, "ST1").outcome == "changed"


def test_issuing_says_what_it_waits_for(cast: StateCast) -> None:
    review = answers.handed_over(cast)
    assert "Check the report and issue it" not in text(get(cast, "admin", ""))
    assert "The agency may correct the draft until" in text(get(cast, "admin", at(review, "issue/")))
    answers.comment(cast, review, closes=True, ST1=WRONG)
    assert "not answered yet: 1" in text(get(cast, "admin", at(review, "issue/")))
    answers.answer(cast, review, ST1=CHANGED)
    assert "Check the report and issue it" in text(get(cast, "admin", ""))


def test_comments_and_answers_stay_with_the_issued_report(cast: StateCast) -> None:
    review = answers.handed_over(cast)
    answers.comment(cast, review, closes=True, ST1=WRONG)
    answers.answer(cast, review, ST1=CHANGED)
    issue(cast, review)
    for persona in ("leader", "supervisor", "trainer", "admin"):
        shown = text(get(cast, persona, at(review)))
        assert WRONG.wrong in shown
        assert CHANGED.answer in shown
    assert WRONG.wrong not in text(get(cast, "specialist", at(review)))
    history = text(get(cast, "leader", at(review, "history/")))
    assert "Handed the draft to the agency." in history
    assert "Commented on item “ST1” of the draft." in history


def test_the_agency_takes_the_draft_it_was_handed_as_paper(cast: StateCast) -> None:
    review = answers.handed_over(cast)
    assert post(cast, "leader", at(review, "report/preview/pdf/")).status_code == 302
    with reviews.acting(cast, "admin"):
        made = ReportRequest.objects.get(kind="fidelity-handed-over")
    assert made.title.startswith("Draft of the fidelity report, as handed over")


def test_words_changed_after_the_hand_over_are_not_the_agencys_yet(cast: StateCast) -> None:
    review = answers.handed_over(cast)
    write(cast, review, overview="Not said to anybody yet.")
    for place in ("", "report/preview/", "answers/", "history/"):
        assert "Not said to anybody" not in text(get(cast, "leader", at(review, place)))


@pytest.mark.parametrize("place", ["answers/", "report/preview/"])
@pytest.mark.parametrize("persona", ["other_leader", "other_supervisor", "specialist", "payer", "vr_liaison"])
def test_nobody_else_finds_the_draft(cast: StateCast, persona: str, place: str) -> None:
    assert get(cast, persona, at(answers.handed_over(cast), place)).status_code == 404


@pytest.mark.parametrize("place", ["answers/", "report/preview/"])
@pytest.mark.parametrize("persona", ["leader", "supervisor"])
def test_the_agency_finds_none_before_the_hand_over(cast: StateCast, persona: str, place: str) -> None:
    review = write(cast, reviews.drafted(cast))
    assert get(cast, persona, at(review, place)).status_code == 404
    assert "Draft of the report" not in text(get(cast, persona, at(review)))


def test_after_its_time_the_agency_reads_its_comments_and_no_draft(cast: StateCast) -> None:
    review = answers.handed_over(cast)
    answers.comment(cast, review, ST1=WRONG)
    answers.over(cast, review)
    shown = text(get(cast, "leader", page(review)))
    assert WRONG.wrong in shown
    assert "Seen for ST1." not in shown
    assert get(cast, "leader", at(review, "report/preview/")).status_code == 404
    assert post(cast, "leader", at(review, "report/preview/pdf/")).status_code == 404
