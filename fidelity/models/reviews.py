"""Reviews, who reviews, and one reviewer's ratings."""

import uuid
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Self

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import OuterRef, Q
from django.utils import timezone

from agencies.models import Membership, Person, Team, TeamPartner
from agencies.permissions import Actor, Place, Resource, Role, Scope, scope_of
from agencies.tenancy import Reach, TenantForeignKey, TenantModel, TenantQuerySet
from fidelity.models.imports import ReviewImport
from fidelity.models.scales import NOTE_LIMIT, ScaleVersion

if TYPE_CHECKING:
    from fidelity.models.reports import ReviewText

HOME_ROLES = (Role.AGENCY_LEADER, Role.SUPERVISOR)


class ReviewQuerySet(TenantQuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """Drafts are for those who may see a draft, or who review; issued reviews for all who may see reports."""
        rows = super().visible_to(actor)
        if scope_of(actor.role, "view", Resource.REVIEW):
            return rows
        if scope_of(actor.role, "view", Resource.FINAL_REPORT):
            return rows.filter(status=Review.Status.ISSUED)
        return rows.none()

    def placed(self) -> Self:
        """With what `Review.place` asks for, in the same statement."""
        reviewers = Reviewer.objects.filter(review=OuterRef("pk")).order_by().values("person_id")
        partners = TeamPartner.objects.filter(team=OuterRef("team")).order_by().values("agency_id")
        placed: Self = self.annotate(
            reviewer_ids=ArraySubquery(reviewers), partner_ids=ArraySubquery(partners)
        )
        return placed

    def issued(self) -> Self:
        return self.filter(status=Review.Status.ISSUED)

    def unfinished(self) -> Self:
        return self.exclude(status__in=(Review.Status.ISSUED, Review.Status.CANCELLED))

    def reviewed_by(self, actor: Actor) -> Self:
        """`Review.is_reviewed_by` for many."""
        own = Reviewer.objects.in_state(actor.state_id).filter(person_id=actor.person_id)
        rows = self.filter(pk__in=own.values("review_id"))
        return rows.exclude(kind=Review.Kind.EXTERNAL) if actor.role in HOME_ROLES else rows

    def drafts_for(self, actor: Actor) -> Self:
        """Reports in draft this person may read; `Review.draft_is_open_to` for many."""
        rows = self.visible_to(actor).filter(status=Review.Status.DRAFT_REPORT)
        scope = scope_of(actor.role, "view", Resource.DRAFT_REPORT)
        if scope is Scope.STATE:
            return rows
        if scope is None:
            return rows.none()
        return rows.reviewed_by(actor)

    def readable_by(self, actor: Actor) -> Self:
        """Reviews whose report this person may read: the issued ones, and drafts that are open to them."""
        return self.visible_to(actor).issued() | self.drafts_for(actor)

    def compared_by(self, actor: Actor) -> Self:
        """Reviews whose single sheets lie open to this person: to its reviewers once every sheet is locked, to who
        reads every draft once there is a report.

        Source: trust reference T13.
        """
        rows = self.visible_to(actor)
        mine = rows.filter(status__in=Review.COMPARED).reviewed_by(actor)
        if scope_of(actor.role, "view", Resource.DRAFT_REPORT) is Scope.STATE:
            return mine | rows.filter(status__in=Review.REPORTED)
        return mine

    def before(self, review: "Review") -> Self:
        """Issued reviews of the same team that ended earlier, latest first."""
        return (
            self.issued()
            .filter(team_id=review.team_id, ends_on__lt=review.starts_on)
            .order_by("-ends_on", "-id")
        )


class Review(TenantModel):
    """One fidelity review of one team: scheduled, rated, reported, issued."""

    reach = Reach.TEAM
    named_with = ("team",)

    class Kind(models.TextChoices):
        EXTERNAL = "external", "External review"
        GUIDED_SELF = "guided_self", "Guided self-review"
        SELF = "self", "Self-review"

    class Mode(models.TextChoices):
        ONSITE = "onsite", "On site"
        VIRTUAL = "virtual", "Virtual"

    class Status(models.TextChoices):
        SCHEDULED = "scheduled", "Scheduled"
        RATING = "rating", "Rating"
        CONSENSUS = "consensus", "Consensus"
        DRAFT_REPORT = "draft_report", "Report in draft"
        ISSUED = "issued", "Issued"
        CANCELLED = "cancelled", "Cancelled"

    OPEN = (Status.SCHEDULED, Status.RATING)  # may still be rated, moved and cancelled
    REPORTED = (Status.DRAFT_REPORT, Status.ISSUED)
    UNDER_WAY = (*OPEN, Status.CONSENSUS, Status.DRAFT_REPORT)
    COMPARED = (Status.CONSENSUS, *REPORTED)  # every sheet is locked

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    team = TenantForeignKey(Team, related_name="reviews")
    scale = models.ForeignKey(ScaleVersion, models.PROTECT, related_name="reviews")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    mode = models.CharField(max_length=8, choices=Mode.choices, default=Mode.ONSITE, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField()
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.SCHEDULED)
    scheduled_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    finished_at = models.DateTimeField(null=True, blank=True)
    finished_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    cancelled_reason = models.TextField(blank=True)
    imported = TenantForeignKey(ReviewImport, null=True, blank=True, related_name="reviews")
    # what the current edition says, for lists and standings
    total = models.PositiveSmallIntegerField(null=True, blank=True)
    band = models.CharField(max_length=20, blank=True)
    issued_on = models.DateField(null=True, blank=True)

    objects = ReviewQuerySet.as_manager()
    reviewer_ids: list[int] | None = None  # where it was read `placed`
    partner_ids: list[int] | None = None
    parts: Sequence[
        Mapping[str, Any]
    ] = ()  # of its report, where the scale has any and they were read with it

    class Meta:
        ordering = ("-starts_on", "-id")
        constraints = [
            models.UniqueConstraint(fields=["state", "public_id"], name="review_ids_are_unique_in_a_state"),
            models.CheckConstraint(
                condition=Q(ends_on__gte=models.F("starts_on")), name="review_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=Q(finished_at__isnull=True, finished_by__isnull=True)
                | Q(finished_at__isnull=False, finished_by__isnull=False),
                name="finished_at_with_finished_by",
            ),
            models.CheckConstraint(
                condition=~Q(status="issued") | Q(issued_on__isnull=False, total__isnull=False),
                name="an_issued_review_has_its_total_and_date",
            ),
            models.CheckConstraint(
                condition=~Q(mode="") | Q(imported__isnull=False),
                name="only_an_imported_review_names_no_place",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "-starts_on"], name="reviews_by_date"),
            models.Index(fields=["state", "team", "-ends_on"], name="reviews_of_a_team"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of {self.team}, {self.starts_on:%B %-d, %Y}"

    @property
    def is_open(self) -> bool:
        return self.status in self.OPEN

    @property
    def is_imported(self) -> bool:
        """From before the portal: its ratings alone, of which no reviewers, notes or plan are known."""
        return self.imported_id is not None

    @property
    def is_self(self) -> bool:
        return self.kind in (self.Kind.SELF, self.Kind.GUIDED_SELF)

    def draft_is_open_to(self, actor: Actor) -> bool:
        """A report in draft is for its reviewers and the state. What an agency reads is its `AnswerWindow`.

        Source: trust reference 2.1.
        """
        scope = scope_of(actor.role, "view", Resource.DRAFT_REPORT)
        if self.status != self.Status.DRAFT_REPORT or scope is None:
            return False
        return scope is Scope.STATE or self.is_reviewed_by(actor)

    def is_reviewed_by(self, actor: Actor) -> bool:
        """Is this person one of its reviewers? Of a review from outside, nobody in a role of the agency: also not who
        reviewed the team and has come to work for it since.

        Source: trust reference 2.2 rule 5.
        """
        from_home = actor.role in HOME_ROLES and self.kind == self.Kind.EXTERNAL
        return actor.person_id in self.place.people and not from_home

    @property
    def text(self) -> "ReviewText":
        """Read anew each time; blank and unsaved until rating is finished for the first time."""
        found: ReviewText | None = self.texts.first()
        blank: ReviewText = self.texts.model(state_id=self.state_id, review=self, team_id=self.team_id)
        return found or blank

    @property
    def agency_ids(self) -> frozenset[int]:
        team: Team = self.team
        return team.agency_ids if self.partner_ids is None else frozenset({team.agency_id, *self.partner_ids})

    @property
    def place(self) -> Place:
        """The people are the reviewers; read `placed`, or with `prefetch_related("reviewers", "team__partners")`."""
        people = self.reviewer_ids
        if people is None:
            people = [reviewer.person_id for reviewer in self.reviewers.all()]
        return Place(self.state_id, self.agency_ids, self.team_id, frozenset(people))


class OfDraftQuerySet(TenantQuerySet):
    """Rows of a `review` that are for those who read its drafts, never for its agency.

    That holds for who reviewed the team from outside and has come to work for it since.
    """

    def visible_to(self, actor: Actor) -> Self:
        rows = super().visible_to(actor)
        scope = scope_of(actor.role, "view", Resource.DRAFT_REPORT)
        if scope is Scope.STATE:
            return rows
        mine = Review.objects.in_state(actor.state_id).reviewed_by(actor)
        return rows.filter(review__in=mine) if scope else rows.none()


class ReviewerQuerySet(TenantQuerySet):
    def lead(self) -> Self:
        return self.filter(is_lead=True)

    def rating(self) -> Self:
        """Whose sheets make the review."""
        return self.filter(set_aside_at=None)


class Reviewer(TenantModel):
    """One person's part in a review: their own sheet of ratings, blind to others until all are finished."""

    reach = Reach.TEAM

    review = TenantForeignKey(Review, related_name="reviewers")
    team = TenantForeignKey(Team, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    membership = TenantForeignKey(Membership, related_name="+")
    is_lead = models.BooleanField(default=False)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    set_aside_at = models.DateTimeField(
        null=True, blank=True
    )  # of who left half-way: kept, unseen, waited for no more

    objects = ReviewerQuerySet.as_manager()

    class Meta:
        ordering = ("-is_lead", "id")
        constraints = [
            models.UniqueConstraint(fields=["review", "person"], name="a_person_reviews_once"),
            models.UniqueConstraint(
                fields=["review"], condition=Q(is_lead=True), name="a_review_has_one_lead"
            ),
        ]


class RatingQuerySet(TenantQuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """Own ratings; those of others once every sheet of the review is locked."""
        mine = Q(reviewer__person_id=actor.person_id)
        reviews = Review.objects.compared_by(actor)
        return self.in_state(actor.state_id).filter(
            mine | Q(reviewer__finished_at__isnull=False, reviewer__review__in=reviews)
        )


class Rating(TenantModel):
    """What one reviewer gives one item, and what they saw. `version` counts saves, so that two tabs cannot collide."""

    reach = Reach.AUTHOR

    reviewer = TenantForeignKey(Reviewer, related_name="ratings")
    item_code = models.CharField(max_length=10)
    score = models.PositiveSmallIntegerField(null=True, blank=True)
    note = models.TextField(max_length=NOTE_LIMIT, blank=True)
    sources = models.JSONField(default=list, blank=True)
    is_flagged = models.BooleanField("come back", default=False)
    version = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField(default=timezone.now)

    objects = RatingQuerySet.as_manager()

    class Meta:
        ordering = ("id",)
        constraints = [
            models.UniqueConstraint(
                fields=["reviewer", "item_code"], name="an_item_is_rated_once_on_a_sheet"
            ),
            models.CheckConstraint(
                condition=Q(score__isnull=True) | Q(score__gte=1, score__lte=5), name="a_score_is_from_1_to_5"
            ),
        ]
