"""T13 as a random walk: people schedule, rate, finish, agree, reopen and cancel, and after each step everybody looks.

Under row-level security alone (a bare statement in each person's context) and under the portal alone (its query, with
the owner's eyes) nobody sees a rating before it lies open to them. FULL=1 takes 20,000 steps.
"""

import os
import random
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.db import connections

from agencies.permissions import Actor
from agencies.refusals import Refusal
from fidelity.actions import consensus, finishing, rating, scheduling
from fidelity.actions.consensus import Settled
from fidelity.actions.rating import RatingValues
from fidelity.in_force import scale_of
from fidelity.models import Rating, Review
from tests.cast import StateCast, make_cast
from tests.fidelity import reviews
from tests.fidelity.reviews import acting

STEPS = 20_000 if os.environ.get("FULL") == "1" else 150
A_WORLD = (
    250  # steps; deeds touch the last three reviews alone, and everybody looks at all of them after each
)
REVIEWERS = ("trainer", "second_trainer", "reviewer")
TEAMS = ("north_one", "north_two", "south_one")
READS_DRAFTS = ("admin", "trainer", "second_trainer")
STATEWIDE = (*READS_DRAFTS, "vr_liaison", "mh_liaison", "department_liaison")
# Of each rating: whose it is, where its review stands, and who reviews.
TRUTH = """
SELECT g.id, r.person_id, v.status, ARRAY(SELECT o.person_id FROM fidelity_reviewer o WHERE o.review_id = v.id)
FROM fidelity_rating g JOIN fidelity_reviewer r ON r.id = g.reviewer_id JOIN fidelity_review v ON v.id = r.review_id
"""


@pytest.fixture
def cast(transactional_db: None) -> Iterator[StateCast]:
    yield make_cast().meridian
    connections.close_all()


class Walk:
    def __init__(self, cast: StateCast, owner: "psycopg.Connection[Any]", seed: int) -> None:
        self.cast, self.owner, self.rng = cast, owner, random.Random(seed)  # noqa: S311  # steps, not secrets
        self.deeds: list[Callable[[], None]] = [
            self.schedule,
            *[self.rate] * 4,
            *[self.finish] * 4,
            *[self.settle] * 2,
            self.close,
            self.reopen,
            self.cancel,
        ]
        self.opened = 0

    def step(self) -> None:
        try:
            self.rng.choice(self.deeds)()
        except Refusal:
            return  # refused is an answer, too

    def review(self, by: Actor) -> Review:
        found = list(Review.objects.visible_to(by).order_by("pk"))
        return self.rng.choice(found[-3:]) if found else self.none()

    def none(self) -> Review:
        raise Refusal("There is no review yet.")

    def schedule(self) -> None:
        lead, second = self.rng.sample(REVIEWERS, 2)
        with acting(self.cast, "admin") as by:
            first = self.cast.state.today() - timedelta(days=self.rng.randrange(0, 700, 2))
            scheduling.schedule(
                self.cast.teams[self.rng.choice(TEAMS)],
                kind=Review.Kind.EXTERNAL,
                mode=Review.Mode.ONSITE,
                starts_on=first,
                ends_on=first,
                lead=self.cast.memberships[lead],
                others=[self.cast.memberships[second]],
                by=by,
            )

    def rate(self) -> None:
        with acting(self.cast, self.rng.choice(REVIEWERS)) as by:
            review = self.review(by)
            code = self.rng.choice(scale_of(review).codes)
            values = RatingValues(self.rng.randint(1, 5), "Seen.", ())
            rating.save_rating(review, item_code=code, values=values, version=0, by=by)

    def finish(self) -> None:
        """What is left is rated in one go."""
        with acting(self.cast, self.rng.choice(REVIEWERS)) as by:
            review = self.review(by)
            sheet = rating.own_sheet(review, by)
            rated = set(sheet.ratings.values_list("item_code", flat=True))
            left = [code for code in scale_of(review).codes if code not in rated]
            if review.is_open and not sheet.finished_at:
                Rating.objects.bulk_create(
                    Rating(
                        state_id=review.state_id,
                        reviewer=sheet,
                        item_code=code,
                        score=self.rng.randint(1, 5),
                        version=1,
                    )
                    for code in left
                )
            finishing.finish(review, by=by)

    def settle(self) -> None:
        with acting(self.cast, self.rng.choice(REVIEWERS)) as by:
            review = self.review(by)
            items = {code: Settled(3, "Agreed.") for code in scale_of(review).codes}
            consensus.settle(review, items=items, by=by)

    def close(self) -> None:
        with acting(self.cast, self.rng.choice(REVIEWERS)) as by:
            consensus.close(self.review(by), by=by)

    def reopen(self) -> None:
        with acting(self.cast, "admin") as by:
            finishing.reopen(self.review(by), reason="Once more.", by=by)

    def cancel(self) -> None:
        with acting(self.cast, "admin") as by:
            if self.rng.random() < 0.2:
                scheduling.cancel(self.review(by), reason="Snow.", by=by)

    def look(self, persona: str) -> list[str]:
        """What this person sees and must not, by either wall alone."""
        person = self.cast.people[persona].pk
        others = [row for row in self.owner.execute(TRUTH).fetchall() if row[1] != person]
        with acting(self.cast, persona) as actor:
            by_wall = set(Rating.objects.values_list("pk", flat=True))
            query, values = Rating.objects.visible_to(actor).values_list("pk").query.sql_with_params()
        by_portal = {row[0] for row in self.owner.execute(query, values).fetchall()}
        faults = []
        for wall, seen, statewide in (
            ("the second wall", by_wall, STATEWIDE),
            ("the portal", by_portal, READS_DRAFTS),
        ):
            shown = [row for row in others if row[0] in seen]
            self.opened += len(shown)
            if early := [row for row in shown if not is_open(row[2], person in row[3], persona in statewide)]:
                faults.append(f"{persona} sees {len(early)} by {wall}")
        return faults


def is_open(status: str, reviews_it: bool, sees_state: bool) -> bool:
    """To the reviewers once compared, and to who sees the whole state once there is a report."""
    return (reviews_it and status in Review.COMPARED) or (sees_state and status in Review.REPORTED)


def test_a_random_walk_shows_no_draft_rating_to_anybody_else(
    cast: StateCast, owner_connection: "psycopg.Connection[Any]"
) -> None:
    walk = Walk(cast, owner_connection, seed=2026)
    watchers = sorted(cast.memberships)
    for number in range(STEPS):
        if number % A_WORLD == 0:
            owner_connection.execute("TRUNCATE fidelity_review CASCADE")
        walk.step()
        persona = watchers[number % len(watchers)]
        for watcher in {persona, *REVIEWERS, "admin"}:
            assert walk.look(watcher) == [], f"step {number}"
    assert walk.opened > 0, "nothing was ever compared: the walk proves nothing"


def test_the_walk_notices_a_wall_that_leaks(
    cast: StateCast, owner_connection: "psycopg.Connection[Any]"
) -> None:
    """Planted: whoever is in the state reads every rating."""
    review = reviews.scheduled(cast, others=("reviewer",))
    reviews.rate(cast, review, {"ST1": 3})
    owner_connection.execute("CREATE POLICY planted ON fidelity_rating FOR SELECT USING (true)")
    try:
        assert Walk(cast, owner_connection, seed=1).look("reviewer") == ["reviewer sees 1 by the second wall"]
    finally:
        owner_connection.execute("DROP POLICY planted ON fidelity_rating")
