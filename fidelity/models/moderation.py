"""A draft report is read by a second person of the state before it goes to the agency."""

from typing import Self

from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Value, When
from django.utils import timezone

from agencies.models import Person, Team
from agencies.tenancy import Reach, TenantForeignKey, TenantModel
from fidelity.models.reports import ReviewText
from fidelity.models.reviews import OfDraftQuerySet, Review, Reviewer
from fidelity.models.scales import NOTE_LIMIT


class ModerationQuerySet(OfDraftQuerySet):
    """An agency is told neither when a draft is read nor what is remarked."""

    def strange_to(self, person_id: int) -> Self:
        """Of reviews this person took no part in: `moderation.who_took_part` for many."""
        of_review = {"review": OuterRef("review")}
        reviewed = Reviewer.objects.filter(**of_review, person_id=person_id)
        wrote = ReviewText.objects.filter(**of_review, writers__contains=[person_id])
        rows = self.filter(~Exists(reviewed), ~Exists(wrote))
        return rows.exclude(review__finished_by=person_id)

    def staged(self) -> Self:
        """With the `stage` each has now.

        What was asked for, or agreed to, is withdrawn by changed texts and by other reviewers, both of which raise the
        version of the texts, and by ratings that were opened again, which are finished anew. An agreement of somebody
        who has been named a reviewer since is none either.
        """
        by_reviewer = Reviewer.objects.filter(review=OuterRef("review"), person=OuterRef("done_by"))
        as_read = Q(version=F("review__texts__version"), asked_at__gt=F("review__finished_at"))
        stands = as_read & Q(review__status__in=Review.REPORTED) & ~Exists(by_reviewer)
        staged: Self = self.annotate(
            stage=Case(
                When(outcome=Moderation.Outcome.RETURNED, then=Value(Moderation.Stage.RETURNED)),
                When(stands & Q(outcome=""), then=Value(Moderation.Stage.WAITING)),
                When(stands, then=Value(Moderation.Stage.AGREED)),
                default=Value(Moderation.Stage.WITHDRAWN),
                output_field=models.CharField(),
            )
        )
        return staged

    def waiting(self) -> Self:
        return self.staged().filter(stage=Moderation.Stage.WAITING, review__status=Review.Status.DRAFT_REPORT)


class Moderation(TenantModel):
    """One time a draft is to be read: asked for by its reviewers, then agreed to, or returned with remarks.

    What was decided stays as it is. Whether it still holds is its `stage`, read from the draft itself. Source: domain
    reference 2 and 9, an optional third step before a report is issued.
    """

    reach = Reach.TEAM

    class Outcome(models.TextChoices):
        AGREED = "agreed", "Agreed"
        RETURNED = "returned", "Returned"

    class Stage(models.TextChoices):
        WAITING = "waiting", "Waits to be read"
        AGREED = "agreed", "Agreed"
        RETURNED = "returned", "Returned"
        WITHDRAWN = "withdrawn", "Withdrawn, the draft or its reviewers changed since"

    review = TenantForeignKey(Review, related_name="moderations")
    team = TenantForeignKey(Team, related_name="+")
    version = models.PositiveIntegerField()  # of the report that is to be read
    asked_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    answer = models.TextField(max_length=NOTE_LIMIT, blank=True)  # to what was remarked the time before
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)
    note = models.TextField(max_length=NOTE_LIMIT, blank=True)  # of a return its reason
    remarks = models.JSONField(default=dict, blank=True)  # texts by item code, of a return
    done_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    done_at = models.DateTimeField(null=True, blank=True)

    objects = ModerationQuerySet.as_manager()
    stage: str  # where it was read `staged`

    class Meta:
        ordering = ("id",)
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="", done_by__isnull=True, done_at__isnull=True)
                | (~Q(outcome="") & Q(done_by__isnull=False, done_at__isnull=False)),
                name="a_moderation_has_its_outcome_and_person",
            ),
            models.CheckConstraint(
                condition=~Q(outcome="returned") | ~Q(note=""), name="a_draft_is_returned_for_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(done_by__isnull=True) | ~Q(done_by=F("asked_by")),
                name="nobody_moderates_what_they_asked_for",
            ),
        ]
