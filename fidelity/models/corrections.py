"""An issued report is corrected: which items, by whom, until when, and what is to be said instead."""

from datetime import date, datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from agencies.models import Person, Team
from agencies.permissions import Actor
from agencies.tenancy import Reach, TenantForeignKey, TenantModel, TenantQuerySet
from fidelity import answering
from fidelity.models.reviews import OfDraftQuerySet, Review
from fidelity.models.scales import NOTE_LIMIT


class CorrectionQuerySet(OfDraftQuerySet):
    """An agency is told of a correction when it is issued."""

    def open_at(self, moment: datetime) -> Self:
        return self.filter(closed_at=None, ends_at__gt=moment)

    def handed_over(self) -> Self:
        return self.filter(handed_over_at__isnull=False)


class Correction(TenantModel):
    """What lies over an issued edition until it is issued as the next one, given up, or its days are over.

    What the reviewers rated and agreed on stays as it was; only the items chosen at its opening can be written, and
    the texts where `with_texts`. `version` counts saves of the whole. Source: domain reference 1.3, R13; trust
    reference 2.2 rules 6 and 7.
    """

    reach = Reach.TEAM

    class Outcome(models.TextChoices):
        ISSUED = "issued", "Issued as a new edition"
        ABANDONED = "abandoned", "Given up"
        EXPIRED = "expired", "Its days were over"

    review = TenantForeignKey(Review, related_name="corrections")
    team = TenantForeignKey(Team, related_name="+")
    corrects = models.PositiveSmallIntegerField()  # the number of the edition it lies over
    reason = models.TextField(max_length=NOTE_LIMIT)
    with_texts = models.BooleanField(default=False)
    method = models.TextField(max_length=NOTE_LIMIT, blank=True)
    overview = models.TextField(max_length=NOTE_LIMIT, blank=True)
    strengths = models.TextField(max_length=NOTE_LIMIT, blank=True)
    next_steps = models.TextField(max_length=NOTE_LIMIT, blank=True)
    writer = models.ForeignKey(Person, models.PROTECT, related_name="+")
    opened_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(default=timezone.now)
    ends_at = models.DateTimeField()  # the first moment after its last day
    version = models.PositiveIntegerField(default=1)
    handed_over_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)
    given_up_because = models.TextField(max_length=NOTE_LIMIT, blank=True)

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        ordering = ("id",)
        constraints = [
            models.UniqueConstraint(
                fields=["review"],
                condition=Q(closed_at__isnull=True),
                name="a_report_is_corrected_once_at_a_time",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="a_correction_has_its_reason"),
            models.CheckConstraint(
                condition=Q(outcome="", closed_at__isnull=True, closed_by__isnull=True)
                | Q(outcome="expired", closed_at__isnull=False, closed_by__isnull=True)
                | Q(outcome__in=["issued", "abandoned"], closed_at__isnull=False, closed_by__isnull=False),
                name="a_closed_correction_says_how_and_by_whom",
            ),
            models.CheckConstraint(
                condition=~Q(outcome="abandoned") | ~Q(given_up_because=""),
                name="a_correction_is_given_up_for_a_reason",
            ),
        ]

    def is_open(self, moment: datetime) -> bool:
        """The one place that decides whether it may still be written and issued."""
        return self.closed_at is None and moment < self.ends_at

    @property
    def last_day(self) -> date:
        return answering.last_day(self.ends_at, self.state.zone)


class CorrectedItemQuerySet(TenantQuerySet):
    def visible_to(self, actor: Actor) -> Self:
        rows = super().visible_to(actor)
        return rows.filter(correction__in=Correction.objects.visible_to(actor).values("pk"))


class CorrectedItem(TenantModel):
    """What the next edition says of one item; it begins as what the issued one says."""

    reach = Reach.TEAM

    correction = TenantForeignKey(Correction, related_name="items")
    team = TenantForeignKey(Team, related_name="+")
    item_code = models.CharField(max_length=10)
    score = models.PositiveSmallIntegerField()
    found = models.TextField(max_length=NOTE_LIMIT, blank=True)
    recommendation = models.TextField(max_length=NOTE_LIMIT, blank=True)
    is_priority = models.BooleanField(default=False)

    objects = CorrectedItemQuerySet.as_manager()

    class Meta:
        ordering = ("id",)
        constraints = [
            models.UniqueConstraint(fields=["correction", "item_code"], name="an_item_is_corrected_once"),
            models.CheckConstraint(
                condition=Q(score__gte=1, score__lte=5), name="a_corrected_score_is_from_1_to_5"
            ),
        ]
