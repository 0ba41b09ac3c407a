"""Whether anybody of the state is left: to read a draft, and to issue its report after somebody has agreed."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from agencies import tenancy
from agencies.models import Membership, StatePolicy
from agencies.permissions import Role
from agencies.refusals import WrongStatus
from fidelity.models import Moderation, Review
from fidelity.moderation import others_may_issue
from ips_portal.notices.models import Message
from tests.cast import StateCast, make_cast
from tests.fidelity import moderations, reviews
from tests.fidelity.moderations import as_read
from tests.fidelity.pages import at, get, post, text


@pytest.fixture
def cast(db: None) -> StateCast:
    return moderations.asking(make_cast().meridian)


def works_for_the_agency(cast: StateCast, persona: str = "second_trainer") -> None:
    with tenancy.as_system(cast.state.pk):
        Membership.objects.create(
            state=cast.state,
            person=cast.people[persona],
            role=Role.SPECIALIST,
            agency=cast.agencies["north"],
            started_on=cast.state.today(),
        )


def leaves(cast: StateCast, persona: str = "second_trainer") -> None:
    with tenancy.as_system(cast.state.pk):
        Membership.objects.filter(person=cast.people[persona]).update(ended_on=cast.state.today())


# --- to issue it ---------------------------------------------------------------------------------------------
def is_left(cast: StateCast, review: Review, by: str = "admin") -> bool:
    with reviews.acting(cast, by) as actor:
        return others_may_issue(as_read(review), actor.person_id)


def belongs_to_the_agency(cast: StateCast, review: Review) -> None:
    works_for_the_agency(cast)


def closed_the_ratings(cast: StateCast, review: Review) -> None:
    with tenancy.as_system(cast.state.pk):
        Review.objects.filter(pk=review.pk).update(finished_by=cast.people["second_trainer"])


@pytest.mark.parametrize("barred", [belongs_to_the_agency, closed_the_ratings])
def test_nobody_is_left_where_issuing_would_be_refused(
    cast: StateCast, barred: Callable[[StateCast, Review], None]
) -> None:
    review = moderations.asked(cast)
    assert is_left(cast, review)
    barred(cast, review)
    assert not is_left(cast, review)


def test_who_reviewed_beside_the_lead_issues(cast: StateCast) -> None:
    assert is_left(cast, moderations.asked(cast, others=("second_trainer",)))


@pytest.mark.parametrize("lead_stays", [True, False])
def test_an_exception_leaves_a_lead_who_approves_reports(cast: StateCast, lead_stays: bool) -> None:
    review = moderations.asked(cast)
    leaves(cast)
    assert not is_left(cast, review)
    if not lead_stays:
        leaves(cast, "trainer")
    with tenancy.as_system(cast.state.pk):
        StatePolicy.objects.create(
            state=cast.state,
            subject=StatePolicy.Subject.FIDELITY,
            name="Exception",
            effective_from=cast.state.today(),
            data={"same_person_may_issue": {"allowed_until": "2099-12-31", "reason": "One trainer only."}},
        )
    assert is_left(cast, review) == lead_stays


# --- to read it ----------------------------------------------------------------------------------------------
def bar_everybody(cast: StateCast) -> None:
    leaves(cast)
    works_for_the_agency(cast, "admin")


def test_nobody_is_asked_where_nobody_may_read(cast: StateCast) -> None:
    review = moderations.written(cast)
    bar_everybody(cast)
    with pytest.raises(WrongStatus, match="Nobody of the state may read it"):
        moderations.ask(cast, review)
    with tenancy.as_system(cast.state.pk):
        assert not Moderation.objects.exists()
    page = get(cast, "trainer", at(review, "moderation/"))
    assert "Nobody of the state may read it" in text(page)
    assert "Ask for it to be read" not in text(page)
    assert post(cast, "trainer", at(review, "moderation/")).status_code == 409


def test_the_page_says_whether_it_waited_already(cast: StateCast) -> None:
    review = moderations.written(cast)
    client = cast.seen_by("trainer")
    for words in (
        "You have asked for the draft to be read. 2 people are told.",
        "It waits to be read already.",
    ):
        answer = client.post(f"/meridian/{at(review, 'moderation/')}", follow=True)
        assert words in text(answer)


# --- who has come to work for the agency ---------------------------------------------------------------------
def test_a_reviewer_who_works_for_the_agency_now_reads_and_hears_nothing_of_it(cast: StateCast) -> None:
    review = moderations.asked(cast, others=("reviewer",))
    moderations.send_back(cast, review)
    moderations.ask(cast, review, "reviewer", answer="Counted.")
    assert get(cast, "reviewer", at(review, "moderation/")).status_code == 200
    works_for_the_agency(cast, "reviewer")
    assert get(cast, "reviewer", at(review, "moderation/")).status_code == 403
    path = f"/api/v1/meridian/reviews/{review.public_id}/moderation/"
    assert cast.seen_by("reviewer").get(path).status_code == 403
    moderations.agree(cast, review)
    with tenancy.as_system(cast.state.pk):
        mails = Message.objects.filter(notice="report-moderated")
        assert {mail.person for mail in mails} == {cast.people["trainer"]}


def test_the_database_tells_nobody_of_the_agency(cast: StateCast) -> None:
    review = moderations.asked(cast, others=("reviewer",))
    with cast.entered("reviewer") as reviewer:
        assert Moderation.objects.filter(review=review).exists()
    for role in (Role.SPECIALIST, Role.SUPERVISOR):
        with tenancy.entered(replace(reviewer, role=role)):
            assert Review.objects.filter(pk=review.pk).exists()
            assert not Moderation.objects.exists()
