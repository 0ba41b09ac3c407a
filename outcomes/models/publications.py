"""What a state has published of a quarter: figures fit for every program of the state, frozen as they were told.

Nothing here changes once it is written: a correction is a new publication. Source: trust reference 2.4.
"""

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from agencies.models import Agency, Team
from agencies.permissions import Actor
from agencies.tenancy import BREADTH, Breadth, Reach, TenantForeignKey, TenantModel, TenantQuerySet
from outcomes.models.fields import QuarterField

PEERS = (Breadth.STATE, Breadth.AGENCY, Breadth.TEAM)  # all others see the state's totals alone


class PublicationQuerySet(TenantQuerySet):
    def now_standing(self) -> Self:
        """Of each quarter the one that stands now, newest quarter first."""
        return self.order_by("-quarter", "-number").distinct("quarter")


class Publication(TenantModel):
    """One telling of one quarter. `made_of` holds the revisions it was made of, each with its agency of that day.

    `circle` holds the agencies that told each other this quarter in full, of `asked` that were asked.
    """

    reach = Reach.SHARED

    quarter = QuarterField()
    number = models.PositiveIntegerField()  # of all publications of the state, in their order
    made_at = models.DateTimeField(default=timezone.now)
    teams = models.PositiveIntegerField()  # with figures in this quarter
    expected = models.PositiveIntegerField()
    rules = models.JSONField(default=dict)
    made_of = models.JSONField(default=list)
    circle = ArrayField(models.BigIntegerField(), default=list, blank=True)
    asked = models.PositiveIntegerField(default=0)

    objects = PublicationQuerySet.as_manager()

    class Meta:
        ordering = ("-number",)
        constraints = [
            models.UniqueConstraint(fields=["state", "number"], name="publications_of_a_state_are_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.quarter}, publication {self.number}"


class PublishedFigure(TenantModel):
    """A number as others read it. `value` is None where it is not shown; the true one stands nowhere in this table.

    Without a team it is an agency's, without an agency the state's; their names stand here because not everybody who
    reads them may open those places. `length` is one quarter, or four that end with that of the publication;
    `percent` is of the people served.
    """

    reach = Reach.SHARED

    publication = TenantForeignKey(Publication, related_name="figures")
    agency = TenantForeignKey(Agency, null=True, blank=True, related_name="+")
    team = TenantForeignKey(Team, null=True, blank=True, related_name="+")
    agency_name = models.CharField(max_length=200, blank=True)
    team_name = models.CharField(max_length=200, blank=True)
    measure = models.CharField(max_length=30)
    length = models.PositiveSmallIntegerField()
    value = models.PositiveIntegerField(null=True, blank=True)
    percent = models.PositiveSmallIntegerField(null=True, blank=True)
    for_stakeholders = models.BooleanField(default=False)

    objects = TenantQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(
                fields=["publication", "agency", "team", "measure", "length"],
                nulls_distinct=False,
                name="a_figure_is_published_once",
            ),
            models.CheckConstraint(
                condition=Q(percent=None) | Q(value__isnull=False), name="a_hidden_figure_has_no_percent"
            ),
            models.CheckConstraint(
                condition=Q(for_stakeholders=False) | Q(team=None, agency=None, value__isnull=False),
                name="stakeholders_see_totals_of_the_state",
            ),
        ]

    @classmethod
    def reach_filter(cls, actor: Actor) -> Q:
        return Q() if BREADTH[actor.role] in PEERS else Q(for_stakeholders=True)


class PublicQuarter(TenantModel):
    """What anybody may read of a quarter, as it was first told and never again. `figures` holds the state's totals of
    four quarters, rounded; where the state has closed the page with this quarter, nothing. Source: trust reference
    2.4, T-public.
    """

    reach = Reach.SHARED

    publication = TenantForeignKey(Publication, related_name="+")
    quarter = QuarterField()
    is_open = models.BooleanField()
    figures = models.JSONField(default=dict, blank=True)

    objects = TenantQuerySet.as_manager()

    class Meta:
        ordering = ("-quarter",)
        constraints = [
            models.UniqueConstraint(fields=["state", "quarter"], name="a_quarter_is_told_to_all_once"),
            models.CheckConstraint(
                condition=Q(is_open=True) | Q(figures={}), name="a_closed_page_says_nothing"
            ),
        ]
