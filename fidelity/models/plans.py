"""The action plan that follows a report."""

from datetime import date

from django.db import models
from django.db.models import Q
from django.utils import timezone

from agencies.models import Person, Team
from agencies.permissions import Place
from agencies.tenancy import Reach, TenantForeignKey, TenantModel, TenantQuerySet
from fidelity.models.reviews import Review
from fidelity.models.scales import NOTE_LIMIT


class ActionPlan(TenantModel):
    """The plan that follows a report."""

    reach = Reach.TEAM

    class Status(models.TextChoices):
        DRAFT = "draft", "Draft"
        ACTIVE = "active", "In use"
        COMPLETED = "completed", "Completed"

    review = TenantForeignKey(Review, related_name="plans")
    team = TenantForeignKey(Team, related_name="plans")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAFT)
    author = models.ForeignKey(Person, models.PROTECT, related_name="+")
    due_on = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    updated_at = models.DateTimeField(default=timezone.now)

    objects = TenantQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        constraints = [models.UniqueConstraint(fields=["review"], name="a_review_has_one_plan")]

    @property
    def place(self) -> Place:
        return Place(self.state_id, self.team.agency_ids, self.team_id, frozenset({self.author_id}))


class PlanRow(TenantModel):
    """One item of a plan: what will be done, by whom, until when, and how far it is."""

    reach = Reach.TEAM
    named_with = ("team",)

    class Status(models.TextChoices):
        NOT_STARTED = "not_started", "Not started"
        IN_PROGRESS = "in_progress", "In progress"
        DONE = "done", "Done"
        DROPPED = "dropped", "Dropped"

    plan = TenantForeignKey(ActionPlan, related_name="rows")
    team = TenantForeignKey(Team, related_name="+")
    item_code = models.CharField(max_length=10)
    position = models.PositiveSmallIntegerField(default=0)
    rating = models.PositiveSmallIntegerField()
    goal = models.PositiveSmallIntegerField()
    steps = models.TextField(max_length=NOTE_LIMIT, blank=True)  # one step a line
    responsible = models.CharField(max_length=200, blank=True)
    target_on = models.DateField(null=True, blank=True)
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.NOT_STARTED)
    note = models.TextField(max_length=NOTE_LIMIT, blank=True)
    done_on = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = TenantQuerySet.as_manager()

    class Meta:
        ordering = ("position", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "item_code"], condition=~Q(status="dropped"), name="an_item_is_planned_once"
            ),
            models.CheckConstraint(condition=Q(goal__gte=1, goal__lte=5), name="a_goal_is_from_1_to_5"),
            models.CheckConstraint(
                condition=~Q(status="done") | Q(done_on__isnull=False), name="a_done_row_has_its_date"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item_code}, {self.team}"

    def is_overdue(self, today: date) -> bool:
        open_row = self.status in (self.Status.NOT_STARTED, self.Status.IN_PROGRESS)
        return bool(open_row and self.target_on and self.target_on < today)
