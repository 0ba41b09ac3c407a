"""A quarter of a whole state: what papers about all its teams together are made of, and what the state says of it."""

from django.db import models

from agencies.models import Person
from agencies.tenancy import Reach, TenantModel, TenantQuerySet
from outcomes.models.fields import QuarterField
from outcomes.models.reports import QuarterlyReport

BRIEF_LIMIT = 4000


class StateQuarterQuerySet(TenantQuerySet):
    def with_figures(self) -> "StateQuarterQuerySet":
        """Those in which at least one team has figures in force."""
        counting = QuarterlyReport.objects.filter(
            state=models.OuterRef("state"), quarter=models.OuterRef("quarter"), in_force__isnull=False
        )
        return self.filter(models.Exists(counting))


class StateQuarter(TenantModel):
    """Made when the quarter opens. `brief` is what the state's leads tell those above them, in their own words.

    `withheld` counts the small figures that would be found out if the quarter were published: it waits until there
    are none.
    """

    reach = Reach.STATE

    quarter = QuarterField()
    brief = models.TextField(max_length=BRIEF_LIMIT, blank=True)
    brief_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    brief_at = models.DateTimeField(null=True, blank=True)
    withheld = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)

    objects = StateQuarterQuerySet.as_manager()

    class Meta:
        ordering = ("-quarter",)
        constraints = [
            models.UniqueConstraint(fields=["state", "quarter"], name="a_state_has_a_quarter_once"),
            models.CheckConstraint(
                condition=models.Q(brief_at=None, brief_by=None)
                | models.Q(brief_at__isnull=False, brief_by__isnull=False),
                name="whoever_wrote_the_brief_is_known",
            ),
        ]

    def __str__(self) -> str:
        return str(self.quarter.months)
