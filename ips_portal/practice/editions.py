"""The frozen editions of practice reviews, made of rows in memory as issuing makes them of stored ones."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from fidelity.models import Edition, Review
from fidelity.ratings import PastReview, past
from fidelity.snapshots import Material, assemble
from ips_portal.practice.places import Land
from ips_portal.practice.reviews import Issued

Planned = Mapping[str, str]  # how far each item of a plan has come


def issue(land: Land, done: Iterable[Issued], planned: Sequence[tuple[Review, Planned]]) -> None:
    """One team's reviews in the order of time: an edition tells of those before it, and of their plans."""
    told: list[PastReview] = []
    for each in done:
        edition = _edition(land, each, told, _plan_before(each.review, planned))
        told.append(past(edition.snapshot))


def _plan_before(review: Review, planned: Sequence[tuple[Review, Planned]]) -> Planned:
    before = [
        (one.ends_on, items)
        for one, items in planned
        if one.kind == review.kind and one.ends_on < review.starts_on
    ]
    return max(before, key=lambda each: each[0])[1] if before else {}


def _edition(land: Land, each: Issued, told: list[PastReview], planned: Planned) -> Edition:
    review, person = each.review, each.issuer.person
    issued_on = review.issued_on or review.ends_on
    return land.rows.add(
        Edition(
            state=land.state,
            review=review,
            team=review.team,
            number=1,
            snapshot=assemble(
                review,
                _material(land, each, _before(told, review.starts_on), planned),
                edition=1,
                issued_on=issued_on,
                issued_by=person.name,
            ),
            issued_at=land.at(issued_on, 15, 30),
            issued_by=person,
        )
    )


def _before(told: list[PastReview], day: date) -> list[PastReview]:
    return sorted((review for review in told if review.ends_on < day), key=lambda review: review.ends_on)


def _material(land: Land, each: Issued, earlier: list[PastReview], planned: Planned) -> Material:
    return Material(
        scale=land.scale,
        policy=land.policy_on(each.review.ends_on),
        rows=each.agreed,
        reports={row.item_code: row for row in each.items},
        text=each.text,
        reviewers=each.reviewers,
        earlier=earlier,
        planned=planned,
    )
