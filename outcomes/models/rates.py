"""A state's rates of a quarter, worked out when figures are accepted. Derived: may be deleted and made anew."""

from django.db import models

from agencies.tenancy import Reach, TenantModel, TenantQuerySet
from outcomes.models.fields import QuarterField


class StateRate(TenantModel):
    """One derived measure over all teams in force: the people pooled, and how the teams lie.

    `numerator` and `denominator` leave out teams that did not collect one of the two; `teams` counts the others.
    `largest_share` is the part of the denominator that the largest of the `agencies` brings.
    """

    reach = Reach.STATE

    quarter = QuarterField()
    measure = models.CharField(max_length=30)
    numerator = models.DecimalField(max_digits=14, decimal_places=2)
    denominator = models.DecimalField(max_digits=14, decimal_places=2)
    mean = models.DecimalField(max_digits=12, decimal_places=6)
    lower_quartile = models.DecimalField(max_digits=12, decimal_places=6)
    median = models.DecimalField(max_digits=12, decimal_places=6)
    upper_quartile = models.DecimalField(max_digits=12, decimal_places=6)
    teams = models.PositiveIntegerField()
    agencies = models.PositiveIntegerField()
    largest_share = models.DecimalField(max_digits=5, decimal_places=4)

    objects = TenantQuerySet.as_manager()

    class Meta:
        ordering = ("measure", "-quarter")
        constraints = [
            models.UniqueConstraint(fields=["state", "measure", "quarter"], name="a_state_has_a_rate_once"),
            models.CheckConstraint(condition=models.Q(denominator__gt=0), name="nothing_is_divided_by_zero"),
        ]

    def __str__(self) -> str:
        return f"{self.measure}, {self.quarter}"

    @property
    def pooled(self) -> float:
        """The weighted rate: people of all teams together. Source: domain reference 3.4."""
        return float(self.numerator / self.denominator)


class SharedRate(TenantModel):
    """A state's rate as everybody in the state may read it: rounded, and only where no agency can be worked out of it.

    `value` is a part of 1 with two places for a share, else a number with one. It comes with the quarter's publication
    and stays as it is until the next one. Source: trust reference 2.4, T-stakeholder.
    """

    reach = Reach.SHARED

    quarter = QuarterField()
    measure = models.CharField(max_length=30)
    value = models.DecimalField(max_digits=6, decimal_places=2)

    objects = TenantQuerySet.as_manager()

    class Meta:
        ordering = ("measure", "-quarter")
        constraints = [
            models.UniqueConstraint(fields=["state", "measure", "quarter"], name="a_rate_is_shared_once"),
        ]

    def __str__(self) -> str:
        return f"{self.measure}, {self.quarter}"


class NationalRate(TenantModel):
    """The mean of the shared rates of all states that share with each other, as one of them reads it.

    Of at least five states, each with the same weight. Source: trust reference 2.4, T-cross-state. Derived: may be
    deleted and made anew.
    """

    reach = Reach.SHARED

    quarter = QuarterField()
    measure = models.CharField(max_length=30)
    mean = models.DecimalField(max_digits=6, decimal_places=2)
    states = models.PositiveSmallIntegerField()

    objects = TenantQuerySet.as_manager()

    class Meta:
        ordering = ("measure", "-quarter")
        constraints = [
            models.UniqueConstraint(
                fields=["state", "measure", "quarter"], name="a_rate_of_the_nation_is_told_once"
            ),
            models.CheckConstraint(condition=models.Q(states__gte=5), name="a_nation_has_five_states"),
        ]

    def __str__(self) -> str:
        return f"{self.measure}, {self.quarter}"
