"""Booking a review, moving it, changing who reviews, and cancelling: who may, what is refused, who is told."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest

from agencies import tenancy
from agencies.models import Assignment, Membership
from agencies.refusals import NotPermitted, Refusal, Unacceptable, WrongStatus
from fidelity.actions import naming, scheduling
from fidelity.models import Review, Reviewer
from fidelity.reviewers import months_before
from ips_portal.notices.models import Message
from tests.cast import StateCast, make_cast
from tests.fidelity import reviews

EXTERNAL, SELF, GUIDED = Review.Kind.EXTERNAL, Review.Kind.SELF, Review.Kind.GUIDED_SELF


@pytest.fixture
def cast(db: None) -> StateCast:
    return make_cast().meridian


def book(cast: StateCast, by: str = "trainer", **changed: Any) -> Review:
    first = changed.pop("starts_on", cast.state.today() + timedelta(days=14))
    lead, others = changed.pop("lead", "trainer"), changed.pop("others", ())
    values: dict[str, Any] = {
        "kind": EXTERNAL,
        "mode": Review.Mode.ONSITE,
        "starts_on": first,
        "ends_on": first + timedelta(days=1),
    }
    with reviews.acting(cast, by) as actor:
        return scheduling.schedule(
            cast.teams[changed.pop("team", "north_one")],
            **(values | changed),
            lead=cast.memberships[lead],
            others=[cast.memberships[other] for other in others],
            by=actor,
        )


def refusal(cast: StateCast, **changed: Any) -> Refusal:
    with pytest.raises(Refusal) as found:
        book(cast, **changed)
    return found.value


@pytest.mark.parametrize(
    ("by", "kind", "lead"),
    [
        ("trainer", EXTERNAL, "trainer"),
        ("admin", EXTERNAL, "second_trainer"),
        ("trainer", EXTERNAL, "reviewer"),
        ("trainer", GUIDED, "supervisor"),
        ("leader", SELF, "leader"),
        ("supervisor", SELF, "supervisor"),
        ("supervisor", GUIDED, "supervisor"),
    ],
)
def test_those_who_may_schedule_a_review(cast: StateCast, by: str, kind: str, lead: str) -> None:
    review = book(cast, by=by, kind=kind, lead=lead)
    assert (review.status, review.kind) == ("scheduled", kind)


@pytest.mark.parametrize(
    ("by", "team"),
    [
        ("supervisor", "north_two"),
        ("leader", "south_one"),
        ("other_leader", "north_one"),
        ("specialist", "north_one"),
        ("vr_liaison", "north_one"),
        ("payer", "north_one"),
        ("reviewer", "north_one"),
        ("stakeholder", "north_one"),
    ],
)
def test_others_may_not(cast: StateCast, by: str, team: str) -> None:
    assert isinstance(refusal(cast, by=by, kind=SELF, team=team, lead="supervisor"), NotPermitted)


def test_a_supervisor_books_no_external_review(cast: StateCast) -> None:
    found = refusal(cast, by="supervisor")
    assert (type(found), found.field) == (Unacceptable, "kind")


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"ends_on": -1}, "ends_on"),
        ({"ends_on": 40}, "ends_on"),
        ({"lead": "supervisor"}, "lead"),
        ({"lead": "admin"}, "lead"),
        ({"lead": "other_leader"}, "lead"),
        ({"others": ("trainer",)}, "others"),
    ],
)
def test_what_makes_no_sense_is_refused_at_its_field(
    cast: StateCast, changed: dict[str, Any], field: str
) -> None:
    first = cast.state.today() + timedelta(days=14)
    if "ends_on" in changed:
        changed = {"ends_on": first + timedelta(days=changed["ends_on"])}
    found = refusal(cast, **changed)
    assert (type(found), found.field) == (Unacceptable, field)


def test_a_date_years_away_asks_to_check_the_year(cast: StateCast) -> None:
    assert refusal(cast, starts_on=cast.state.today() + timedelta(days=1000)).field == "starts_on"


def test_two_reviews_of_a_team_do_not_overlap(cast: StateCast) -> None:
    book(cast)
    assert refusal(cast, lead="second_trainer").field == "starts_on"
    assert book(cast, team="north_two").status == "scheduled"


def test_a_closed_team_is_not_reviewed(cast: StateCast) -> None:
    with tenancy.as_system(cast.state.pk):
        cast.teams["north_one"].ended_on = cast.state.today() - timedelta(days=1)
    assert refusal(cast).field == "team"


def test_the_conflict_of_interest_lasts_two_years(cast: StateCast) -> None:
    today = cast.state.today()
    former = end_membership(cast, months_before(today, 24) + timedelta(days=1))
    found = refusal(cast)
    assert "less than 24 months ago" in found.message
    with tenancy.as_system(cast.state.pk):
        former.ended_on = months_before(today, 24)
        former.save(update_fields=["ended_on"])
    assert book(cast).status == "scheduled"


def end_membership(cast: StateCast, on: date) -> Membership:
    """The trainer worked at the reviewed agency until then."""
    with tenancy.as_system(cast.state.pk):
        made: Membership = Membership.objects.create(
            state=cast.state,
            person=cast.people["trainer"],
            role="SU",
            agency=cast.agencies["north"],
            started_on=date(2015, 1, 5),
            ended_on=on,
        )
    return made


def test_a_scheduled_review_opens_the_team_to_its_reviewers(cast: StateCast) -> None:
    assert cast.teams["north_one"].pk not in cast.actor("reviewer").seen_team_ids
    book(cast, others=("reviewer",))
    assert cast.teams["north_one"].pk in cast.actor("reviewer").seen_team_ids
    assert cast.teams["north_two"].pk not in cast.actor("reviewer").seen_team_ids


def told(cast: StateCast, notice: str) -> set[str]:
    with tenancy.as_system(cast.state.pk):
        return set(Message.objects.filter(notice=notice).values_list("address", flat=True))


def addresses(cast: StateCast, personas: Sequence[str]) -> set[str]:
    return {cast.people[persona].email for persona in personas}


def test_everybody_concerned_is_told_and_nobody_else(cast: StateCast) -> None:
    book(cast, others=("reviewer",))
    assert told(cast, "review-scheduled") == addresses(cast, ["reviewer", "leader", "supervisor"])


def change(cast: StateCast, review: Review, by: str = "trainer", days: int = 7) -> Review:
    with reviews.acting(cast, by) as actor:
        found = Review.objects.get(pk=review.pk)
        return scheduling.reschedule(
            found,
            mode=Review.Mode.VIRTUAL,
            starts_on=found.starts_on + timedelta(days=days),
            ends_on=found.ends_on + timedelta(days=days),
            by=actor,
        )


def test_nobody_is_invited_to_a_visit_that_is_entered_afterwards(cast: StateCast) -> None:
    reviews.scheduled(cast, starts_on=cast.state.today() - timedelta(days=2))
    assert told(cast, "review-scheduled") == set()
    reviews.scheduled(cast, team="south_one", starts_on=cast.state.today() - timedelta(days=1))
    assert told(cast, "review-scheduled") != set()


def test_a_review_is_moved_and_those_concerned_are_told(cast: StateCast) -> None:
    review = book(cast)
    moved = change(cast, review)
    assert (moved.mode, moved.starts_on) == ("virtual", review.starts_on + timedelta(days=7))
    assert told(cast, "review-changed") == addresses(cast, ["leader", "supervisor"])


def test_saving_the_same_dates_tells_nobody(cast: StateCast) -> None:
    review = change(cast, book(cast))
    with tenancy.as_system(cast.state.pk):
        before = Message.objects.count()
    change(cast, review, days=0)
    with tenancy.as_system(cast.state.pk):
        assert Message.objects.count() == before


@pytest.mark.parametrize("by", ["supervisor", "leader", "vr_liaison", "payer"])
def test_only_the_state_moves_or_cancels_a_review(cast: StateCast, by: str) -> None:
    review = book(cast)
    with pytest.raises(NotPermitted):
        change(cast, review, by=by)
    with pytest.raises(NotPermitted), reviews.acting(cast, by) as actor:
        scheduling.cancel(Review.objects.get(pk=review.pk), reason="No.", by=actor)


def new_reviewers(cast: StateCast, review: Review, lead: str, others: Sequence[str] = ()) -> list[str]:
    with reviews.acting(cast, "admin") as actor:
        naming.change_reviewers(
            Review.objects.get(pk=review.pk),
            lead=cast.memberships[lead],
            others=[cast.memberships[other] for other in others],
            by=actor,
        )
        rows = Reviewer.objects.filter(review=review).select_related("person")
        return [f"{row.person.name}{' leads' if row.is_lead else ''}" for row in rows]


def test_reviewers_change_and_who_left_loses_the_way_in(cast: StateCast) -> None:
    review = book(cast, others=("reviewer",))
    found = new_reviewers(cast, review, "second_trainer", ["trainer"])
    assert found == ["Meridian Second Trainer leads", "Meridian Trainer"]
    with tenancy.as_system(cast.state.pk):
        left = Assignment.objects.get(person=cast.people["reviewer"])
    assert left.ends_on == cast.state.today() - timedelta(days=1)


def test_who_has_begun_to_rate_stays(cast: StateCast) -> None:
    review = reviews.rate(cast, reviews.scheduled(cast), {"ST1": 4})
    with pytest.raises(Unacceptable, match="begun to rate"):
        new_reviewers(cast, review, "second_trainer")
    assert new_reviewers(cast, review, "second_trainer", ["trainer"])[0] == "Meridian Second Trainer leads"


def test_a_cancelled_review_needs_a_reason_and_stays_as_it_is(cast: StateCast) -> None:
    review = book(cast)
    with pytest.raises(Unacceptable, match="Say why"), reviews.acting(cast, "admin") as admin:
        scheduling.cancel(Review.objects.get(pk=review.pk), reason="  ", by=admin)
    with reviews.acting(cast, "admin") as admin:
        found = Review.objects.get(pk=review.pk)
        scheduling.cancel(found, reason="The team moves offices.", by=admin)
        assert (found.status, found.cancelled_reason) == ("cancelled", "The team moves offices.")
    with pytest.raises(WrongStatus), reviews.acting(cast, "admin") as admin:
        scheduling.cancel(Review.objects.get(pk=review.pk), reason="Again.", by=admin)
    assert told(cast, "review-cancelled") == addresses(cast, ["trainer", "leader", "supervisor"])


def test_a_cancelled_review_makes_room_for_another(cast: StateCast) -> None:
    review = book(cast)
    with reviews.acting(cast, "trainer") as trainer:
        scheduling.cancel(Review.objects.get(pk=review.pk), reason="Moved.", by=trainer)
    assert book(cast).pk != review.pk
