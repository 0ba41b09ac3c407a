"""What a state, or the payer's approver it names, has decided about one team. Source: domain reference 2.2 and 2.6."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from agencies.models import Person, Team
from agencies.permissions import Place
from agencies.tenancy import Reach, TenantForeignKey, TenantModel, TenantQuerySet
from fidelity.models.scales import NOTE_LIMIT


class Decision(TenantModel):
    """A record: person, day and reason. It is never changed; another decision follows it."""

    reach = Reach.TEAM
    named_with = ("team",)

    class Kind(models.TextChoices):
        PLAN_APPROVED = "plan_approved", "The action plan is approved"
        LONGER_INTERVAL = "longer_interval", "The next review may wait longer"
        EARLIER_REVIEW = "earlier_review", "The next review is due earlier"
        RESTRICTION = "restriction", "New referrals are paused"
        SAFETY = "safety", "New referrals are paused for health and safety"
        LIFTING = "lifting", "New referrals are open again"
        CLOSURE = "closure", "Closing the team is recommended"

    team = TenantForeignKey(Team, related_name="decisions")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    decided_on = models.DateField()
    until = models.DateField(null=True, blank=True)
    reason = models.TextField(max_length=NOTE_LIMIT)
    decided_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)
    form_key = models.UUIDField()  # of the form that wrote it

    objects = TenantQuerySet.as_manager()

    class Meta:
        ordering = ("decided_on", "id")
        constraints = [
            models.UniqueConstraint(fields=["team", "form_key"], name="a_form_writes_a_decision_once"),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("decided_on")),
                name="a_decision_ends_after_it_begins",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="a_decision_has_its_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.team}, {self.decided_on:%B %-d, %Y}"

    @property
    def place(self) -> Place:
        team: Team = self.team
        return team.place
