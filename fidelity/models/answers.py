"""The agency's time to say what a draft report has wrong, and what it said."""

from datetime import date, datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from agencies.models import Person, Team
from agencies.permissions import Actor, Place, Resource, Scope, scope_of
from agencies.tenancy import Reach, TenantForeignKey, TenantModel, TenantQuerySet
from fidelity import answering
from fidelity.models.reviews import Review, Reviewer
from fidelity.models.scales import NOTE_LIMIT


class WindowQuerySet(TenantQuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """Who reads every draft, who reviews, and the agency until the draft is taken back."""
        rows = super().visible_to(actor)
        match scope_of(actor.role, "view", Resource.DRAFT_REPORT):
            case Scope.STATE:
                return rows
            case Scope.AGENCY:
                return rows.filter(withdrawn_at=None)
            case Scope.ASSIGNED:
                own = Reviewer.objects.in_state(actor.state_id).filter(person_id=actor.person_id)
                return rows.filter(review__in=own.values("review_id"))
        return rows.none()

    def open_at(self, moment: datetime) -> Self:
        return self.filter(
            closed_at=None,
            withdrawn_at=None,
            ends_at__gt=moment,
            review__status=Review.Status.DRAFT_REPORT,
        )


class AnswerWindow(TenantModel):
    """The draft as it was handed over, and until when the agency may say what is wrong in it.

    A review has one: where its ratings are opened again it is withdrawn, and with the next hand-over it begins anew.
    """

    reach = Reach.TEAM

    review = TenantForeignKey(Review, related_name="windows")
    team = TenantForeignKey(Team, related_name="+")
    snapshot = models.JSONField()
    opened_at = models.DateTimeField()
    ends_at = models.DateTimeField()  # the first moment after its last day
    closed_at = models.DateTimeField(null=True, blank=True)  # the agency has said all it has to say
    closed_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = WindowQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["review"], name="a_review_has_one_answer_window"),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, closed_by__isnull=True)
                | Q(closed_at__isnull=False, closed_by__isnull=False),
                name="closed_at_with_closed_by",
            ),
        ]

    @property
    def place(self) -> Place:
        place: Place = self.review.place
        return place

    def is_open(self, moment: datetime) -> bool:
        return self.closed_at is None and self.withdrawn_at is None and moment < self.ends_at

    @property
    def last_day(self) -> date:
        return answering.last_day(self.ends_at, self.state.zone)


class CommentQuerySet(TenantQuerySet):
    def visible_to(self, actor: Actor) -> Self:
        return super().visible_to(actor).filter(review__windows__in=AnswerWindow.objects.visible_to(actor))

    def said(self) -> Self:
        """An emptied comment was taken back."""
        return self.exclude(wrong="")


class DraftComment(TenantModel):
    """What the agency finds wrong at one item of a draft, where it can be seen, and what the reviewers answer."""

    reach = Reach.TEAM

    class Outcome(models.TextChoices):
        CHANGED = "changed", "Changed"
        UNCHANGED = "unchanged", "Not changed"

    review = TenantForeignKey(Review, related_name="comments")
    team = TenantForeignKey(Team, related_name="+")
    item_code = models.CharField(max_length=10)
    wrong = models.TextField(max_length=NOTE_LIMIT, blank=True)
    seen = models.TextField(max_length=NOTE_LIMIT, blank=True)
    said_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    said_at = models.DateTimeField(default=timezone.now)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)
    answer = models.TextField(max_length=NOTE_LIMIT, blank=True)
    answered_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = CommentQuerySet.as_manager()

    class Meta:
        ordering = ("id",)
        constraints = [
            models.UniqueConstraint(fields=["review", "item_code"], name="an_item_is_commented_once"),
            models.CheckConstraint(
                condition=Q(outcome="", answered_by__isnull=True, answered_at__isnull=True)
                | (~Q(outcome="") & Q(answered_by__isnull=False, answered_at__isnull=False)),
                name="an_answer_has_its_outcome_and_person",
            ),
        ]
