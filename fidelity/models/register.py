"""What a person has learned as a reviewer, where the portal cannot know it by itself."""

from django.db import models
from django.utils import timezone

from agencies.models import Person
from agencies.tenancy import Reach, TenantModel, TenantQuerySet


class ReviewerTraining(TenantModel):
    """A training somebody took, or a review somebody shadowed. Reviews they led are known from the reviews."""

    reach = Reach.STATE

    class Kind(models.TextChoices):
        TRAINING = "training", "Reviewer training taken"
        SHADOWED = "shadowed", "Review shadowed"

    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    held_on = models.DateField()
    words = models.CharField(max_length=200)  # which course, or whose review
    recorded_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)
    form_key = models.UUIDField()  # of the form that wrote it

    objects = TenantQuerySet.as_manager()

    class Meta:
        ordering = ("-held_on", "-id")
        constraints = [
            models.UniqueConstraint(fields=["state", "form_key"], name="a_form_writes_a_training_once"),
            models.CheckConstraint(condition=~models.Q(words=""), name="a_training_says_which"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.held_on:%B %-d, %Y}: {self.words}"
