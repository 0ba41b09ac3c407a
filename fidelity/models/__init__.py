"""How well: scales, reviews, one reviewer's ratings, the report around them, the texts kept for it, its moderation, its
editions and their corrections, the action plan, and what is decided about a team."""

from fidelity.models.answers import AnswerWindow, DraftComment
from fidelity.models.bank import BankText, BankTextQuerySet
from fidelity.models.consensus import ConsensusRating, ItemAgreement
from fidelity.models.corrections import CorrectedItem, Correction
from fidelity.models.decisions import Decision
from fidelity.models.imports import ReviewImport
from fidelity.models.moderation import Moderation
from fidelity.models.plans import ActionPlan, PlanEntry, PlanRow
from fidelity.models.register import ReviewerTraining
from fidelity.models.reports import Edition, ItemReport, ReviewText
from fidelity.models.reviews import Rating, Review, Reviewer, ReviewerQuerySet, ReviewQuerySet
from fidelity.models.scales import NOTE_LIMIT, ScaleVersion, ScaleWording
from fidelity.models.visits import VISIT_PARTS, Visit

__all__ = [
    "NOTE_LIMIT",
    "VISIT_PARTS",
    "ActionPlan",
    "AnswerWindow",
    "BankText",
    "BankTextQuerySet",
    "ConsensusRating",
    "CorrectedItem",
    "Correction",
    "Decision",
    "DraftComment",
    "Edition",
    "ItemAgreement",
    "ItemReport",
    "Moderation",
    "PlanEntry",
    "PlanRow",
    "Rating",
    "Review",
    "ReviewImport",
    "ReviewQuerySet",
    "ReviewText",
    "Reviewer",
    "ReviewerQuerySet",
    "ReviewerTraining",
    "ScaleVersion",
    "ScaleWording",
    "Visit",
]
