"""A correction is not for the agency: also not for somebody who reviewed the team before they came to work for it."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from agencies import tenancy
from agencies.models import Assignment, Membership
from agencies.permissions import Role
from agencies.refusals import NotPermitted
from fidelity import visit_papers
from fidelity.actions import naming, opening, scheduling
from fidelity.dashboards.corrections import correction_page
from fidelity.dashboards.history import sees_drafts
from fidelity.models import CorrectedItem, Correction, Review, Reviewer
from fidelity.notices import corrections as notices
from ips_portal.homes.reviewing import reports_to_correct
from ips_portal.notices.models import Message
from tests.cast import StateCast, make_cast
from tests.fidelity import corrections, reviews
from tests.fidelity.corrections import BETTER
from tests.fidelity.pages import at, get, text


@pytest.fixture
def cast(db: None) -> StateCast:
    return make_cast().meridian


@pytest.fixture
def issued(cast: StateCast) -> Review:
    return reviews.issued(cast, days_ago=10)


def reviewed(cast: StateCast, review: Review, persona: str) -> None:
    """As it stands after a reviewer has taken a post in the agency."""
    with tenancy.as_system(cast.state.pk):
        Reviewer.objects.create(
            state_id=review.state_id,
            review=review,
            team_id=review.team_id,
            person=cast.people[persona],
            membership=cast.memberships[persona],
            is_lead=False,
        )


@pytest.mark.parametrize("persona", ["supervisor", "leader"])
def test_who_reviewed_and_then_joined_the_agency_reads_none(
    cast: StateCast, issued: Review, persona: str
) -> None:
    reviewed(cast, issued, persona)
    corrections.opened(cast, issued)
    with reviews.acting(cast, persona) as actor:
        assert not Correction.objects.visible_to(actor).exists()
        assert not CorrectedItem.objects.visible_to(actor).exists()
        assert not sees_drafts(corrections.as_read(issued), actor)
    assert get(cast, persona, at(issued, "correction/")).status_code == 404
    assert "Opened a correction" not in text(get(cast, persona, at(issued, "history/")))


@pytest.mark.parametrize("persona", ["supervisor", "leader"])
def test_who_reviewed_and_then_joined_the_agency_gets_no_papers_of_the_visit_and_no_sheets(
    cast: StateCast, issued: Review, persona: str
) -> None:
    reviewed(cast, issued, persona)
    with reviews.acting(cast, persona) as actor:
        assert issued in Review.objects.visible_to(actor)
        assert issued not in visit_papers.reviews(actor)
        assert issued not in Review.objects.compared_by(actor)
    with reviews.acting(cast, "trainer") as actor:
        assert issued in visit_papers.reviews(actor)


def test_an_item_is_read_by_those_who_read_its_correction(cast: StateCast, issued: Review) -> None:
    corrections.opened(cast, issued)
    for persona, sees in (("admin", True), ("trainer", True), ("specialist", False)):
        with reviews.acting(cast, persona) as actor:
            assert CorrectedItem.objects.visible_to(actor).exists() is sees


# --- the writer's way into the team --------------------------------------------------------------------------
def ways_in(cast: StateCast) -> set[object]:
    with tenancy.as_system(cast.state.pk):
        rows = Assignment.objects.filter(person=cast.people["reviewer"], team=cast.teams["north_one"])
        return set(rows.values_list("ends_on", flat=True))


def writes_and_reviews_again(cast: StateCast) -> tuple[Review, Review]:
    """The reviewer from elsewhere writes a correction, and is named for the team's next review."""
    first = reviews.issued(cast, days_ago=10)
    reviewed(cast, first, "reviewer")
    corrections.opened(cast, first, writer="reviewer")
    return first, reviews.scheduled(cast, others=("reviewer",))


def test_a_cancelled_review_does_not_shut_out_who_writes_a_correction(cast: StateCast) -> None:
    _, again = writes_and_reviews_again(cast)
    with reviews.acting(cast, "trainer") as trainer:
        scheduling.cancel(corrections.as_read(again), reason="Snow.", by=trainer)
    assert ways_in(cast) == {cast.state.today() + timedelta(days=7)}


def test_who_is_taken_off_another_review_goes_on_writing(cast: StateCast) -> None:
    first, again = writes_and_reviews_again(cast)
    with reviews.acting(cast, "trainer") as trainer:
        found = corrections.as_read(again)
        naming.change_reviewers(found, lead=cast.memberships["trainer"], others=(), by=trainer)
    corrections.written(cast, first, "reviewer", ST1=BETTER)
    assert ways_in(cast) == {cast.state.today() + timedelta(days=7)}


# --- who may issue it, and who is asked to -------------------------------------------------------------------
def works_for_the_agency(cast: StateCast, review: Review) -> None:
    Membership.objects.create(
        state=cast.state,
        person=cast.people["second_trainer"],
        role=Role.SPECIALIST,
        agency=cast.agencies["north"],
        started_on=cast.state.today(),
    )


def finished_its_rating(cast: StateCast, review: Review) -> None:
    Review.objects.filter(pk=review.pk).update(finished_by=cast.people["second_trainer"])


@pytest.mark.parametrize("barred", [works_for_the_agency, finished_its_rating])
def test_nobody_is_asked_to_issue_what_they_may_not(
    cast: StateCast, issued: Review, barred: Callable[[StateCast, Review], None]
) -> None:
    corrections.opened(cast, issued)
    corrections.written(cast, issued, ST1=BETTER)
    corrections.handed_over(cast, issued)
    with tenancy.as_system(cast.state.pk):
        barred(cast, issued)
    for persona, asked in (("admin", True), ("second_trainer", False)):
        with reviews.acting(cast, persona) as actor:
            found = corrections.as_read(issued)
            assert correction_page(opening.open_one(found), actor).issues is asked
            to_do = [each.text for each in reports_to_correct(cast.state, actor)]
            assert to_do == (["Read the correction and issue it"] if asked else [])
    with pytest.raises(NotPermitted):
        corrections.issued(cast, issued, "second_trainer")


# --- who is told ---------------------------------------------------------------------------------------------
def test_no_mail_about_one_that_was_given_up_speaks_of_the_next(cast: StateCast, issued: Review) -> None:
    first = corrections.opened(cast, issued)
    trainer, second = cast.people["trainer"], cast.people["second_trainer"]
    with reviews.acting(cast, "admin") as admin:
        opening.abandon(corrections.as_read(issued), reason="It was right.", by=admin)
    later = corrections.opened(cast, issued, writer="second_trainer")
    to_write, to_issue = (
        f"{notice.key}:{issued.public_id}" for notice in (notices.TO_WRITE, notices.TO_ISSUE)
    )
    with tenancy.as_system(cast.state.pk):
        assert not notices.still_to_write(cast.state, f"{to_write}:{first.pk}", trainer)
        assert not notices.still_to_write(cast.state, f"{to_write}:{later.pk}", trainer)
        assert notices.still_to_write(cast.state, f"{to_write}:{later.pk}", second)
        Correction.objects.filter(pk=later.pk).update(handed_over_at=later.opened_at)
        assert not notices.still_to_issue(cast.state, f"{to_issue}:{first.pk}:1", trainer)
        assert notices.still_to_issue(cast.state, f"{to_issue}:{later.pk}:1", trainer)


def test_who_does_not_reach_the_report_any_more_is_not_told_of_it(cast: StateCast, issued: Review) -> None:
    reviewed(cast, issued, "reviewer")
    corrections.corrected(cast, issued)
    with tenancy.as_system(cast.state.pk):
        told = set(Message.objects.filter(notice="report-corrected").values_list("address", flat=True))
    assert cast.people["reviewer"].email not in told
    assert cast.people["leader"].email in told
