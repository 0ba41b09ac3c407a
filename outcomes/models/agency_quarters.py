"""What a whole agency says of a quarter: the people it served, in IPS or not, and how many of them worked."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from agencies.models import Agency, Person
from agencies.permissions import Actor, Place
from agencies.tenancy import BREADTH, Breadth, Reach, TenantForeignKey, TenantModel, TenantQuerySet
from outcomes.census import KEYS
from outcomes.figures import Figure, Figures
from outcomes.models.fields import QuarterField


class AgencyQuarter(TenantModel):
    """One row for an agency and a quarter, beside the reports of its teams.

    In a team's report an agency of three teams would enter it three times, and a sum over teams would count it three
    times. It is nobody's to accept, so it has no status of its own: it is saved, its history is kept, and it is final
    once the reports of its teams are. Source: domain reference 3.2, agency level.
    """

    reach = Reach.AGENCY

    agency = TenantForeignKey(Agency, related_name="+")
    quarter = QuarterField()
    agency_adults_served = models.PositiveIntegerField(null=True, blank=True)
    agency_adults_employed = models.PositiveIntegerField(null=True, blank=True)
    absent = models.JSONField(default=dict, blank=True)  # measure -> why it was not collected
    saved_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    saved_at = models.DateTimeField(default=timezone.now)
    version = models.PositiveIntegerField(default=1)

    objects = TenantQuerySet.as_manager()

    class Meta:
        ordering = ("-quarter", "agency__name")
        constraints = [
            models.UniqueConstraint(fields=["agency", "quarter"], name="an_agency_has_a_quarter_once"),
            models.CheckConstraint(
                condition=Q(agency_adults_employed=None)
                | Q(agency_adults_served=None)
                | Q(agency_adults_employed__lte=F("agency_adults_served")),
                name="no_more_of_an_agency_work_than_it_serves",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency}, {self.quarter.months}"

    @classmethod
    def reach_filter(cls, actor: Actor) -> Q:
        return Q() if BREADTH[actor.role] is Breadth.STATE else Q(agency_id__in=actor.agency_ids)

    @property
    def place(self) -> Place:
        return Place(self.state_id, frozenset({self.agency_id}))

    @property
    def figures(self) -> Figures:
        return Figures({key: Figure(getattr(self, key), self.absent.get(key, "")) for key in KEYS})
