"""What the reviewers of one review prepare together and count on its visit."""

from typing import Self

from django.db import models
from django.utils import timezone

from agencies.models import Person, Team
from agencies.permissions import Actor, Resource, Scope, scope_of
from agencies.tenancy import Reach, TenantForeignKey, TenantModel, TenantQuerySet
from fidelity.models.reviews import Review, Reviewer
from fidelity.visits import VisitValues

VISIT_PARTS = ("agenda", "asked", "wanted_on", "people", "tally", "numbers")


class VisitQuerySet(TenantQuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """For the reviewers, and for who reads every draft; never for whom it is about."""
        rows = super().visible_to(actor)
        scope = scope_of(actor.role, "view", Resource.DRAFT_REPORT)
        if scope is Scope.STATE:
            return rows
        own = Reviewer.objects.in_state(actor.state_id).filter(person_id=actor.person_id)
        return rows.filter(review__in=own.values("review_id")) if scope else rows.none()


class Visit(TenantModel):
    """Agenda, data request and tallies: the common work of the pair, so both read and write it.

    Blind are the ratings and their notes. Nothing here is one, and nothing here is worked out from one: of a review
    only counts and papers are kept. `version` counts saves, so that two windows cannot collide.
    """

    reach = Reach.TEAM

    review = TenantForeignKey(Review, related_name="visits")
    team = TenantForeignKey(Team, related_name="+")
    agenda = models.JSONField(default=list, blank=True)
    asked = models.JSONField(default=list, blank=True)
    wanted_on = models.DateField(null=True, blank=True)
    people = models.JSONField(default=dict, blank=True)
    tally = models.JSONField(default=dict, blank=True)
    numbers = models.JSONField(default=dict, blank=True)
    saved_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    saved_at = models.DateTimeField(default=timezone.now)
    version = models.PositiveIntegerField(default=1)

    objects = VisitQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["review"], name="a_review_has_one_visit")]

    @property
    def values(self) -> VisitValues:
        kept = {part: getattr(self, part) for part in VISIT_PARTS}
        return VisitValues.read(kept | {"wanted_on": self.wanted_on and self.wanted_on.isoformat()})

    def put(self, values: VisitValues) -> None:
        for part, kept in values.as_json().items():
            setattr(self, part, values.wanted_on if part == "wanted_on" else kept)
