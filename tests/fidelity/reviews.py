"""Reviews for tests, made through the same actions as people use. Each helper enters the state by itself."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

from django.db import transaction

from agencies import tenancy
from agencies.models import StatePolicy
from agencies.permissions import Actor
from fidelity.actions import consensus, finishing, rating, reporting, scheduling
from fidelity.actions.rating import RatingValues
from fidelity.in_force import scale_of
from fidelity.models import Rating, Review, ReviewText
from fidelity.policy import shipped_document
from tests.cast import STARTED, StateCast


@contextmanager
def acting(cast: StateCast, persona: str) -> Iterator[Actor]:
    """As one request would: a refusal takes back what was written, and the test goes on."""
    with transaction.atomic(), tenancy.entered(cast.actor(persona)) as actor:
        yield actor


def under(cast: StateCast, policy: str, **changed: Any) -> StateCast:
    """The state, under a shipped policy from its first day on; `changed` are rules it decided otherwise."""
    with acting(cast, "admin"):
        StatePolicy.objects.create(
            state=cast.state,
            subject=StatePolicy.Subject.FIDELITY,
            name=policy.capitalize(),
            effective_from=STARTED,
            data={**shipped_document(policy), **changed},
        )
    return cast


def scheduled(
    cast: StateCast,
    *,
    team: str = "north_one",
    lead: str = "trainer",
    others: tuple[str, ...] = (),
    starts_on: date | None = None,
    kind: str = Review.Kind.EXTERNAL,
    by: str = "trainer",
) -> Review:
    """A review of two days, external and today unless said otherwise."""
    first = starts_on or cast.state.today()
    with tenancy.entered(cast.actor(by)) as actor:
        return scheduling.schedule(
            cast.teams[team],
            kind=kind,
            mode=Review.Mode.ONSITE,
            starts_on=first,
            ends_on=first + timedelta(days=1),
            lead=cast.memberships[lead],
            others=[cast.memberships[other] for other in others],
            by=actor,
        )


def seen(code: str, score: int) -> RatingValues:
    return RatingValues(score, f"Seen for {code}.", ("INT",))


def rate(cast: StateCast, review: Review, scores: Mapping[str, int] | int, by: str = "trainer") -> Review:
    """Rates the items given, or all of them alike."""
    with tenancy.entered(cast.actor(by)) as actor:
        review = Review.objects.get(pk=review.pk)
        given = scores if isinstance(scores, Mapping) else dict.fromkeys(scale_of(review).codes, scores)
        (first, score), *rest = given.items()
        rating.save_rating(review, item_code=first, values=seen(first, score), version=0, by=actor)
        sheet = review.reviewers.get(person_id=actor.person_id)
        Rating.objects.bulk_create(  # as the action stores them, in one go: tests rate many sheets
            Rating(
                state_id=review.state_id,
                reviewer=sheet,
                item_code=code,
                version=1,
                score=score,
                note=seen(code, score).note,
                sources=["INT"],
            )
            for code, score in rest
        )
        return Review.objects.get(pk=review.pk)


def finished(cast: StateCast, review: Review, by: str = "trainer") -> Review:
    with tenancy.entered(cast.actor(by)) as actor:
        finishing.finish(Review.objects.get(pk=review.pk), by=actor)
        return Review.objects.get(pk=review.pk)


def drafted(cast: StateCast, *, others: tuple[str, ...] = (), score: int = 3, **booked: Any) -> Review:
    """A review whose report is in draft: everybody rated every item alike, and several agreed on it."""
    review = scheduled(cast, others=others, **booked)
    for persona in (*others, "trainer"):
        review = finished(cast, rate(cast, review, score, by=persona), by=persona)
    if not others:
        return review
    with tenancy.entered(cast.actor("trainer")) as actor:
        return consensus.close(Review.objects.get(pk=review.pk), by=actor)


def issued(
    cast: StateCast,
    *,
    score: Mapping[str, int] | int = 3,
    years_ago: int = 1,
    days_ago: int = 0,
    team: str = "north_one",
) -> Review:
    """A review of an earlier year or day, issued today, every item rated alike unless told otherwise."""
    first = cast.state.today() - timedelta(days=days_ago or 365 * years_ago)
    review = finished(cast, rate(cast, scheduled(cast, team=team, starts_on=first), score))
    with tenancy.entered(cast.actor("trainer")) as trainer:
        texts = {
            row.item_code: reporting.ItemText(row.found, "Agree on one next step.", row.is_priority)
            for row in review.item_reports.all()
        }
        reporting.save_report(
            review,
            method="Two days on site.",
            overview="",
            strengths="The team is well known.",
            next_steps="",
            items=texts,
            version=review.text.version,
            by=trainer,
        )
    with tenancy.entered(cast.actor("admin")) as admin:
        found = Review.objects.get(pk=review.pk)
        reporting.issue(found, version=found.text.version, by=admin)
        return Review.objects.get(pk=review.pk)


def said(cast: StateCast, review: Review) -> ReviewText:
    """The texts of the report, as its lead reviewer reads them."""
    with acting(cast, "trainer"):
        return review.text
