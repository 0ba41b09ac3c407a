"""Scales as dated data, and what a state may print of their official wording."""

from typing import Self

from django.db import models
from django.db.models import Q

from agencies.models import Person, State
from agencies.tenancy import Reach, TenantModel, TenantQuerySet

NOTE_LIMIT = 10_000


class ScaleVersionQuerySet(models.QuerySet["ScaleVersion"]):
    def open_to(self, state_id: int) -> Self:
        """What ships with the portal, and the state's own."""
        return self.filter(Q(state=None) | Q(state=state_id))


class ScaleVersion(models.Model):
    """One edition of a scale: its YAML as data, with its hash. Without a state it is shipped with the portal."""

    state = models.ForeignKey(State, models.PROTECT, null=True, blank=True, related_name="+")
    key = models.CharField(max_length=40)
    name = models.CharField(max_length=160)
    effective_from = models.DateField()
    data = models.JSONField()
    sha256 = models.CharField(max_length=64)
    added_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    added_at = models.DateTimeField(null=True, blank=True)

    objects = ScaleVersionQuerySet.as_manager()

    class Meta:
        ordering = ("key", "effective_from")
        constraints = [
            models.UniqueConstraint(
                fields=["state", "key", "sha256"], nulls_distinct=False, name="a_scale_edition_once"
            )
        ]


class ScaleWording(TenantModel):
    """A state's licensed official text of an anchor. Blank until the state loads what it has permission for."""

    reach = Reach.SHARED

    scale = models.ForeignKey(ScaleVersion, models.PROTECT, related_name="wordings")
    item_code = models.CharField(max_length=10)
    level = models.PositiveSmallIntegerField()
    text = models.TextField(max_length=NOTE_LIMIT)

    objects = TenantQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["state", "scale", "item_code", "level"], name="one_wording_an_anchor"
            )
        ]
