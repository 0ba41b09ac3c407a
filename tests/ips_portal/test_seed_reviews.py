"""What happens to few reviews: a draft that is read first, corrected reports, and reviews from before the portal."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from agencies import tenancy
from agencies.audit import changes_of, sentences
from agencies.models import Assignment, Membership, State
from agencies.permissions import Actor, Role
from fidelity import snapshots
from fidelity.actions import importing
from fidelity.comparing import compare
from fidelity.histories import standings
from fidelity.in_force import policy_on
from fidelity.models import Correction, Edition, Moderation, Review, ReviewImport
from fidelity.moderation import moderates, read_first, stage_of
from fidelity.ratings import past
from fidelity.reviewers import issues_correction
from tests.ips_portal.practised import SLUGS, TODAY, practice  # noqa: F401  # a fixture

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("practice"), pytest.mark.usefixtures("practice")]


@pytest.fixture
def meridian() -> Iterator[State]:
    found = State.objects.get(slug="meridian")
    with tenancy.as_system(found.pk):
        yield found


def first(state: State, role: Role, number: int = 0) -> Actor:
    """As the crawl of the pages counts the people of a role."""
    return tenancy.actor_of(Membership.objects.in_state(state.pk).filter(role=role).order_by("pk")[number])


def noon(state: State) -> datetime:
    return datetime.combine(TODAY, time(12), ZoneInfo(state.zone))


def test_reviewers_are_let_in_also_where_the_day_begins_later_than_on_the_machine() -> None:
    for state in State.objects.filter(slug__in=SLUGS):
        with tenancy.as_system(state.pk):
            named = Assignment.objects.in_state(state.pk).filter(purpose=Assignment.Purpose.REVIEWER)
            assert named.exists()
            assert not named.filter(starts_on__gte=TODAY).exists()


def test_one_draft_waits_to_be_read_and_no_other_review_is_asked_for(meridian: State) -> None:
    [row] = Moderation.objects.in_state(meridian.pk).waiting().select_related("review__team")
    assert {row.review_id} == read_first(meridian.pk, Review.objects.in_state(meridian.pk))
    assert stage_of(row.review) == Moderation.Stage.WAITING
    assert not policy_on(meridian.pk, TODAY).moderation
    for reader in (first(meridian, Role.STATE_ADMIN), first(meridian, Role.STATE_TRAINER)):
        assert moderates(row.review, reader)
    before = Moderation.objects.in_state(meridian.pk).exclude(pk=row.pk).get()
    assert before.outcome == Moderation.Outcome.RETURNED
    assert lowest(row.review) >= set(before.remarks) > set()
    assert not moderates(row.review, first(meridian, Role.STATE_TRAINER, 1))


def lowest(review: Review) -> set[str]:
    """The items that are rated lowest."""
    rated = {code: item["rating"] for code, item in snapshots.items_of(snapshots.draft(review)).items()}
    return {code for code, rating in rated.items() if rating == min(rated.values())}


def test_one_report_has_its_next_edition_and_says_what_it_corrects(meridian: State) -> None:
    correction = Correction.objects.in_state(meridian.pk).get(outcome=Correction.Outcome.ISSUED)
    before, after = correction.review.editions.order_by("number")
    by = after.issued_by.name
    issued_on = after.issued_at.astimezone(ZoneInfo(meridian.zone)).date()
    assert after.snapshot == snapshots.corrected(
        before.snapshot, correction, issued_on=issued_on, issued_by=by
    )
    assert (after.number, after.reason) == (2, correction.reason)
    assert before.issued_at < correction.opened_at < after.issued_at < noon(meridian)
    changed = [
        each for passage in compare(before.snapshot, after.snapshot).passages for each in passage.words
    ]
    assert len(changed) == 1
    assert after.snapshot["total"] == before.snapshot["total"] == correction.review.total
    assert after.issued_by_id not in {correction.writer_id, *leads(correction.review)}


def leads(review: Review) -> set[int]:
    return set(review.reviewers.filter(is_lead=True).values_list("person_id", flat=True))


def test_another_correction_waits_for_the_state_admin_to_issue_it(meridian: State) -> None:
    [row] = Correction.objects.in_state(meridian.pk).open_at(noon(meridian)).handed_over()
    other = Correction.objects.in_state(meridian.pk).exclude(pk=row.pk).get()
    assert row.team.agency_id != other.team.agency_id
    assert issues_correction(row, first(meridian, Role.STATE_ADMIN).person_id)
    assert row.writer_id == first(meridian, Role.STATE_TRAINER).person_id
    assert {row.writer_id} == leads(row.review)
    assert not Edition.objects.filter(review=row.review, number=2).exists()
    drafted = snapshots.corrected(row.review.editions.get().snapshot, row)
    assert len(compare(row.review.editions.get().snapshot, drafted).passages) == 1


def test_the_state_admin_has_imported_the_reviews_a_team_had_before_the_portal(meridian: State) -> None:
    found = ReviewImport.objects.in_state(meridian.pk).get()
    admin = first(meridian, Role.STATE_ADMIN)
    reviews = list(found.reviews.order_by("starts_on"))
    assert found.uploaded_by_id == admin.person_id
    assert found.counts["good"] == len(reviews) >= 2
    [team] = {review.team for review in reviews}
    own = Review.objects.in_state(meridian.pk).issued().filter(team=team, imported=None)
    assert reviews[-1].ends_on < own.earliest("starts_on").starts_on - timedelta(days=200)
    told = [past(review.editions.get().snapshot) for review in reviews]
    for place, review in enumerate(reviews):
        snapshot = review.editions.get().snapshot
        assert [each["total"] for each in snapshot["trend"][:-1]] == [each.total for each in told[:place]]
        assert (snapshot["total"], snapshot["imported"]["by"]) == (review.total, admin.name)
        assert f"Imported from {found.file_name}" in {each.reason for each in sentences(changes_of(review))}
    importing.check_alone(found, admin)
    assert standings([team], meridian)[team.pk].next_due
