"""Ratings of one item by two reviewers who rated apart, counted in PostgreSQL."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from fidelity.models import Review

# Of nobody in particular each two reviewers of a review once; of a person, their own rating first. Whoever asks reads
# only sheets that lie open to them. Self-reviews are another kind of eyes (reference 1.3, R11).
PAIRS = """
SELECT one.item_code, one.score, other.score, count(*)
FROM fidelity_review review
JOIN fidelity_reviewer a ON a.review_id = review.id AND a.finished_at IS NOT NULL
JOIN fidelity_reviewer b ON b.review_id = review.id AND b.finished_at IS NOT NULL
    AND CASE WHEN %(person)s = 0 THEN b.id > a.id ELSE a.person_id = %(person)s AND b.id <> a.id END
JOIN fidelity_rating one ON one.reviewer_id = a.id
JOIN fidelity_rating other ON other.reviewer_id = b.id AND other.item_code = one.item_code
WHERE review.state_id = %(state)s AND review.scale_id = %(scale)s AND review.kind = 'external'
    AND review.status = ANY (%(statuses)s) AND review.ends_on >= %(since)s
GROUP BY 1, 2, 3
"""
ANYBODY = 0


@dataclass(frozen=True)
class Pair:
    """Two ratings of an item, and how often that pair occurred."""

    item: str
    one: int
    other: int
    count: int


def pairs_in(state_id: int, scale_id: int, since: date) -> list[Pair]:
    """Of reviews that have a report; each two reviewers of a review once."""
    return _pairs(ANYBODY, state_id, scale_id, since, Review.REPORTED)


def own_pairs(person_id: int, state_id: int, scale_id: int, since: date) -> list[Pair]:
    """One's own rating first, that of somebody else second."""
    return _pairs(person_id, state_id, scale_id, since, Review.COMPARED)


def _pairs(person: int, state: int, scale: int, since: date, statuses: Iterable[str]) -> list[Pair]:
    values: dict[str, Any] = {
        "person": person,
        "state": state,
        "scale": scale,
        "since": since,
        "statuses": list(statuses),
    }
    with connection.cursor() as cursor:
        cursor.execute(PAIRS, values)
        return [Pair(*row) for row in cursor.fetchall()]


def spread(pairs: Iterable[Pair]) -> list[tuple[int, int]]:
    """Each pair as often as it occurred."""
    return [(pair.one, pair.other) for pair in pairs for _ in range(pair.count)]


def by_item(pairs: Iterable[Pair]) -> Mapping[str, list[Pair]]:
    found: dict[str, list[Pair]] = {}
    for pair in pairs:
        found.setdefault(pair.item, []).append(pair)
    return found
