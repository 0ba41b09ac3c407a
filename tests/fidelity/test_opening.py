"""A correction of an issued report is opened: by whom, over what, for whom and how long; or given up again."""

from datetime import timedelta

import pytest

from agencies import tenancy
from agencies.models import Assignment, Membership
from agencies.refusals import NotPermitted, StaleVersion, Unacceptable, WrongStatus
from fidelity.actions import opening, reporting
from fidelity.actions.reporting import ItemText
from fidelity.models import (
    CorrectedItem,
    Edition,
    Review,
)
from tests.cast import StateCast, make_cast
from tests.fidelity import corrections, reviews
from tests.fidelity.corrections import BETTER
from tests.fidelity.pages import at, get, text


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


# --- opening -------------------------------------------------------------------------------------------------
def test_the_state_admin_opens_items_as_they_were_issued(cast: StateCast, issued: Review) -> None:
    correction = corrections.opened(cast, issued, items=("SV1", "ST1"))
    with reviews.acting(cast, "trainer"):
        rows = list(CorrectedItem.objects.filter(correction=correction))
    assert [(row.item_code, row.score, row.recommendation) for row in rows] == [
        ("ST1", 3, "Agree on one next step."),
        ("SV1", 3, "Agree on one next step."),
    ]
    assert (correction.corrects, correction.strengths) == (1, "")


@pytest.mark.parametrize("by", ["trainer", "second_trainer", "leader", "supervisor", "vr_liaison"])
def test_nobody_else_opens_one(cast: StateCast, issued: Review, by: str) -> None:
    with pytest.raises(NotPermitted):
        corrections.opened(cast, issued, by=by)


def test_only_an_issued_report_is_corrected(cast: StateCast) -> None:
    with pytest.raises(WrongStatus, match="report in draft, so its report is changed as it is"):
        corrections.opened(cast, reviews.drafted(cast))


def test_of_a_review_without_a_report_none_is_said_to_be_changed(cast: StateCast) -> None:
    with pytest.raises(WrongStatus, match=r"this review is scheduled\.$"):
        corrections.opened(cast, reviews.scheduled(cast))


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"items": ()}, "items"),
        ({"items": ("XX9",)}, "items"),
        ({"reason": " "}, "reason"),
        ({"writer": "leader"}, "writer"),
        ({"writer": "vr_liaison"}, "writer"),  # did not review
    ],
)
def test_what_cannot_be_opened_is_refused(cast: StateCast, issued: Review, changed: dict, field: str) -> None:
    with pytest.raises(Unacceptable) as refusal:
        corrections.opened(cast, issued, **changed)
    assert refusal.value.field == field


@pytest.mark.parametrize("days", [-1, 61])
def test_it_is_open_for_some_days_only(cast: StateCast, issued: Review, days: int) -> None:
    with pytest.raises(Unacceptable, match="within 60 days"):
        corrections.opened(cast, issued, until=cast.state.today() + timedelta(days=days))


def test_a_second_one_is_told_of_the_first(cast: StateCast, issued: Review) -> None:
    corrections.opened(cast, issued)
    with pytest.raises(StaleVersion, match="has opened a correction") as refusal:
        corrections.opened(cast, issued, items=("ST2",))
    assert refusal.value.current["writer"] == cast.people["trainer"].name


def test_a_reviewer_who_had_left_the_team_is_let_in_until_its_last_day(cast: StateCast) -> None:
    review = reviews.issued(cast, days_ago=10)
    with tenancy.as_system(cast.state.pk):
        Assignment.objects.filter(person=cast.people["trainer"]).update(ends_on=cast.state.today())
    until = cast.state.today() + timedelta(days=9)
    corrections.opened(cast, review, until=until)
    with tenancy.as_system(cast.state.pk):
        ends = Assignment.objects.filter(person=cast.people["trainer"]).values_list("ends_on", flat=True)
        assert set(ends) == {cast.state.today(), until}


def test_who_has_left_the_state_cannot_be_named(cast: StateCast, issued: Review) -> None:
    with tenancy.as_system(cast.state.pk):
        Membership.objects.filter(pk=cast.memberships["trainer"].pk).update(ended_on=cast.state.today())
    with pytest.raises(Unacceptable, match="cannot correct this report"):
        corrections.opened(cast, issued)
    assert corrections.opened(cast, issued, writer="second_trainer").writer == cast.people["second_trainer"]


# --- giving it up --------------------------------------------------------------------------------------------
def test_it_is_given_up_with_a_reason(cast: StateCast, issued: Review) -> None:
    corrections.opened(cast, issued)
    with pytest.raises(Unacceptable), reviews.acting(cast, "admin") as admin:
        opening.abandon(corrections.as_read(issued), reason=" ", by=admin)
    with pytest.raises(NotPermitted), reviews.acting(cast, "trainer") as trainer:
        opening.abandon(corrections.as_read(issued), reason="Mine.", by=trainer)
    with reviews.acting(cast, "admin") as admin:
        done = opening.abandon(corrections.as_read(issued), reason="The first reading was right.", by=admin)
    assert (done.outcome, done.given_up_because) == ("abandoned", "The first reading was right.")
    with pytest.raises(WrongStatus, match="has given this correction up"):
        corrections.written(cast, issued, ST1=BETTER)
    assert len(editions(cast, issued)) == 1


# --- whoever the state names --------------------------------------------------------------------------------
def issue_as_written(cast: StateCast, review: Review, by: str) -> Review:
    with reviews.acting(cast, by) as lead:
        found = corrections.as_read(review)
        words = {row.item_code: ItemText(row.found, "Agree on a step.") for row in found.item_reports.all()}
        texts = {"method": "", "overview": "", "strengths": "Well known.", "next_steps": ""}
        reporting.save_report(found, **texts, items=words, version=found.text.version, by=lead)
    with reviews.acting(cast, "admin") as admin:
        found = corrections.as_read(review)
        reporting.issue(found, version=found.text.version, by=admin)
    return review


def test_a_reviewer_from_elsewhere_writes_after_the_way_in_had_ended(cast: StateCast) -> None:
    review = issue_as_written(cast, reviews.drafted(cast, others=("reviewer",)), "trainer")
    yesterday = cast.state.today() - timedelta(days=1)
    with tenancy.as_system(cast.state.pk):
        Assignment.objects.filter(person=cast.people["reviewer"]).update(
            starts_on=yesterday, ends_on=yesterday
        )
    with reviews.acting(cast, "reviewer"):
        assert not Review.objects.filter(pk=review.pk).exists()
    corrections.opened(cast, review, writer="reviewer")
    corrections.written(cast, review, "reviewer", ST1=BETTER)
    corrections.handed_over(cast, review, "reviewer")
    assert corrections.issued(cast, review).snapshot["corrects"]["written_by"] == cast.people["reviewer"].name


def self_review(cast: StateCast) -> Review:
    own = {"lead": "supervisor", "by": "supervisor", "kind": Review.Kind.SELF}
    review = reviews.rate(cast, reviews.scheduled(cast, **own), 3, by="supervisor")
    return issue_as_written(cast, reviews.finished(cast, review, by="supervisor"), "supervisor")


def test_a_self_review_whose_reviewers_have_left_is_corrected_by_nobody(cast: StateCast) -> None:
    review = self_review(cast)
    assert "Correct the report" in text(get(cast, "admin", at(review)))
    with tenancy.as_system(cast.state.pk):
        Membership.objects.filter(pk=cast.memberships["supervisor"].pk).update(ended_on=cast.state.today())
    with pytest.raises(WrongStatus, match="Only those who did this self-review"):
        corrections.opened(cast, review, writer="trainer")
    assert "Correct the report" not in text(get(cast, "admin", at(review)))
    assert get(cast, "admin", at(review, "correction/new/")).status_code == 409


def test_how_a_team_rated_itself_is_corrected_by_its_own(cast: StateCast) -> None:
    review = self_review(cast)
    with pytest.raises(
        Unacceptable, match=r"cannot correct this report\. It is corrected by one of its reviewers\."
    ):
        corrections.opened(cast, review, writer="trainer")
    corrections.opened(cast, review, writer="supervisor")
    corrections.written(cast, review, "supervisor", ST1=BETTER)
    corrections.handed_over(cast, review, "supervisor")
    assert corrections.issued(cast, review).snapshot["total"] == 77
