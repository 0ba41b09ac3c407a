"""People, what ties them to a state, and what opens single records to them."""

from datetime import date, timedelta
from typing import Any, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone

from agencies.models.organizations import Agency, Payer, Team
from agencies.permissions import Actor, Place, Role
from agencies.tenancy import BREADTH, Breadth, Reach, TenantForeignKey, TenantModel, TenantQuerySet

ROLES = [(role.value, role.label) for role in Role]
INVITATION_LIFE = timedelta(days=7)


class PersonManager(BaseUserManager["Person"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "Person":
        person = self.model(email=email.strip().lower(), **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def get_by_natural_key(self, email: str | None) -> "Person":
        return self.get(email__iexact=email)


class Person(AbstractBaseUser):
    """Somebody who signs in. Stands outside row-level security; people are listed only through memberships."""

    email = models.EmailField(max_length=254, unique=True)
    name = models.CharField(max_length=120)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(default=timezone.now)

    objects = PersonManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="one_person_for_each_email")]

    def __str__(self) -> str:
        return self.name or self.email


class MembershipQuerySet(TenantQuerySet):
    def open_on(self, day: date) -> Self:
        return self.filter(Q(ended_on=None) | Q(ended_on__gt=day), person__is_active=True)


class Membership(TenantModel):
    """One person in one role, somewhere in the state."""

    reach = Reach.PERSON
    named_with = ("person",)

    person = models.ForeignKey(Person, models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=2, choices=ROLES)
    agency = TenantForeignKey(Agency, null=True, blank=True, related_name="memberships")
    payer = TenantForeignKey(Payer, null=True, blank=True, related_name="memberships")
    department = models.CharField(max_length=80, blank=True)
    started_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering = ("person__name",)
        constraints = [
            models.CheckConstraint(
                condition=Q(agency__isnull=False) | ~Q(role__in=["AL", "SU", "ES"]),
                name="agency_roles_name_their_agency",
            ),
            models.CheckConstraint(
                condition=Q(payer__isnull=False) | ~Q(role="MC"), name="payers_people_name_their_payer"
            ),
            models.CheckConstraint(
                condition=~Q(department="") | ~Q(role="DL"), name="department_liaisons_name_their_department"
            ),
            models.UniqueConstraint(
                fields=["state", "person", "role", "agency", "payer"],
                condition=Q(ended_on=None),
                nulls_distinct=False,
                name="a_person_holds_a_role_once_in_a_place",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}, {Role(self.role).label}"

    @classmethod
    def reach_filter(cls, actor: Actor) -> Q:
        match BREADTH[actor.role]:
            case Breadth.STATE:
                return Q()
            case Breadth.AGENCY:
                return Q(agency_id__in=actor.agency_ids) | Q(person_id=actor.person_id)
        return Q(person_id=actor.person_id)

    @property
    def role_label(self) -> str:
        return Role(self.role).label

    @property
    def place(self) -> Place:
        agencies = frozenset({self.agency_id}) if self.agency_id else frozenset()
        return Place(self.state_id, agencies, people=frozenset({self.person_id}))


class MembershipTeam(TenantModel):
    """The teams a supervisor leads or a specialist works on."""

    reach = Reach.TEAM

    membership = TenantForeignKey(Membership, related_name="teams")
    team = TenantForeignKey(Team, related_name="memberships")

    objects = TenantQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["membership", "team"], name="a_member_of_a_team_once")]


class Assignment(TenantModel):
    """Opens one team or agency to a membership while it lasts: scope "r" of the permission table."""

    reach = Reach.PERSON

    class Purpose(models.TextChoices):
        REVIEWER = "reviewer", "Reviewer of a fidelity review"
        THIRD_PARTY = "third_party", "Third party"
        FUNDING = "funding", "Funding column"

    membership = TenantForeignKey(Membership, related_name="assignments")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    agency = TenantForeignKey(Agency, null=True, blank=True, related_name="+")
    team = TenantForeignKey(Team, null=True, blank=True, related_name="assignments")
    purpose = models.CharField(max_length=20, choices=Purpose.choices)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    objects = TenantQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(agency__isnull=False) ^ Q(team__isnull=False),
                name="assignment_opens_a_team_or_an_agency",
            )
        ]

    @classmethod
    def reach_filter(cls, actor: Actor) -> Q:
        if BREADTH[actor.role] is Breadth.STATE:
            return Q()
        return Q(person_id=actor.person_id) | Q(team_id__in=actor.seen_team_ids)


class InvitationQuerySet(TenantQuerySet):
    def pending(self) -> Self:
        return self.filter(accepted_at=None, withdrawn_at=None)


class Invitation(TenantModel):
    """A single-use invitation bound to one address, good for seven days. Only the hash of its token is kept."""

    reach = Reach.AGENCY

    email = models.EmailField(max_length=254)
    name = models.CharField(max_length=120)
    role = models.CharField(max_length=2, choices=ROLES)
    agency = TenantForeignKey(Agency, null=True, blank=True, related_name="+")
    team = TenantForeignKey(Team, null=True, blank=True, related_name="+")
    payer = TenantForeignKey(Payer, null=True, blank=True, related_name="+")
    department = models.CharField(max_length=80, blank=True)
    token_sha256 = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    sent_at = models.DateTimeField(default=timezone.now)
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ("-sent_at",)
        constraints = [
            models.UniqueConstraint(
                "state",
                Lower("email"),
                "role",
                "agency",
                "payer",
                condition=Q(accepted_at=None, withdrawn_at=None),
                nulls_distinct=False,
                name="one_pending_invitation_for_a_place",
            )
        ]

    @classmethod
    def reach_filter(cls, actor: Actor) -> Q:
        """Like memberships: a partner agency's people are its own."""
        return Q() if BREADTH[actor.role] is Breadth.STATE else Q(agency_id__in=actor.agency_ids)

    @property
    def expires_at(self) -> Any:
        return self.sent_at + INVITATION_LIFE

    @property
    def is_expired(self) -> bool:
        return bool(timezone.now() >= self.expires_at)

    @property
    def role_label(self) -> str:
        return Role(self.role).label

    @property
    def place(self) -> Place:
        agencies = frozenset({self.agency_id}) if self.agency_id else frozenset()
        return Place(self.state_id, agencies, self.team_id, frozenset({self.invited_by_id}))
