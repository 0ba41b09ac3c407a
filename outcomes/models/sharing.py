"""Sharing in full: the signed agreement, what each agency answered, and the figures told under it.

Nobody sees them but agencies that gave their own, and those only while the agreement is in force.
Source: trust reference 2.4, T-peer-exact.
"""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from agencies.models import Agency, Person, Team
from agencies.permissions import Actor, Place
from agencies.tenancy import BREADTH, Breadth, Reach, TenantForeignKey, TenantModel, TenantQuerySet
from outcomes.models.fields import QuarterField
from outcomes.models.publications import Publication


class SharingAgreementQuerySet(TenantQuerySet):
    def in_force(self, today: date) -> Self:
        return self.filter(ended_at=None, starts_on__lte=today, ends_on__gte=today)

    def to_come(self, today: date) -> Self:
        """In force, or will be."""
        return self.filter(ended_at=None, ends_on__gte=today)


class SharingAgreement(TenantModel):
    """The paper all sign. It holds for whole quarters from `from_quarter` on, which had not opened when it came."""

    reach = Reach.SHARED

    title = models.CharField(max_length=160)
    signed_on = models.DateField()
    starts_on = models.DateField()
    ends_on = models.DateField()
    from_quarter = QuarterField()
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    recorded_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)  # before its last day

    objects = SharingAgreementQuerySet.as_manager()

    class Meta:
        ordering = ("-starts_on", "-pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on")), name="an_agreement_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def path(self) -> str:
        return f"{self.state_id}/{self.sha256[:2]}/{self.sha256}"

    def is_in_force(self, today: date) -> bool:
        return self.ended_at is None and self.starts_on <= today <= self.ends_on


class AgreementAnswer(TenantModel):
    """One agency's answer, given by its leader. Agencies see each other's: who gives, and who does not."""

    reach = Reach.SHARED

    class Status(models.TextChoices):
        WAITING = "waiting", "Has not answered"
        ACCEPTED = "accepted", "Shares in full"
        REFUSED = "refused", "Does not share in full"

    agreement = TenantForeignKey(SharingAgreement, related_name="answers")
    agency = TenantForeignKey(Agency, related_name="+")
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.WAITING)
    answered_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = TenantQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "agency"], name="an_agency_answers_an_agreement_once"
            ),
            models.CheckConstraint(
                condition=Q(status="waiting", answered_at=None, answered_by=None)
                | Q(~Q(status="waiting"), answered_at__isnull=False, answered_by__isnull=False),
                name="who_answered_an_agreement_is_known",
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_status_display())

    @classmethod
    def reach_filter(cls, actor: Actor) -> Q:
        return Q() if BREADTH[actor.role] in (Breadth.STATE, Breadth.AGENCY) else Q(pk__in=[])

    @property
    def place(self) -> Place:
        return Place(self.state_id, frozenset({self.agency_id}))


class FigureInFull(TenantModel):
    """An exact number of one team, as agencies of the circle read it. Names as on the day of the publication."""

    reach = Reach.AGENCY

    agreement = TenantForeignKey(SharingAgreement, related_name="+")
    publication = TenantForeignKey(Publication, related_name="in_full")
    agency = TenantForeignKey(Agency, related_name="+")
    team = TenantForeignKey(Team, related_name="+")
    agency_name = models.CharField(max_length=200)
    team_name = models.CharField(max_length=200)
    measure = models.CharField(max_length=30)
    value = models.PositiveIntegerField()

    objects = TenantQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(
                fields=["publication", "team", "measure"], name="a_figure_is_told_in_full_once"
            ),
        ]

    @classmethod
    def reach_filter(cls, actor: Actor) -> Q:
        """Of agencies that still give, to those that gave in the same quarter and still do. The leads see all."""
        breadth = BREADTH[actor.role]
        if breadth is Breadth.STATE:
            return Q()
        if breadth is not Breadth.AGENCY:
            return Q(pk__in=[])
        giving = AgreementAnswer.objects.filter(
            agreement=OuterRef("agreement"), status=AgreementAnswer.Status.ACCEPTED
        )
        return (
            Q(Exists(giving.filter(agency__in=actor.agency_ids)))
            & Q(Exists(giving.filter(agency=OuterRef("agency"))))
            & Q(publication__circle__overlap=sorted(actor.agency_ids))
        )
