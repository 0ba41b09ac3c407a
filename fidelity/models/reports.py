"""The report around the ratings, and its frozen editions."""

from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from agencies.models import Person, Team
from agencies.permissions import Actor, Place
from agencies.tenancy import Reach, TenantForeignKey, TenantModel, TenantQuerySet
from fidelity.models.reviews import Review
from fidelity.models.scales import NOTE_LIMIT


class ReportQuerySet(TenantQuerySet):
    def visible_to(self, actor: Actor) -> Self:
        return super().visible_to(actor).filter(review__in=Review.objects.readable_by(actor))


class ReviewText(TenantModel):
    """What the report says around its items. `version` counts saves of the whole report, its items included."""

    reach = Reach.TEAM

    review = TenantForeignKey(Review, related_name="texts")
    team = TenantForeignKey(Team, related_name="+")
    method = models.TextField(max_length=NOTE_LIMIT, blank=True)
    overview = models.TextField(max_length=NOTE_LIMIT, blank=True)
    strengths = models.TextField(max_length=NOTE_LIMIT, blank=True)
    next_steps = models.TextField(max_length=NOTE_LIMIT, blank=True)
    version = models.PositiveIntegerField(default=1)
    handed_over_at = models.DateTimeField(null=True, blank=True)
    handed_over_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    writers = models.JSONField(default=list, blank=True)  # ids of all who had it in hand, also who left since

    objects = ReportQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["review"], name="a_report_has_one_text"),
            models.CheckConstraint(
                condition=Q(handed_over_at__isnull=True, handed_over_by__isnull=True)
                | Q(handed_over_at__isnull=False, handed_over_by__isnull=False),
                name="handed_over_at_with_handed_over_by",
            ),
        ]

    def written_by(self, person_id: int) -> list[int]:
        """The writers, and this person."""
        return sorted({*self.writers, person_id})


class ItemReport(TenantModel):
    """What the report says of one item: what was found, what is recommended, and whether it comes first."""

    reach = Reach.TEAM

    review = TenantForeignKey(Review, related_name="item_reports")
    team = TenantForeignKey(Team, related_name="+")
    item_code = models.CharField(max_length=10)
    found = models.TextField(max_length=NOTE_LIMIT, blank=True)
    recommendation = models.TextField(max_length=NOTE_LIMIT, blank=True)
    is_drafted = models.BooleanField(default=False)  # the recommendation is still the portal's draft
    is_priority = models.BooleanField(default=False)

    objects = ReportQuerySet.as_manager()

    class Meta:
        ordering = ("id",)
        constraints = [
            models.UniqueConstraint(fields=["review", "item_code"], name="an_item_is_reported_once")
        ]


class EditionQuerySet(TenantQuerySet):
    def superseded(self) -> Self:
        """Those a later edition of the same report has taken the place of."""
        later = Edition.objects.filter(review=OuterRef("review"), number__gt=OuterRef("number"))
        return self.filter(Exists(later))


class Edition(TenantModel):
    """An issued report, frozen. A correction is a new edition with its reason; no edition is ever changed."""

    reach = Reach.TEAM

    review = TenantForeignKey(Review, related_name="editions")
    team = TenantForeignKey(Team, related_name="+")
    number = models.PositiveSmallIntegerField()
    snapshot = models.JSONField()
    issued_at = models.DateTimeField(default=timezone.now)
    issued_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    reason = models.TextField(blank=True)

    objects = EditionQuerySet.as_manager()

    class Meta:
        ordering = ("number",)
        constraints = [models.UniqueConstraint(fields=["review", "number"], name="editions_are_numbered")]

    @property
    def place(self) -> Place:
        place: Place = self.review.place
        return place
