"""A report request is the record of a piece of paper to be made; the queue is only its doorbell.

A paper is about a team, or about an agency as a whole, or without either about the whole state: then only those who
lead the state see it.
"""

import uuid
from collections.abc import Iterable
from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone

from agencies.models import Agency, Membership, Person, Team
from agencies.permissions import Actor, Place, Resource, Scope, scope_of
from agencies.tenancy import BREADTH, Breadth, Reach, TenantForeignKey, TenantModel, TenantQuerySet
from ips_portal.reports import kinds


class FileQuerySet(TenantQuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """Whoever may see one of the papers it was made for."""
        papers = ReportRequest.objects.visible_to(actor).filter(file=models.OuterRef("pk"))
        return super().visible_to(actor).filter(models.Exists(papers))


class DownloadQuerySet(TenantQuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """Whoever may see the paper that was taken."""
        return super().visible_to(actor).filter(report__in=ReportRequest.objects.visible_to(actor))


class OfTeamOrAgency(TenantModel):
    """What belongs to one paper: of a team, of an agency as a whole, or of the state."""

    reach = Reach.TEAM

    team = TenantForeignKey(Team, null=True, related_name="+")
    agency = TenantForeignKey(Agency, null=True, related_name="+")

    class Meta:
        abstract = True

    @classmethod
    def reach_filter(cls, actor: Actor) -> Q:
        of_team = super().reach_filter(actor)
        if BREADTH[actor.role] not in (Breadth.AGENCY, Breadth.ASSIGNED):
            return of_team
        return of_team | Q(agency__in=actor.seen_agency_ids)


class StoredFile(OfTeamOrAgency):
    """Bytes kept under the data directory as state/sha256, never shared across states."""

    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    content_type = models.CharField(max_length=80)
    stored_at = models.DateTimeField(default=timezone.now)

    objects = FileQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["state", "team", "agency", "sha256"],
                nulls_distinct=False,
                name="a_file_is_stored_once_for_a_team",
            )
        ]

    @property
    def path(self) -> str:
        return f"{self.state_id}/{self.sha256[:2]}/{self.sha256}"


def reached(actor: Actor, resource: Resource) -> Q:
    """`permissions.covers` for the right to view, as a condition on rows that name a team, an agency, or neither."""
    match scope_of(actor.role, "view", resource):
        case Scope.STATE | Scope.PLATFORM:
            return Q()
        case Scope.AGENCY:
            own = Q(agency__in=actor.agency_ids) | Q(partners__agency__in=actor.agency_ids)
            teams = Q(team__in=Team.objects.filter(own).values("pk")) | Q(team__in=actor.team_ids)
            return teams | Q(agency__in=actor.agency_ids)
        case Scope.TEAM:
            return Q(team__in=actor.team_ids)
        case Scope.ASSIGNED:
            teams = Q(team__in=actor.assigned_team_ids)  # holds the teams of assigned agencies as well
            return teams | Q(agency__in=actor.assigned_agency_ids)
    return Q(pk__in=[])


class ReportQuerySet(TenantQuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """Paper is seen by those who may see generated files there, and what the paper is about."""
        return self.visible_among(kinds.registered().values(), actor)

    def visible_among(self, among: Iterable[kinds.ReportKind], actor: Actor) -> Self:
        seen = Q(pk__in=[])
        for (resource, subjects), keys in kinds.alike(among).items():
            if scope_of(actor.role, "view", resource):
                open_to = Q(subject_id__in=subjects(actor).values("pk"))
                seen |= Q(kind__in=keys) & reached(actor, resource) & open_to
        return super().visible_to(actor).filter(reached(actor, Resource.GENERATED_FILE), seen)

    def claimable(self) -> Self:
        """Waiting, or being made under a lease that has run out. The database's clock decides."""
        return self.filter(
            Q(status=ReportRequest.Status.QUEUED)
            | Q(status=ReportRequest.Status.RENDERING, lease_until__lt=Now())
        )

    def same(self, kind: str, subject_id: int, content_hash: str) -> Self:
        """Those that say the same: ready, or on their way."""
        return self.filter(kind=kind, subject_id=subject_id, content_hash=content_hash).exclude(
            status=ReportRequest.Status.FAILED
        )


class ReportRequest(OfTeamOrAgency):
    """One piece of paper somebody asked for: what, of which record, in which life stage, and its file."""

    class Status(models.TextChoices):
        QUEUED = "queued", "Waiting"
        RENDERING = "rendering", "Being made"
        READY = "ready", "Ready"
        FAILED = "failed", "Failed"

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    title = models.CharField(max_length=200)
    file_name = models.CharField(max_length=160)
    content_hash = models.CharField(max_length=64)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.QUEUED)
    requested_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    membership = TenantForeignKey(Membership, null=True, related_name="+")
    requested_at = models.DateTimeField(default=timezone.now)
    tries = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    lease_token = models.UUIDField(null=True)
    finished_at = models.DateTimeField(null=True)
    failure = models.TextField(blank=True)
    file = TenantForeignKey(StoredFile, null=True, related_name="+")

    objects = ReportQuerySet.as_manager()

    class Meta:
        ordering = ("-requested_at", "-id")
        constraints = [
            models.UniqueConstraint(fields=["state", "public_id"], name="report_ids_are_unique_in_a_state"),
            models.CheckConstraint(
                condition=Q(status="ready", file__isnull=False) | (~Q(status="ready") & Q(file__isnull=True)),
                name="only_a_ready_report_has_its_file",
            ),
            models.CheckConstraint(
                condition=~Q(status="failed") | ~Q(failure=""), name="a_failed_report_says_why"
            ),
            models.CheckConstraint(
                condition=Q(team=None) | Q(agency=None), name="a_report_is_of_a_team_or_of_an_agency"
            ),
        ]
        indexes = [
            models.Index(fields=["state", "team", "-requested_at"], name="reports_of_a_team"),
            models.Index(fields=["state", "status", "lease_until"], name="reports_to_sweep"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def reference(self) -> str:
        """What a person reads out on the phone; the worker's log names it too."""
        return str(self.public_id)[:8]

    @property
    def is_open(self) -> bool:
        return self.status in (self.Status.QUEUED, self.Status.RENDERING)

    @property
    def place(self) -> Place:
        own = frozenset({self.requested_by_id}) if self.requested_by_id else frozenset()
        whole = frozenset({self.agency_id}) if self.agency_id else frozenset()
        agencies = self.team.agency_ids if self.team else whole
        return Place(self.state_id, agencies, self.team_id, own)

    @property
    def about(self) -> str:
        """Whose record it is, in words."""
        return str((self.team or self.agency or self.state).name)


class Download(OfTeamOrAgency):
    """Who took a file, and when. Each download is logged."""

    report = TenantForeignKey(ReportRequest, related_name="downloads")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    objects = DownloadQuerySet.as_manager()
