"""Keys with which a program acts for one person under one membership."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from agencies.models.people import ROLES, Membership, Person
from agencies.permissions import Actor, Place, Resource, Scope, scope_of
from agencies.tenancy import Reach, TenantForeignKey, TenantModel, TenantQuerySet


class ApiTokenQuerySet(TenantQuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """One's own; all of the state for whom the table says so."""
        rows = self.in_state(actor.state_id)
        match scope_of(actor.role, "view", Resource.API_TOKEN):
            case Scope.STATE:
                return rows
            case Scope.OWN:
                return rows.filter(person_id=actor.person_id)
        return rows.none()

    def working_on(self, day: date) -> Self:
        return self.filter(revoked_at=None, expires_on__gt=day)


class ApiToken(TenantModel):
    """Only the hash of the secret is kept; `prefix` is its beginning, by which a person knows it again."""

    reach = Reach.PERSON

    class Scope(models.TextChoices):
        READ = "read", "Read only"
        WRITE = "write", "Read and write"

    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    membership = TenantForeignKey(Membership, related_name="+")
    role = models.CharField(max_length=2, choices=ROLES)  # a token ends when its owner gets another role
    name = models.CharField(max_length=80)
    prefix = models.CharField(max_length=12)
    sha256 = models.CharField(max_length=64)
    scope = models.CharField(max_length=5, choices=Scope.choices, default=Scope.READ)
    created_at = models.DateTimeField(default=timezone.now)
    expires_on = models.DateField()
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at", "-id")
        constraints = [
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True, revoked_by__isnull=True)
                | Q(revoked_at__isnull=False, revoked_by__isnull=False),
                name="revoked_at_with_revoked_by",
            )
        ]
        indexes = [models.Index(fields=["sha256"], name="tokens_by_hash")]

    def __str__(self) -> str:
        return self.name

    def status_on(self, day: date) -> str:
        """working, revoked or expired. Whether the role behind it lasts is the membership's to say."""
        if self.revoked_at:
            return "revoked"
        return "expired" if self.expires_on <= day else "working"

    @property
    def place(self) -> Place:
        return Place(self.state_id, people=frozenset({self.person_id}))
