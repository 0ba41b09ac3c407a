"""The pages of a correction, and what everybody else reads meanwhile and afterwards."""

from datetime import timedelta
from typing import Any

import pytest

from agencies import tenancy
from fidelity import reports
from fidelity.actions import opening
from fidelity.models import Correction, Edition, Review
from fidelity.paper import report_paper
from ips_portal.reports.models import ReportRequest
from tests.cast import StateCast, make_cast
from tests.fidelity import corrections, reviews
from tests.fidelity.corrections import BETTER, WHY
from tests.fidelity.pages import at, get, opened_form, post, queries, signed_in, text


@pytest.fixture
def cast(db: None) -> StateCast:
    return make_cast().meridian


@pytest.fixture
def issued(cast: StateCast) -> Review:
    return reviews.issued(cast, days_ago=10)


def fields(cast: StateCast, **changed: Any) -> dict[str, Any]:
    until = cast.state.today() + timedelta(days=9)
    return {
        "reason": WHY,
        "items": ["ST1", "SV1"],
        "writer": str(cast.memberships["trainer"].pk),
        "until": f"{until:%m/%d/%Y}",
    } | changed


def test_the_state_opens_one_on_a_page(cast: StateCast, issued: Review) -> None:
    page = get(cast, "admin", at(issued, "correction/new/"))
    assert opened_form(page)["writer"] == str(cast.memberships["trainer"].pk)  # the lead is proposed
    assert post(cast, "admin", at(issued, "correction/new/"), **fields(cast)).status_code == 302
    with tenancy.as_system(cast.state.pk):
        assert set(Correction.objects.get().items.values_list("item_code", flat=True)) == {"ST1", "SV1"}
    assert get(cast, "admin", at(issued, "correction/new/")).status_code == 409


def test_all_items_are_one_tick(cast: StateCast, issued: Review) -> None:
    post(cast, "admin", at(issued, "correction/new/"), **fields(cast, items=[], all_items="on"))
    with tenancy.as_system(cast.state.pk):
        assert Correction.objects.get().items.count() == 25


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"items": []}, "Choose what is to be corrected"),
        ({"reason": ""}, 'href="#id_reason"'),
        ({"until": "1/1/2020"}, "Choose a day from today on"),
    ],
)
def test_what_is_missing_is_said_at_its_field(
    cast: StateCast, issued: Review, changed: dict[str, Any], words: str
) -> None:
    answer = post(cast, "admin", at(issued, "correction/new/"), **fields(cast, **changed))
    assert (answer.status_code, words in text(answer)) == (422, True)


@pytest.mark.parametrize("persona", ["trainer", "second_trainer", "leader", "specialist"])
def test_nobody_else_of_the_state_opens_one(cast: StateCast, issued: Review, persona: str) -> None:
    assert get(cast, persona, at(issued, "correction/new/")).status_code == 403


def test_another_state_finds_nothing(db: None) -> None:
    made = make_cast()
    review = reviews.issued(made.meridian, days_ago=10)
    corrections.corrected(made.meridian, review)
    corrections.opened(made.meridian, review)
    stranger = made.bayou.seen_by("admin")
    for page in ("correction/", "correction/new/", "correction/issue/", "correction/abandon/", "editions/1/"):
        assert stranger.get(f"/bayou/{at(review, page)}").status_code == 404
        assert stranger.get(f"/meridian/{at(review, page)}").status_code == 404


@pytest.mark.parametrize(
    ("persona", "status"),
    [
        ("trainer", 200),
        ("admin", 200),
        ("second_trainer", 200),
        ("leader", 404),
        ("supervisor", 404),
        ("specialist", 404),
        ("vr_liaison", 404),
        ("reviewer", 404),
    ],
)
def test_a_correction_is_for_those_who_read_drafts(
    cast: StateCast, issued: Review, persona: str, status: int
) -> None:
    corrections.opened(cast, issued)
    assert get(cast, persona, at(issued, "correction/")).status_code == status
    if status == 200 or persona in ("leader", "supervisor"):
        told = "A correction is being prepared" in text(get(cast, persona, at(issued)))
        assert told is (status == 200)


def test_others_read_the_issued_edition_meanwhile(cast: StateCast, issued: Review) -> None:
    corrections.opened(cast, issued)
    corrections.written(cast, issued, ST1=BETTER)
    page = text(get(cast, "leader", at(issued, "report/read/")))
    assert "Edition 1" in page
    assert BETTER.found not in page
    assert "correction" not in text(get(cast, "leader", at(issued, "history/"))).lower()


def test_the_writer_saves_and_hands_over(cast: StateCast, issued: Review) -> None:
    corrections.opened(cast, issued, with_texts=True)
    page = get(cast, "trainer", at(issued, "correction/"))
    form = opened_form(page) | {"ST1-score": "5", "ST1-found": "Caseloads of 18.", "then": "hand-over"}
    assert "ST2-score" not in form
    assert post(cast, "trainer", at(issued, "correction/"), **form).status_code == 302
    with tenancy.as_system(cast.state.pk):
        assert Correction.objects.get().handed_over_at
    assert "Read and issue" in text(get(cast, "admin", at(issued, "correction/")))


def test_who_hands_over_twice_hears_that_the_others_were_told_before(cast: StateCast, issued: Review) -> None:
    corrections.opened(cast, issued)
    corrections.written(cast, issued, ST1=BETTER)
    form = opened_form(get(cast, "trainer", at(issued, "correction/"))) | {"then": "hand-over"}
    writer = signed_in(cast, "trainer")
    said = [text(writer.post(f"/meridian/{at(issued, 'correction/')}", form, follow=True)) for _ in range(2)]
    assert "2 people are told that they may issue it." in said[0]
    assert "Those who may issue it were told before." in said[1]


def test_nothing_changed_is_saved_but_not_handed_over(cast: StateCast, issued: Review) -> None:
    corrections.opened(cast, issued)
    form = opened_form(get(cast, "trainer", at(issued, "correction/"))) | {"then": "hand-over"}
    answer = post(cast, "trainer", at(issued, "correction/"), **form)
    assert answer.status_code == 200
    assert "Nothing is corrected yet" in text(answer)


def test_a_field_that_was_not_opened_is_not_taken(cast: StateCast, issued: Review) -> None:
    corrections.opened(cast, issued)
    form = opened_form(get(cast, "trainer", at(issued, "correction/"))) | {"ST2-score": "5"}
    assert post(cast, "trainer", at(issued, "correction/"), **form).status_code == 422


def test_the_second_window_sees_both(cast: StateCast, issued: Review) -> None:
    corrections.opened(cast, issued)
    form = opened_form(get(cast, "trainer", at(issued, "correction/"))) | {"ST1-found": "Mine."}
    corrections.written(cast, issued, ST1=BETTER)
    answer = post(cast, "trainer", at(issued, "correction/"), **form)
    assert answer.status_code == 409
    assert "Mine." in text(answer)
    assert BETTER.found in text(answer)
    assert post(cast, "trainer", at(issued, "correction/"), **opened_form(answer)).status_code == 302


def test_after_the_last_day_the_page_says_so(cast: StateCast, issued: Review) -> None:
    correction = corrections.opened(cast, issued)
    with tenancy.as_system(cast.state.pk):
        Correction.objects.update(ends_at=correction.opened_at)
    answer = get(cast, "trainer", at(issued, "correction/"))
    assert (answer.status_code, "The issued edition stands" in text(answer)) == (409, True)


def test_what_was_typed_stays_when_it_is_closed_meanwhile(cast: StateCast, issued: Review) -> None:
    correction = corrections.opened(cast, issued)
    form = opened_form(get(cast, "trainer", at(issued, "correction/"))) | {"ST1-found": "An hour of typing."}
    with tenancy.as_system(cast.state.pk):
        Correction.objects.update(ends_at=correction.opened_at)
    answer = post(cast, "trainer", at(issued, "correction/"), **form)
    assert answer.status_code == 409
    assert "The issued edition stands" in text(answer)
    assert "An hour of typing." in text(answer)
    assert "Save and hand over" not in text(answer)


def test_what_was_typed_stays_when_another_opens_one_meanwhile(cast: StateCast, issued: Review) -> None:
    corrections.opened(cast, issued, reason="The first.")
    answer = post(cast, "admin", at(issued, "correction/new/"), **fields(cast))
    assert answer.status_code == 422
    assert "has opened a correction of this report already" in text(answer)
    assert WHY in text(answer).replace("&#x27;", "'")


def ready(cast: StateCast, review: Review) -> None:
    corrections.opened(cast, review)
    corrections.written(cast, review, ST1=BETTER)
    corrections.handed_over(cast, review)


def test_a_second_person_reads_what_changes_and_issues(cast: StateCast, issued: Review) -> None:
    ready(cast, issued)
    assert get(cast, "trainer", at(issued, "correction/issue/")).status_code == 403
    assert get(cast, "leader", at(issued, "correction/issue/")).status_code in (403, 404)
    page = get(cast, "second_trainer", at(issued, "correction/issue/"))
    assert BETTER.found in text(page)
    assert "Total 75, now 77" in text(page)
    assert f"counted from {issued.issued_on:%B %-d, %Y}, when the first edition" in text(page)
    sent = opened_form(page)
    assert post(cast, "second_trainer", at(issued, "correction/issue/"), **sent).status_code == 302
    assert post(cast, "admin", at(issued, "correction/issue/"), **sent).status_code == 409


def test_the_team_reads_the_newest_and_finds_the_first(cast: StateCast, issued: Review) -> None:
    corrections.corrected(cast, issued)
    newest = text(get(cast, "leader", at(issued, "report/read/")))
    assert "Edition 2" in newest
    assert WHY in newest.replace("&#x27;", "'")
    first = text(get(cast, "leader", at(issued, "editions/1/")))
    assert "It was superseded by edition 2" in first
    assert BETTER.found not in first
    page = text(get(cast, "leader", at(issued)))
    assert "Superseded" in page
    assert "77" in page
    assert get(cast, "leader", at(issued, "editions/3/")).status_code == 404
    assert get(cast, "leader", at(issued, "editions/99999999/")).status_code == 404


def test_two_editions_are_compared_word_by_word(cast: StateCast, issued: Review) -> None:
    corrections.corrected(cast, issued)
    page = text(get(cast, "leader", at(issued, "compare/"), other="edition-1"))
    assert BETTER.found in page
    assert "Seen for ST1." in page
    assert "Seen for ST2." not in page
    assert page.count("Edition 1") > 1


def test_the_file_of_two_editions_holds_the_words_that_changed(cast: StateCast, issued: Review) -> None:
    corrections.corrected(cast, issued)
    rows = text(get(cast, "leader", at(issued, "compare.csv"), other="edition-1"))
    assert f",Seen for ST1.,{BETTER.found},worded anew" in rows
    assert "1. Caseload size: Rating" not in rows


def test_the_history_of_a_corrected_report_is_open_to_the_team(cast: StateCast, issued: Review) -> None:
    corrections.corrected(cast, issued)
    told = text(get(cast, "leader", at(issued, "history/")))
    assert "Issued edition 2 of the report" in told
    assert "Opened a correction" not in told
    told = text(get(cast, "admin", at(issued, "history/")))
    assert "Opened a correction of edition 1, to be written by" in told


def test_a_correction_is_given_up_on_its_page(cast: StateCast, issued: Review) -> None:
    corrections.opened(cast, issued)
    assert get(cast, "second_trainer", at(issued, "correction/abandon/")).status_code == 403
    answer = post(cast, "admin", at(issued, "correction/abandon/"), reason="It was right.")
    assert answer.status_code == 302
    assert "A correction is being prepared" not in text(get(cast, "admin", at(issued)))


def test_the_paper_of_the_first_says_what_took_its_place(cast: StateCast, issued: Review) -> None:
    corrections.corrected(cast, issued)
    assert post(cast, "leader", at(issued, "editions/1/pdf/")).status_code == 302
    assert post(cast, "leader", at(issued, "editions/2/pdf/")).status_code == 302
    with tenancy.as_system(cast.state.pk):
        kinds = set(ReportRequest.objects.values_list("kind", flat=True))
        assert "fidelity-superseded" in kinds
        first, second = Edition.objects.filter(review=issued).select_related("state")
        paper = report_paper(reports.marked(first))
        assert paper.head.status == "SUPERSEDED"
        assert "superseded by edition 2, issued" in paper.superseded
        assert paper.head.status_line.startswith("SUPERSEDED · Edition 1, issued")
        assert "This edition corrects edition 1" in report_paper(reports.marked(second)).corrects


def test_a_file_made_before_is_kept_and_not_given_out(cast: StateCast, issued: Review) -> None:
    with tenancy.as_system(cast.state.pk):
        before = ReportRequest.objects.get(kind=reports.REPORT, subject_id=issued.pk)
        made = {
            "status": ReportRequest.Status.READY,
            "finished_at": cast.state.now(),
            "file": corrections.kept(issued),
        }
        ReportRequest.objects.filter(pk=before.pk).update(**made)
    download = f"reports/{before.public_id}/download/"
    assert get(cast, "leader", download).status_code == 200
    corrections.corrected(cast, issued)
    assert get(cast, "leader", download).status_code == 409
    page = text(get(cast, "leader", f"reports/{before.public_id}/"))
    assert "Superseded" in page
    assert "Edition 2 of" in page
    assert "Superseded" in text(get(cast, "leader", "reports/"))


def test_pages_ask_no_more_where_more_is_opened(cast: StateCast, issued: Review) -> None:
    corrections.opened(cast, issued)
    few = queries(cast, "trainer", at(issued, "correction/"))
    with reviews.acting(cast, "admin") as admin:
        opening.abandon(corrections.as_read(issued), reason="More of it.", by=admin)
    corrections.opened(cast, issued, items=("ST1", "ST2", "SV1", "SV2", "SV3", "OR1"))
    assert queries(cast, "trainer", at(issued, "correction/")) == few


def test_whose_turn_it_is_stands_on_the_first_page(cast: StateCast, issued: Review) -> None:
    corrections.opened(cast, issued)
    assert "Correct the report" in text(get(cast, "trainer", ""))
    assert "Correct the report" not in text(get(cast, "admin", ""))
    corrections.written(cast, issued, ST1=BETTER)
    corrections.handed_over(cast, issued)
    for persona, told in (("admin", True), ("second_trainer", True), ("trainer", False), ("leader", False)):
        assert ("Read the correction and issue it" in text(get(cast, persona, ""))) is told
