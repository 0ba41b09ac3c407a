"""Agencies, their teams, and the payers that contract them. They end by date and are never deleted."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Q

from agencies.permissions import Actor, Place
from agencies.tenancy import (
    BREADTH,
    Breadth,
    Reach,
    TenantForeignKey,
    TenantModel,
    TenantQuerySet,
    among,
)

SEES_ALL_NAMES = (Breadth.STATE, Breadth.NAMES)


class OpenQuerySet(TenantQuerySet):
    def open_on(self, day: date) -> Self:
        return self.filter(Q(ended_on=None) | Q(ended_on__gt=day))

    def search(self, text: str) -> Self:
        return self.filter(name__icontains=text) if text else self


class Agency(TenantModel):
    """An organization that runs IPS teams."""

    reach = Reach.AGENCY

    slug = models.SlugField(max_length=60)
    name = models.CharField(max_length=160)
    code = models.CharField("state's own code", max_length=40, blank=True)
    city = models.CharField(max_length=80, blank=True)
    region = models.CharField(max_length=80, blank=True)
    website = models.URLField(blank=True)
    contact_name = models.CharField(max_length=120, blank=True)
    contact_email = models.EmailField(blank=True)
    contact_phone = models.CharField(max_length=40, blank=True)
    started_on = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)

    objects = OpenQuerySet.as_manager()

    class Meta:
        ordering = ("name",)
        constraints = [
            models.UniqueConstraint(fields=["state", "slug"], name="agency_slugs_are_unique_in_a_state"),
            models.UniqueConstraint("state", models.functions.Lower("name"), name="agency_names_are_unique"),
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def reach_filter(cls, actor: Actor) -> Q:
        return Q() if BREADTH[actor.role] in SEES_ALL_NAMES else Q(pk__in=actor.seen_agency_ids)

    @property
    def place(self) -> Place:
        return Place(self.state_id, frozenset({self.pk}))


class TeamQuerySet(OpenQuerySet):
    def of(self, agency: Agency) -> Self:
        return self.filter(Q(agency=agency) | Q(partners__agency=agency)).distinct()


class Team(TenantModel):
    """The specialists under one supervisor: the unit of fidelity and outcomes. Source: domain reference 1.1."""

    reach = Reach.TEAM

    class Stage(models.TextChoices):
        PREPARING = "preparing", "Preparing"
        IMPLEMENTING = "implementing", "Implementing"
        SUSTAINING = "sustaining", "Sustaining"

    agency = TenantForeignKey(Agency, related_name="teams", verbose_name="lead agency")
    slug = models.SlugField(max_length=60)
    name = models.CharField(max_length=160)
    stage = models.CharField(max_length=20, choices=Stage.choices, default=Stage.PREPARING)
    implementation_started_on = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)

    objects = TeamQuerySet.as_manager()

    class Meta:
        ordering = ("name",)
        constraints = [
            models.UniqueConstraint(fields=["state", "slug"], name="team_slugs_are_unique_in_a_state"),
            models.UniqueConstraint(
                "state", "agency", models.functions.Lower("name"), name="team_names_are_unique_in_an_agency"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def reach_filter(cls, actor: Actor) -> Q:
        return Q() if BREADTH[actor.role] in SEES_ALL_NAMES else among("pk", actor.seen_team_ids)

    @property
    def agency_ids(self) -> frozenset[int]:
        """The lead agency and the partners (one query, unless prefetched)."""
        return frozenset({self.agency_id, *(partner.agency_id for partner in self.partners.all())})

    @property
    def place(self) -> Place:
        return Place(self.state_id, self.agency_ids, self.pk)


class TeamPartner(TenantModel):
    """An agency that runs a team together with the lead agency."""

    reach = Reach.TEAM

    team = TenantForeignKey(Team, related_name="partners")
    agency = TenantForeignKey(Agency, related_name="partner_teams")

    objects = TenantQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team", "agency"], name="an_agency_partners_once")]


class TeamPopulation(TenantModel):
    reach = Reach.TEAM

    team = TenantForeignKey(Team, related_name="populations")
    population = TenantForeignKey("agencies.Population", related_name="+")

    objects = TenantQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team", "population"], name="a_population_once")]


class Payer(TenantModel):
    """A body that pays for or approves IPS in the state, such as a managed care organization."""

    reach = Reach.SHARED

    name = models.CharField(max_length=160)
    kind = models.CharField(max_length=80, blank=True)

    objects = TenantQuerySet.as_manager()

    class Meta:
        ordering = ("name",)
        constraints = [
            models.UniqueConstraint("state", models.functions.Lower("name"), name="payer_names_are_unique")
        ]

    def __str__(self) -> str:
        return self.name


class PayerContract(TenantModel):
    """Opens an agency and its teams to the payer's people while it lasts."""

    reach = Reach.AGENCY

    payer = TenantForeignKey(Payer, related_name="contracts")
    agency = TenantForeignKey(Agency, related_name="contracts")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    objects = TenantQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=models.F("starts_on")),
                name="contract_ends_after_it_starts",
            )
        ]

    @classmethod
    def reach_filter(cls, actor: Actor) -> Q:
        """Those of one's own agency, or those that open agencies to oneself; not those of partner agencies."""
        if BREADTH[actor.role] is Breadth.STATE:
            return Q()
        return Q(agency_id__in=actor.agency_ids | actor.assigned_agency_ids)
