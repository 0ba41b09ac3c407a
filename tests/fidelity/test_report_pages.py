"""The pages of a report: written by several, issued by a second person, asked for on paper."""

from typing import Any

import pytest

from fidelity.models import Review
from ips_portal.reports.models import ReportRequest
from tests.cast import StateCast, make_cast
from tests.fidelity import reviews
from tests.fidelity.pages import at, draft, get, opened_form, post, signed_in, text


@pytest.fixture
def cast(db: None) -> StateCast:
    return make_cast().meridian


def opened(cast: StateCast, review: Review, persona: str = "trainer") -> dict[str, Any]:
    """What the editor's form would send unchanged."""
    return opened_form(get(cast, persona, at(review, "report/")))


def test_the_report_is_written_and_saved(cast: StateCast) -> None:
    review = draft(cast)
    form = opened(cast, review) | {
        "strengths": "They know every employer.",
        "ST1-recommendation": "Hire one more.",
    }
    assert post(cast, "trainer", at(review, "report/"), **form).status_code == 302
    assert reviews.said(cast, review).strengths == "They know every employer."
    page = text(get(cast, "trainer", at(review, "report/")))
    assert "Hire one more." in page
    assert "24 recommendations still as drafted" in page


def test_who_changes_a_report_handed_over_is_told_to_hand_it_over_again(cast: StateCast) -> None:
    review = draft(cast)
    form = opened(cast, review) | {"strengths": "They know every employer."}
    form |= {name: "Hire one more." for name in form if name.endswith("-recommendation")}
    client, page = signed_in(cast, "trainer"), f"/meridian/{at(review, 'report/')}"
    client.post(page, form | {"then": "hand-over"})
    again = opened(cast, review) | {"overview": "Seen anew."}
    answer = client.post(page, again, follow=True).content.decode()
    assert "Hand it over again when you are done." in answer


def test_a_hand_over_that_is_refused_saves_the_report_and_leads_to_the_field(cast: StateCast) -> None:
    review = draft(cast)
    form = opened(cast, review) | {"strengths": "Well known.", "overview": "Seven specialists."}
    form["then"] = "hand-over"
    answer = post(cast, "trainer", at(review, "report/"), **form)
    page = text(answer)
    assert answer.status_code == 200  # what is refused with 422 is taken back whole
    assert "The report is saved, but not handed over yet" in page
    assert f'href="#{answer.context["form"]["ST1-recommendation"].anchor}"' in page
    assert reviews.said(cast, review).overview == "Seven specialists."
    form = answer.context["form"]
    again = {name: form[name].value() for name in form.fields if form[name].value() not in (None, False)}
    assert post(cast, "trainer", at(review, "report/"), **again | {"then": ""}).status_code == 302


def test_who_may_issue_reads_which_low_items_nothing_is_recommended_for(cast: StateCast) -> None:
    review = draft(cast)
    post(cast, "trainer", at(review, "report/"), **(opened(cast, review) | {"ST1-recommendation": ""}))
    assert "Nothing is recommended yet for Caseload size" in text(get(cast, "admin", at(review, "issue/")))


def test_two_who_write_different_texts_both_keep_them(cast: StateCast) -> None:
    review = draft(cast, others=("reviewer",))
    mine, yours = opened(cast, review), opened(cast, review, "reviewer")
    post(cast, "trainer", at(review, "report/"), **(mine | {"strengths": "Mine."}))
    assert post(cast, "reviewer", at(review, "report/"), **(yours | {"method": "Yours."})).status_code == 302
    found = reviews.said(cast, review)
    assert (found.strengths, found.method) == ("Mine.", "Yours.")


def test_two_who_write_the_same_text_see_both_and_choose(cast: StateCast) -> None:
    review = draft(cast, others=("reviewer",))
    mine, yours = opened(cast, review), opened(cast, review, "reviewer")
    post(cast, "trainer", at(review, "report/"), **(mine | {"strengths": "Mine."}))
    answer = post(cast, "reviewer", at(review, "report/"), **(yours | {"strengths": "Yours."}))
    assert answer.status_code == 409
    assert "Mine." in text(answer)
    assert reviews.said(cast, review).strengths == "Mine."
    form = answer.context["form"]
    again = {name: form[name].value() for name in form.fields if form[name].value() not in (None, False)}
    assert post(cast, "reviewer", at(review, "report/"), **again).status_code == 302
    assert reviews.said(cast, review).strengths == "Yours."


@pytest.mark.parametrize(
    "changed", [{"strengths": "x" * 10_001}, {"strengths": "a\x00b"}, {"ST9-found": "x"}]
)
def test_what_cannot_be_kept_comes_back_with_the_typed_words(
    cast: StateCast, changed: dict[str, Any]
) -> None:
    review = draft(cast)
    answer = post(
        cast, "trainer", at(review, "report/"), **(opened(cast, review) | {"method": "Kept."} | changed)
    )
    assert answer.status_code == 422
    assert "Kept." in text(answer)
    assert reviews.said(cast, review).method == ""


def test_a_report_saved_after_it_was_issued_keeps_what_was_typed_on_the_page(cast: StateCast) -> None:
    review = draft(cast)
    form = opened(cast, review) | {"strengths": "A late thought."}
    issue(cast, review)
    answer = post(cast, "trainer", at(review, "report/"), **form)
    assert answer.status_code == 409
    assert "A late thought." in text(answer)
    assert "An issued report is never changed" in text(answer)


def issue(cast: StateCast, review: Review, by: str = "admin") -> Any:
    form = opened(cast, review)
    edited = {name: "Agree on one step." for name in form if name.endswith("-recommendation")}
    post(cast, "trainer", at(review, "report/"), **(form | edited | {"strengths": "Well known."}))
    version = get(cast, by, at(review, "issue/")).context["form"]["version"].value()
    return post(cast, by, at(review, "issue/"), version=version)


def test_a_second_person_issues_and_the_papers_are_asked_for(cast: StateCast) -> None:
    review = draft(cast)
    page = get(cast, "admin", at(review, "issue/"))
    assert "recommendations are still as drafted" in text(page)
    assert "Every item rated 3 or lower has a recommendation" in text(page)
    assert post(cast, "admin", at(review, "issue/")).status_code == 422
    assert issue(cast, review).status_code == 302
    with reviews.acting(cast, "admin"):
        kinds = set(ReportRequest.objects.values_list("kind", flat=True))
    assert kinds == {"fidelity-report", "action-plan"}
    assert "Where the team" not in text(get(cast, "leader", at(review)))
    assert "Fair" in text(get(cast, "leader", at(review)))


def test_the_lead_is_told_why_somebody_else_issues(cast: StateCast) -> None:
    answer = get(cast, "trainer", at(draft(cast), "issue/"))
    assert answer.status_code == 403
    assert "You led this review" in text(answer)


def test_a_report_changed_after_it_was_read_is_read_once_more(cast: StateCast) -> None:
    review = draft(cast)
    version = get(cast, "admin", at(review, "issue/")).context["form"]["version"].value()
    post(cast, "trainer", at(review, "report/"), **(opened(cast, review) | {"method": "Changed."}))
    assert post(cast, "admin", at(review, "issue/"), version=version).status_code == 409


def test_a_draft_on_paper_is_gone_once_the_report_is_issued(cast: StateCast) -> None:
    review = draft(cast)
    answer = post(cast, "trainer", at(review, "report/preview/pdf/"))
    assert signed_in(cast, "trainer").get(answer["Location"]).status_code == 200
    assert signed_in(cast, "leader").get(answer["Location"]).status_code == 404
    issue(cast, review)
    for persona in ("leader", "trainer"):
        assert signed_in(cast, persona).get(answer["Location"]).status_code == 404


def test_asking_twice_for_the_same_paper_gives_the_same_request(cast: StateCast) -> None:
    review = reviews.issued(cast)
    asked = {post(cast, "leader", at(review, "report/pdf/"))["Location"] for _ in range(2)}
    assert len(asked) == 1
    assert post(cast, "specialist", at(review, "report/pdf/")).status_code == 403
    assert post(cast, "other_leader", at(review, "report/pdf/")).status_code == 404
