"""The action plan that follows a report, and what people have said and signed about it."""

from datetime import date
from typing import Self
from uuid import uuid4
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from agencies.models import Person, State, Team
from agencies.permissions import Place
from agencies.tenancy import Reach, TenantForeignKey, TenantModel, TenantQuerySet
from fidelity.models.reviews import Review
from fidelity.models.scales import NOTE_LIMIT


class PlanQuerySet(TenantQuerySet):
    def of_their_own(self) -> Self:
        """Without those that go on as a whole in a later plan; see `ActionPlan.goes_on`."""
        rows = PlanRow.objects.filter(plan=OuterRef("pk"))
        own, carried = rows.exclude(status__in=GONE), rows.filter(status=PlanRow.Status.CARRIED)
        return self.filter(Exists(own) | ~Exists(carried))


class ActionPlan(TenantModel):
    """The plan that follows a report."""

    reach = Reach.TEAM

    class Status(models.TextChoices):
        DRAFT = "draft", "Draft"
        ACTIVE = "active", "In use"
        COMPLETED = "completed", "Completed"

    class SignOff(models.TextChoices):
        """Signed by the agency, then approved or returned by whom the state's policy names."""

        UNSIGNED = "unsigned", "Not signed off"
        SIGNED = "signed", "Signed off"
        APPROVED = "approved", "Approved"
        RETURNED = "returned", "Returned"

    review = TenantForeignKey(Review, related_name="plans")
    team = TenantForeignKey(Team, related_name="plans")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAFT)
    sign_off = models.CharField(max_length=10, choices=SignOff.choices, default=SignOff.UNSIGNED)
    author = models.ForeignKey(Person, models.PROTECT, related_name="+")
    due_on = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    updated_at = models.DateTimeField(default=timezone.now)

    objects = PlanQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        constraints = [models.UniqueConstraint(fields=["review"], name="a_review_has_one_plan")]

    @property
    def place(self) -> Place:
        return Place(self.state_id, self.team.agency_ids, self.team_id, frozenset({self.author_id}))

    @property
    def goes_on(self) -> bool:
        """A later review planned every step that was left, so this plan asks nobody for anything."""
        return {row.status for row in self.rows.all()} - {PlanRow.Status.DROPPED} == {PlanRow.Status.CARRIED}


class PlanRow(TenantModel):
    """One item of a plan: what will be done, by whom, until when, and how far it is.

    An item that is rated low again goes on in the next plan: its row here is carried, and the new one says since when.
    """

    reach = Reach.TEAM
    named_with = ("team",)

    class Status(models.TextChoices):
        NOT_STARTED = "not_started", "Not started"
        IN_PROGRESS = "in_progress", "In progress"
        DONE = "done", "Done"
        DROPPED = "dropped", "Dropped"
        CARRIED = "carried", "Goes on in the next plan"

    plan = TenantForeignKey(ActionPlan, related_name="rows")
    team = TenantForeignKey(Team, related_name="+")
    item_code = models.CharField(max_length=10)
    position = models.PositiveSmallIntegerField(default=0)
    rating = models.PositiveSmallIntegerField()
    goal = models.PositiveSmallIntegerField()
    steps = models.TextField(max_length=NOTE_LIMIT, blank=True)  # one step a line
    first_step = models.CharField(max_length=500, blank=True)
    evidence = models.CharField(max_length=500, blank=True)  # what will show that it is done
    responsible = models.CharField(max_length=200, blank=True)
    target_on = models.DateField(null=True, blank=True)
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.NOT_STARTED)
    note = models.TextField(max_length=NOTE_LIMIT, blank=True)
    done_on = models.DateField(null=True, blank=True)
    planned_since = models.DateField(null=True, blank=True)  # of an item that was planned before
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

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    def is_overdue(self, today: date) -> bool:
        return bool(self.is_open and self.target_on and self.target_on < today)


OPEN = (PlanRow.Status.NOT_STARTED, PlanRow.Status.IN_PROGRESS)
GONE = (PlanRow.Status.DROPPED, PlanRow.Status.CARRIED)  # no longer of this plan


class PlanEntry(TenantModel):
    """What somebody has said about a step, or signed for the whole plan: kept as it was written, in their own name."""

    reach = Reach.TEAM
    named_with = ("team",)

    class Kind(models.TextChoices):
        PROGRESS = "progress", "Progress"
        COMMENT = "comment", "Comment"
        HELP = "help", "Visit or call of a trainer"
        SIGNED = "signed", "Signed off"
        APPROVED = "approved", "Approved"
        RETURNED = "returned", "Returned"

    plan = TenantForeignKey(ActionPlan, related_name="entries")
    row = TenantForeignKey(PlanRow, related_name="entries", null=True, blank=True)
    team = TenantForeignKey(Team, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    text = models.TextField(max_length=NOTE_LIMIT, blank=True)
    written_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    written_at = models.DateTimeField(default=timezone.now)
    form_key = models.UUIDField(default=uuid4)  # of the form that wrote it

    objects = TenantQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint(fields=["plan", "form_key"], name="a_form_writes_an_entry_once"),
            models.CheckConstraint(
                condition=Q(row=None, kind__in=["signed", "approved", "returned"])
                | Q(row__isnull=False, kind__in=["progress", "comment", "help"]),
                name="steps_are_talked_about_and_plans_signed",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["signed", "approved"]) | ~Q(text=""),
                name="who_says_something_uses_words",
            ),
        ]

    def written_on(self, state: State) -> date:
        return self.written_at.astimezone(ZoneInfo(state.zone)).date()

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.written_by}, {self.written_at:%B %-d, %Y}"
