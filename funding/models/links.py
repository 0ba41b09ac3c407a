"""Two cells of a funding plan that belong together."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from agencies.models import Person
from agencies.tenancy import TenantForeignKey, TenantQuerySet
from funding.models.plans import WORDS, FundingPlan, PlanCell, PlanPart
from funding.wording import LINK_KINDS


class CellLink(PlanPart):
    """Different services at one time, each billed to its payer; or payers that follow one another."""

    plan = TenantForeignKey(FundingPlan, related_name="links")
    kind = models.CharField(max_length=12, choices=LINK_KINDS)
    first = TenantForeignKey(PlanCell, related_name="links_from")
    second = TenantForeignKey(PlanCell, related_name="links_to")
    note = models.CharField(max_length=WORDS)
    linked_at = models.DateTimeField(default=timezone.now)
    linked_by = models.ForeignKey(Person, models.PROTECT, related_name="+")

    objects = TenantQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(fields=["kind", "first", "second"], name="two_cells_are_linked_once"),
            models.CheckConstraint(condition=~Q(first=F("second")), name="a_cell_is_not_linked_with_itself"),
            models.CheckConstraint(condition=~Q(note=""), name="a_link_says_why"),
        ]
