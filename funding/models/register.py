"""The register of funding sources of a state: who gives which money, from when to when, and whom to ask."""

from uuid import uuid4

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from agencies.models import Person
from agencies.permissions import Actor, Place, Resource, Scope, scope_of
from agencies.tenancy import Reach, TenantModel, TenantQuerySet
from funding.models.keeping import NAMES_ITS_KEEPER, Kept
from funding.models.plans import PlanColumn

PURPOSE = 2000


def register_of(state_id: int) -> Place:
    """Where the register as a whole lies: with no agency and no department."""
    return Place(state_id, desks=frozenset())


class FundingSource(Kept, TenantModel):
    """One that is taken off the register stays, with the plans that name it, and comes back as it was.

    Without a last day no end is known; without an amount nobody has said how much it is, which is not nothing.
    """

    reach = Reach.SHARED

    class Kind(models.TextChoices):
        """Source: domain reference 4.2."""

        GRANT = "grant", "Grant"
        APPROPRIATION = "appropriation", "Appropriation"
        CONTRACT = "contract", "Contract"
        LEVY = "levy", "Levy, bond or tax"
        DONATION = "donation", "Donation"
        OTHER = "other", "Other"

    public_id = models.UUIDField(default=uuid4, unique=True, editable=False)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    payer = models.CharField(max_length=20, choices=PlanColumn.Group.choices)
    given_by = models.CharField("who gives it", max_length=160, blank=True)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    amount = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    purpose = models.TextField("what it may pay for", max_length=PURPOSE, blank=True)
    contact_name = models.CharField(max_length=120, blank=True)
    contact_email = models.EmailField(blank=True)
    contact_phone = models.CharField(max_length=40, blank=True)
    citation = models.CharField("award number or citation", max_length=200, blank=True)
    evidence_url = models.URLField("where it is written", max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1)
    added_at = models.DateTimeField(default=timezone.now)
    added_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    saved_at = models.DateTimeField(default=timezone.now)
    saved_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    removed_at = models.DateTimeField(null=True, blank=True)
    removed_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")

    objects = TenantQuerySet.as_manager()

    class Meta:
        ordering = ("name", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["state", "name"],
                condition=Q(removed_at=None),
                name="a_funding_source_stands_once_in_the_register",
            ),
            models.CheckConstraint(condition=~Q(name=""), name="a_funding_source_has_a_name"),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(starts_on=None) | Q(ends_on__gte=F("starts_on")),
                name="a_funding_source_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=Q(amount=None) | Q(amount__gte=0),
                name="a_funding_source_is_never_less_than_nothing",
            ),
            models.CheckConstraint(condition=NAMES_ITS_KEEPER, name="a_funding_source_names_its_keeper"),
            models.CheckConstraint(
                condition=Q(removed_at=None, removed_by=None)
                | Q(removed_at__isnull=False, removed_by__isnull=False),
                name="a_funding_source_is_taken_off_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def place(self) -> Place:
        return Place(self.state_id, desks=self.desks)

    @classmethod
    def reach_filter(cls, actor: Actor) -> Q:
        """The register is the state's: who sees the plans of the own agency only does not read it."""
        whole = scope_of(actor.role, "view", Resource.FUNDING_PLAN) is Scope.STATE
        return Q() if whole else Q(pk__in=[])
