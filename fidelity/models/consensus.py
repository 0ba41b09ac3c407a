"""What several reviewers who rated apart agreed on."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from agencies.models import Person, Team
from agencies.permissions import Actor
from agencies.tenancy import Reach, TenantForeignKey, TenantModel, TenantQuerySet
from fidelity.models.reviews import Review
from fidelity.models.scales import NOTE_LIMIT, ScaleVersion


class ConsensusQuerySet(TenantQuerySet):
    def visible_to(self, actor: Actor) -> Self:
        return super().visible_to(actor).filter(review__in=Review.objects.compared_by(actor))


class ConsensusRating(TenantModel):
    """The rating of one item the reviewers agreed on, and why. Their own sheets stay as they were locked.

    Source: domain reference 1.4. `version` counts saves, so that two people who settle an item at once cannot collide.
    """

    reach = Reach.TEAM

    review = TenantForeignKey(Review, related_name="consensus")
    team = TenantForeignKey(Team, related_name="+")
    item_code = models.CharField(max_length=10)
    score = models.PositiveSmallIntegerField()
    reason = models.TextField(max_length=NOTE_LIMIT, blank=True)
    saved_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    saved_at = models.DateTimeField(default=timezone.now)
    version = models.PositiveIntegerField(default=1)

    objects = ConsensusQuerySet.as_manager()

    class Meta:
        ordering = ("id",)
        constraints = [
            models.UniqueConstraint(fields=["review", "item_code"], name="an_item_is_agreed_once"),
            models.CheckConstraint(
                condition=Q(score__gte=1, score__lte=5), name="an_agreed_score_is_from_1_to_5"
            ),
        ]


class ItemAgreement(TenantModel):
    """How well a state's reviewers agree on one item, beyond chance: weighted kappa, worked out by a worker.

    An item without a code is the whole scale. There is a row only from 30 pairs on. Source: domain reference 1.4.
    """

    reach = Reach.STATE

    scale = models.ForeignKey(ScaleVersion, models.PROTECT, related_name="+")
    item_code = models.CharField(max_length=10, blank=True)
    pairs = models.PositiveIntegerField()
    kappa = models.DecimalField(max_digits=4, decimal_places=2)
    counted_at = models.DateTimeField(default=timezone.now)

    objects = TenantQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["state", "scale", "item_code"], name="an_item_has_one_agreement_in_a_state"
            )
        ]
