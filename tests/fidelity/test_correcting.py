"""A correction of an issued report: who opens, writes and issues it, what stays locked, what the next edition says."""

from datetime import timedelta

import pytest
import time_machine
from django.db import DatabaseError
from django.utils import timezone

from agencies import tenancy
from agencies.models import Change, StatePolicy
from agencies.refusals import NotPermitted, StaleVersion, Unacceptable, WrongStatus
from fidelity import reports
from fidelity.actions.correcting import ItemWords
from fidelity.histories import standings
from fidelity.models import (
    ActionPlan,
    ConsensusRating,
    CorrectedItem,
    Correction,
    Edition,
    Rating,
    Review,
)
from fidelity.ratings import past_reviews
from ips_portal.notices.models import Message
from ips_portal.reports.models import Download, ReportRequest
from tests.cast import STARTED, StateCast, make_cast
from tests.fidelity import corrections, reviews
from tests.fidelity.corrections import BETTER, WHY


@pytest.fixture
def cast(db: None) -> StateCast:
    return make_cast().meridian


@pytest.fixture
def issued(cast: StateCast) -> Review:
    """Issued today, every item rated 3."""
    return reviews.issued(cast, days_ago=10)


def editions(cast: StateCast, review: Review) -> list[Edition]:
    with tenancy.as_system(cast.state.pk):
        return list(Edition.objects.filter(review=review).select_related("state"))


# --- writing -------------------------------------------------------------------------------------------------
def test_its_writer_writes_the_items_that_were_opened(cast: StateCast, issued: Review) -> None:
    corrections.opened(cast, issued)
    saved = corrections.written(cast, issued, ST1=BETTER)
    with reviews.acting(cast, "trainer"):
        row = saved.items.get()
    assert (row.score, row.found, saved.version) == (5, "Caseloads of 18 people.", 2)


def test_everything_else_stays_locked(cast: StateCast, issued: Review) -> None:
    corrections.opened(cast, issued)
    with pytest.raises(Unacceptable, match="ST2 is not among the items"):
        corrections.written(cast, issued, ST1=BETTER, ST2=BETTER)
    with pytest.raises(Unacceptable, match="not about the texts"):
        corrections.written(cast, issued, texts={"strengths": "Other."})
    with pytest.raises(Unacceptable) as refusal:
        corrections.written(cast, issued, ST1=ItemWords(6))
    assert list(refusal.value.fields) == ["ST1-score"]


def test_the_agency_is_not_told_that_there_is_one(cast: StateCast, issued: Review) -> None:
    corrections.opened(cast, issued)
    with pytest.raises(WrongStatus, match="No correction of this report is open"):
        corrections.written(cast, issued, "leader", ST1=BETTER)


@pytest.mark.parametrize("by", ["admin", "second_trainer", "specialist", "vr_liaison"])
def test_nobody_else_writes_it(cast: StateCast, issued: Review, by: str) -> None:
    corrections.opened(cast, issued)
    with pytest.raises(NotPermitted):
        corrections.written(cast, issued, by, ST1=BETTER)


def test_the_second_of_two_windows_is_told(cast: StateCast, issued: Review) -> None:
    corrections.opened(cast, issued)
    corrections.written(cast, issued, ST1=BETTER)
    with pytest.raises(StaleVersion):
        corrections.written(cast, issued, version=1, ST1=ItemWords(4, "Yours.", "Go on."))
    assert corrections.written(cast, issued, version=1, ST1=BETTER).version == 2  # the same once more


def test_after_its_last_day_nothing_can_be_changed_and_the_edition_stands(
    cast: StateCast, issued: Review
) -> None:
    correction = corrections.opened(cast, issued)
    corrections.written(cast, issued, ST1=BETTER)
    corrections.handed_over(cast, issued)
    with time_machine.travel(correction.ends_at - timedelta(seconds=1), tick=False):
        assert correction.is_open(timezone.now())
    with time_machine.travel(correction.ends_at, tick=False):
        for attempt in (
            lambda: corrections.written(cast, issued, ST1=ItemWords(4, "Late.", "Late.")),
            lambda: corrections.issued(cast, issued),
        ):
            with pytest.raises(WrongStatus, match="ended with"):
                attempt()
        again = corrections.opened(cast, issued, until=cast.state.today())
    assert len(editions(cast, issued)) == 1
    with tenancy.as_system(cast.state.pk):
        outcomes = Correction.objects.order_by("pk").values_list("outcome", "closed_by")
        assert list(outcomes) == [("expired", None), ("", None)]
    assert again.version == 1


# --- the second wall -----------------------------------------------------------------------------------------
def test_no_statement_of_others_reads_or_changes_it(cast: StateCast, issued: Review) -> None:
    corrections.opened(cast, issued)
    for persona in ("leader", "supervisor", "specialist", "reviewer", "payer"):
        with reviews.acting(cast, persona):
            assert not Correction.objects.exists()
            assert not CorrectedItem.objects.exists()
    for persona in ("admin", "second_trainer"):
        with pytest.raises(DatabaseError), reviews.acting(cast, persona):
            CorrectedItem.objects.update(score=1)


def test_what_is_closed_is_changed_by_no_statement(cast: StateCast, issued: Review) -> None:
    corrections.corrected(cast, issued)
    with reviews.acting(cast, "trainer"):
        assert Correction.objects.update(reason="Other.") == 0
    with pytest.raises(DatabaseError), reviews.acting(cast, "trainer"):
        CorrectedItem.objects.update(score=1)


# --- issuing -------------------------------------------------------------------------------------------------
def test_somebody_else_issues_the_next_edition_with_its_reason(cast: StateCast, issued: Review) -> None:
    first, second = editions_after(cast, issued)
    assert (second.number, second.reason, second.issued_by) == (2, WHY, cast.people["admin"])
    assert second.snapshot["corrects"] == {
        "edition": 1,
        "issued_on": first.snapshot["issued_on"],
        "reason": WHY,
        "written_by": cast.people["trainer"].name,
    }
    assert (first.snapshot["total"], second.snapshot["total"]) == (75, 77)
    assert second.snapshot["trend"][-1]["total"] == 77
    item = second.snapshot["sections"][0]["items"][0]
    assert (item["rating"], item["found"], item["recommendation"]) == (5, BETTER.found, BETTER.recommendation)
    assert item["anchor"] != first.snapshot["sections"][0]["items"][0]["anchor"]
    assert second.snapshot["sections"][0]["subtotal"] == first.snapshot["sections"][0]["subtotal"] + 2


def editions_after(cast: StateCast, review: Review) -> list[Edition]:
    corrections.corrected(cast, review)
    return editions(cast, review)


def test_what_was_not_opened_is_as_it_was_frozen(cast: StateCast, issued: Review) -> None:
    """Also where names, the policy or anything else has changed since."""
    with tenancy.as_system(cast.state.pk):
        cast.teams["north_one"].name = "Renamed"
        cast.teams["north_one"].save(update_fields=["name"])
        StatePolicy.objects.create(
            state=cast.state,
            subject=StatePolicy.Subject.FIDELITY,
            name="Later",
            effective_from=STARTED,
            data={"band_labels": {"good": "Something else"}},
        )
    first, second = editions_after(cast, issued)
    changed = {key for key in first.snapshot if first.snapshot[key] != second.snapshot[key]}
    assert changed <= {"edition", "issued_by", "sections", "total", "band", "to_next_band", "trend"}
    same = [
        (one, other)
        for part, part_after in zip(first.snapshot["sections"], second.snapshot["sections"], strict=True)
        for one, other in zip(part["items"], part_after["items"], strict=True)
        if one["code"] != "ST1"
    ]
    assert all(one == other for one, other in same)


def test_totals_and_later_reviews_follow_the_newest_edition(cast: StateCast) -> None:
    review = reviews.issued(cast, years_ago=1)
    corrections.corrected(cast, review)
    later = reviews.drafted(cast)
    with reviews.acting(cast, "trainer"):
        found = Review.objects.get(pk=review.pk)
        assert (found.total, found.band, found.issued_on) == (77, "fair", review.issued_on)
        (before,) = past_reviews(later)
        assert (before.total, before.ratings["ST1"]) == (77, 5)
        team = cast.teams["north_one"]
        assert standings([team], cast.state)[team.pk]


def test_the_reviewers_originals_stay(cast: StateCast, issued: Review) -> None:
    review = issued
    corrections.corrected(cast, review)
    with reviews.acting(cast, "trainer"):
        assert set(Rating.objects.filter(reviewer__review=review).values_list("score", flat=True)) == {3}
        assert not ConsensusRating.objects.filter(review=review).exists()


def test_the_action_plan_goes_on_as_it_is(cast: StateCast, issued: Review) -> None:
    with tenancy.as_system(cast.state.pk):
        before = list(ActionPlan.objects.get(review=issued).rows.values("item_code", "rating", "version"))
    corrections.corrected(cast, issued)
    with tenancy.as_system(cast.state.pk):
        assert (
            list(ActionPlan.objects.get(review=issued).rows.values("item_code", "rating", "version"))
            == before
        )


def test_texts_are_corrected_where_they_were_opened(cast: StateCast, issued: Review) -> None:
    corrections.opened(cast, issued, items=(), with_texts=True)
    corrections.written(cast, issued, texts={"strengths": "Well known, and well led."})
    corrections.handed_over(cast, issued)
    edition = corrections.issued(cast, issued, "second_trainer")
    assert edition.snapshot["strengths"] == "Well known, and well led."
    assert edition.snapshot["review"]["method"] == "Two days on site."


def test_neither_the_writer_nor_the_lead_issues_it(cast: StateCast, issued: Review) -> None:
    corrections.opened(cast, issued, writer="second_trainer")
    corrections.written(cast, issued, "second_trainer", ST1=BETTER)
    corrections.handed_over(cast, issued, "second_trainer")
    with pytest.raises(NotPermitted, match="You wrote this correction"):
        corrections.issued(cast, issued, "second_trainer")
    with pytest.raises(NotPermitted, match="You led this review"):
        corrections.issued(cast, issued, "trainer")
    with pytest.raises(NotPermitted):
        corrections.issued(cast, issued, "leader")
    assert corrections.issued(cast, issued).number == 2


@pytest.mark.parametrize(
    ("writer", "by", "did"),
    [
        ("trainer", "trainer", "led the review and wrote this correction"),
        ("second_trainer", "trainer", "led the review"),
        ("second_trainer", "second_trainer", "wrote this correction"),
    ],
)
def test_each_use_of_the_dated_exception_is_flagged(
    cast: StateCast, issued: Review, writer: str, by: str, did: str
) -> None:
    with tenancy.as_system(cast.state.pk):
        StatePolicy.objects.create(
            state=cast.state,
            subject=StatePolicy.Subject.FIDELITY,
            name="Exception",
            effective_from=STARTED,
            data={"same_person_may_issue": {"allowed_until": "2099-12-31", "reason": "One trainer only."}},
        )
    corrections.opened(cast, issued, writer=writer)
    corrections.written(cast, issued, writer, ST1=BETTER)
    corrections.handed_over(cast, issued, writer)
    edition = corrections.issued(cast, issued, by)
    assert edition.reason == f"{WHY} Issued by the person who {did}, under the state's written exception."
    with tenancy.as_system(cast.state.pk):
        told = Change.objects.get(table_name="fidelity_edition", row_id=edition.pk)
        assert told.reason == edition.reason


def test_it_is_issued_as_it_was_read_and_handed_over(cast: StateCast, issued: Review) -> None:
    corrections.opened(cast, issued)
    with pytest.raises(Unacceptable, match="Nothing is corrected yet"):
        corrections.handed_over(cast, issued)
    read = corrections.written(cast, issued, ST1=BETTER).version
    with pytest.raises(WrongStatus, match="still writing"):
        corrections.issued(cast, issued)
    corrections.handed_over(cast, issued)
    corrections.written(cast, issued, ST1=ItemWords(2, "Worse.", "Hire one more."))
    with pytest.raises(WrongStatus, match="still writing"):  # what was changed is with its writer again
        corrections.issued(cast, issued)
    corrections.handed_over(cast, issued)
    with pytest.raises(StaleVersion, match="Read it once more"):
        corrections.issued(cast, issued, version=read)
    assert corrections.issued(cast, issued).snapshot["total"] == 74


def test_a_low_rating_needs_its_recommendation(cast: StateCast, issued: Review) -> None:
    corrections.opened(cast, issued)
    corrections.written(cast, issued, ST1=ItemWords(2, "Worse.", ""))
    with pytest.raises(Unacceptable, match="Nothing is written for: Caseload size"):
        corrections.handed_over(cast, issued)


def test_a_third_edition_follows_the_second(cast: StateCast, issued: Review) -> None:
    corrections.corrected(cast, issued)
    third = corrections.corrected(cast, issued, ST2=ItemWords(4, "Seen.", "Go on."))
    assert (third.number, third.snapshot["total"]) == (3, 78)
    first, second, _ = editions(cast, issued)
    with tenancy.as_system(cast.state.pk):
        assert reports.marked(first)["superseded"]["edition"] == 3
        assert reports.marked(second)["superseded"]["edition"] == 3
        assert "superseded" not in reports.marked(third)


# --- telling, and what was printed ---------------------------------------------------------------------------
def took(cast: StateCast, review: Review, persona: str) -> None:
    with tenancy.as_system(cast.state.pk):
        paper = ReportRequest.objects.get(kind=reports.REPORT, subject_id=review.pk)
        Download.objects.create(
            state=cast.state, team_id=review.team_id, report=paper, person=cast.people[persona]
        )


def test_everybody_who_was_told_or_took_the_first_is_told(cast: StateCast, issued: Review) -> None:
    took(cast, issued, "vr_liaison")
    corrections.corrected(cast, issued)
    with tenancy.as_system(cast.state.pk):
        mails = list(Message.objects.filter(notice="report-corrected"))
    assert {mail.address for mail in mails} == {
        cast.people[each].email for each in ("trainer", "leader", "supervisor", "vr_liaison")
    }
    assert all("77" not in mail.body and WHY not in mail.body for mail in mails)


def test_whose_turn_it_is_is_told(cast: StateCast, issued: Review) -> None:
    corrections.opened(cast, issued)
    corrections.written(cast, issued, ST1=BETTER)
    corrections.handed_over(cast, issued)
    with tenancy.as_system(cast.state.pk):
        mails = Message.objects.filter(notice__startswith="correction")
        told = set(mails.values_list("notice", "address"))
    assert told == {
        ("correction-to-write", cast.people["trainer"].email),
        ("correction-to-issue", cast.people["admin"].email),
        ("correction-to-issue", cast.people["second_trainer"].email),
    }
