"""What two practice reviewers rated apart, and how they came to agree."""

from collections.abc import Mapping, Sequence

from fidelity import agreement
from fidelity.models import ConsensusRating, Rating, Review
from fidelity.ratings import Agreed, together
from fidelity.scales import HIGHEST, LOWEST
from ips_portal.practice.places import Land

OFF_BY_ONE, OFF_BY_TWO = (
    0.16,
    0.03,
)  # of a second reviewer's ratings: trained pairs agree on four items in five
LEAD_OFF = 0.05
REASONS = (
    "The log for the last month was read again together, and it settles the question.",
    "The supervisor's account and the records differ; the records count.",
    "One of us had asked two specialists only. With the third one's answer the lower level is met, not more.",
    "The practice began in the spring and is in every record since, so the higher rating stands.",
)


def apart(land: Land, agreed: Mapping[str, int]) -> list[dict[str, int]]:
    """The sheets of lead and second reviewer, from which they agree on `agreed`."""
    lead, second = dict(agreed), dict(agreed)
    for code, score in agreed.items():
        chance = land.rng.random()
        if chance < OFF_BY_ONE + OFF_BY_TWO:
            second[code] = moved(land, score, 2 if chance < OFF_BY_TWO else 1)
        elif chance > 1 - LEAD_OFF:
            lead[code] = moved(land, score, 1)
    return [lead, second]


def moved(land: Land, score: int, points: int) -> int:
    to = score + points * land.rng.choice((-1, 1))
    return to if LOWEST <= to <= HIGHEST else score - points if score - points >= LOWEST else score + points


def settle(land: Land, review: Review, sheets: Sequence[Sequence[Rating]], agreed: Mapping[str, int]) -> None:
    """A row an item, as closing the consensus leaves them."""
    at = review.finished_at or land.at(review.ends_on, 17)
    given = {
        code: [row.score or 0 for sheet in sheets for row in sheet if row.item_code == code]
        for code in agreed
    }
    for code, score in agreed.items():
        asks = agreement.needs_reason(given[code], score)
        land.rows.add(
            ConsensusRating(
                state=land.state,
                review=review,
                team=review.team,
                item_code=code,
                score=score,
                reason=land.rng.choice(REASONS) if asks else "",
                saved_by=review.finished_by,
                saved_at=at,
            )
        )


def agreed_of(sheets: Sequence[Sequence[Rating]], rated: Mapping[str, int]) -> dict[str, Agreed]:
    """As `ratings.agreed_ratings` reads it from stored rows."""
    by_code = [{row.item_code: row for row in sheet} for sheet in sheets]
    return {code: together([sheet[code] for sheet in by_code], score) for code, score in rated.items()}
