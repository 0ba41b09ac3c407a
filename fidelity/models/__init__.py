"""How well: scales, reviews, one reviewer's ratings, the report around them, its editions, the action plan,
and what is decided about a team."""

from fidelity.models.consensus import ConsensusRating, ItemAgreement
from fidelity.models.decisions import Decision
from fidelity.models.plans import ActionPlan, PlanRow
from fidelity.models.reports import Edition, ItemReport, ReviewText
from fidelity.models.reviews import Rating, Review, Reviewer, ReviewerQuerySet, ReviewQuerySet
from fidelity.models.scales import NOTE_LIMIT, ScaleVersion, ScaleWording

__all__ = [
    "NOTE_LIMIT",
    "ActionPlan",
    "ConsensusRating",
    "Decision",
    "Edition",
    "ItemAgreement",
    "ItemReport",
    "PlanRow",
    "Rating",
    "Review",
    "ReviewQuerySet",
    "ReviewText",
    "Reviewer",
    "ReviewerQuerySet",
    "ScaleVersion",
    "ScaleWording",
]
