"""Who reviews a team: named by whoever may, taken off at once, replaced when they leave."""

from datetime import timedelta

import pytest

from agencies import tenancy
from agencies.actions import people
from agencies.models import Membership, StatePolicy
from agencies.permissions import Role
from agencies.refusals import NotPermitted, Unacceptable, WrongStatus
from fidelity import reports
from fidelity.actions import naming, rating
from fidelity.actions.rating import RatingValues
from fidelity.models import Review
from fidelity.ratings import agreed_ratings
from fidelity.reviewers import candidates, conflicts
from tests.cast import STARTED, StateCast, make_cast
from tests.fidelity import reviews
from tests.fidelity.pages import at, draft, get, post, text


@pytest.fixture
def cast(db: None) -> StateCast:
    return make_cast().meridian


def name(cast: StateCast, review: Review, lead: str, *others: str, by: str = "admin") -> Review:
    with reviews.acting(cast, by) as actor:
        return naming.change_reviewers(
            reports.reviews().get(pk=review.pk),
            lead=cast.memberships[lead],
            others=[cast.memberships[other] for other in others],
            by=actor,
        )


def test_a_reviewer_taken_off_one_review_keeps_the_other(cast: StateCast) -> None:
    today = cast.state.today()
    reviews.scheduled(cast, others=("reviewer",), starts_on=today)
    second = reviews.scheduled(cast, others=("reviewer",), starts_on=today + timedelta(days=200))
    name(cast, second, "trainer")
    with cast.entered("admin"):
        assert cast.memberships["reviewer"].assignments.filter(ends_on=None).exists()


def test_a_reviewer_taken_off_loses_sight_at_once(cast: StateCast) -> None:
    review = reviews.scheduled(cast, others=("reviewer",))
    assert cast.actor("reviewer").assigned_team_ids
    name(cast, review, "trainer")
    assert not cast.actor("reviewer").assigned_team_ids


def names_an_approver(cast: StateCast) -> None:
    with reviews.acting(cast, "admin"):
        StatePolicy.objects.create(
            state=cast.state,
            subject=StatePolicy.Subject.FIDELITY,
            name="Plans are approved by the payer",
            effective_from=STARTED,
            data={"action_plan": {"approver": "MCO"}},
        )


def test_a_payer_names_reviewers_where_the_policy_makes_it_the_approver(cast: StateCast) -> None:
    """Trust reference 2.1: editing a schedule means naming reviewers, for a payer."""
    names_an_approver(cast)
    review = reviews.scheduled(cast, others=("reviewer",))
    found = name(cast, review, "second_trainer", "vr_liaison", by="payer")
    with cast.entered("admin"):
        named = {row.person.name for row in found.reviewers.select_related("person")}
    assert named == {"Meridian Second Trainer", "Meridian Vr Liaison"}


def test_a_payer_names_nobody_where_the_policy_does_not_say_so(cast: StateCast) -> None:
    review = reviews.scheduled(cast, others=("reviewer",))
    with pytest.raises(NotPermitted):
        name(cast, review, "second_trainer", "vr_liaison", by="payer")
    assert "Change reviewers" not in text(get(cast, "payer", at(review)))


def test_a_payer_never_staffs_how_an_agency_reviews_itself(cast: StateCast) -> None:
    names_an_approver(cast)
    review = reviews.scheduled(cast, lead="leader", kind=Review.Kind.SELF, by="leader")
    with pytest.raises(NotPermitted):
        name(cast, review, "supervisor", by="payer")
    assert "Change reviewers" not in text(get(cast, "payer", at(review)))


def test_a_payer_cannot_name_whom_the_agency_employs(cast: StateCast) -> None:
    with cast.entered("admin"):
        Membership.objects.filter(pk=cast.memberships["other_leader"].pk).update(
            agency=cast.agencies["north"]
        )
    with cast.entered("payer"):
        people_of = [cast.people["other_leader"].pk]
        assert conflicts(cast.teams["north_one"], people_of, cast.state.today())


def test_a_leader_finds_somebody_from_outside_for_a_guided_self_review(cast: StateCast) -> None:
    with cast.entered("leader"):
        able = candidates(cast.teams["north_one"], Review.Kind.GUIDED_SELF, cast.state.today())
    assert {"Meridian Trainer", "Meridian Leader"} <= {str(each.person) for each in able}
    assert Role.REVIEWER in {each.role for each in able}


# --- the report in draft ---------------------------------------------------------------------------------------
def leaves(cast: StateCast, persona: str) -> None:
    with cast.entered("admin") as by:
        leaving = Membership.objects.select_related("person").get(pk=cast.memberships[persona].pk)
        people.remove(leaving, reason="Left the state.", by=by)


def test_somebody_else_writes_the_report_of_a_lead_who_left(cast: StateCast) -> None:
    review = draft(cast)
    leaves(cast, "trainer")
    form = get(cast, "admin", at(review, "reviewers/")).context["form"]
    assert "lead" not in form.fields
    answer = post(cast, "admin", at(review, "reviewers/"), others=cast.memberships["second_trainer"].pk)
    assert answer.status_code == 302
    assert get(cast, "second_trainer", at(review, "report/")).status_code == 200
    with cast.entered("admin"):
        found = Review.objects.get(pk=review.pk)
        assert found.reviewers.get(is_lead=True).person == cast.people["trainer"]
        assert agreed_ratings(found)["ST1"].score == 3


def test_the_lead_of_a_report_in_draft_stays(cast: StateCast) -> None:
    review = draft(cast)
    with pytest.raises(Unacceptable) as refused:
        name(cast, review, "second_trainer")
    assert refused.value.field == "lead"


def test_a_payer_opens_no_draft_to_anybody(cast: StateCast) -> None:
    names_an_approver(cast)
    review = draft(cast)
    with pytest.raises(NotPermitted):
        name(cast, review, "trainer", "vr_liaison", by="payer")


def test_reviewers_of_an_issued_report_stay_as_they_are(cast: StateCast) -> None:
    review = reviews.issued(cast)
    with pytest.raises(WrongStatus):
        name(cast, review, "second_trainer")


def test_a_lead_who_left_in_the_middle_is_replaced_and_keeps_the_sheet(cast: StateCast) -> None:
    review = reviews.rate(cast, reviews.scheduled(cast), {"ST1": 3})
    leaves(cast, "trainer")
    name(cast, review, "second_trainer")
    with cast.entered("admin"):
        found = Review.objects.get(pk=review.pk)
        assert found.reviewers.get(is_lead=True).person == cast.people["second_trainer"]
        assert found.reviewers.filter(person=cast.people["trainer"], is_lead=False).exists()
    found = reviews.finished(cast, reviews.rate(cast, found, 4, by="second_trainer"), by="second_trainer")
    assert found.status == Review.Status.DRAFT_REPORT


def test_a_reviewer_from_elsewhere_is_held_to_a_membership_that_their_seat_does_not_reach(
    cast: StateCast,
) -> None:
    review = reviews.scheduled(cast, others=("reviewer",))
    values = RatingValues(5)
    with reviews.acting(cast, "reviewer") as by:
        rating.save_rating(review, item_code="ST1", values=values, version=0, by=by)
    with tenancy.as_system(cast.state.pk):
        Membership.objects.create(
            state=cast.state,
            person=cast.people["reviewer"],
            role=Role.SPECIALIST,
            agency=cast.agencies["north"],
            started_on=STARTED,
            ended_on=cast.state.today(),
        )
    with (
        pytest.raises(NotPermitted, match="less than 24 months ago"),
        reviews.acting(cast, "reviewer") as by,
    ):
        rating.save_rating(review, item_code="ST2", values=values, version=0, by=by)
