"""The funding plan of a state, a region or an agency: its services, its payers, and what each cell says."""

from dataclasses import replace
from datetime import date
from typing import Self
from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils import timezone

from agencies.models import Agency, Person
from agencies.permissions import Actor, Place, Resource, Scope, scope_of
from agencies.tenancy import Reach, TenantForeignKey, TenantModel, TenantQuerySet
from funding.grid import Status
from funding.models.keeping import NAMES_ITS_KEEPER, Kept
from funding.wording import AUTHORIZATIONS, ENTRIES, METHODS, PRESENCES, STATUSES

WORDS = 500  # of a condition


def sees(actor: Actor, agency: str) -> Q:
    """Plans of the whole state, or those of the own agency; `agency` is the path to a plan's agency."""
    match scope_of(actor.role, "view", Resource.FUNDING_PLAN):
        case Scope.STATE:
            return Q()
        case Scope.AGENCY:
            return Q(**{f"{agency}__in": actor.agency_ids})
    return Q(pk__in=[])


class FundingPlanQuerySet(TenantQuerySet):
    def open(self) -> Self:
        return self.filter(closed_at=None)


class FundingPlan(TenantModel):
    """One for the state, and one more where a region or an agency is paid differently."""

    reach = Reach.SHARED

    public_id = models.UUIDField(default=uuid4, unique=True, editable=False)
    agency = TenantForeignKey(Agency, null=True, blank=True, related_name="+")
    region = models.CharField(max_length=80, blank=True)
    begun_at = models.DateTimeField(default=timezone.now)
    begun_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")

    objects = FundingPlanQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(
                fields=["state", "agency", "region"],
                condition=Q(closed_at=None),
                nulls_distinct=False,
                name="one_open_funding_plan_for_a_place",
            ),
            models.CheckConstraint(
                condition=Q(agency=None) | Q(region=""), name="a_funding_plan_is_of_a_region_or_an_agency"
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, closed_by=None)
                | Q(closed_at__isnull=False, closed_by__isnull=False),
                name="a_funding_plan_is_closed_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"Funding plan of {self.agency or self.region or self.state.name}"

    @property
    def place(self) -> Place:
        """No department keeps the plan as a whole; each keeps its columns."""
        agencies = frozenset({self.agency_id}) if self.agency_id else frozenset()
        return Place(self.state_id, agencies, desks=frozenset())

    @classmethod
    def reach_filter(cls, actor: Actor) -> Q:
        return sees(actor, "agency_id")


class PlanPart(TenantModel):
    """What belongs to one plan and is seen by whoever sees the plan."""

    reach = Reach.SHARED

    class Meta:
        abstract = True

    @classmethod
    def reach_filter(cls, actor: Actor) -> Q:
        return sees(actor, "plan__agency_id")

    @property
    def place(self) -> Place:
        place: Place = self.plan.place  # type: ignore[attr-defined]  # every part names its plan
        return place


class PlanElement(PlanPart):
    """A row. One that is taken out stays with what was said of it, and comes back with that."""

    plan = TenantForeignKey(FundingPlan, related_name="elements")
    phase = models.CharField(max_length=40)
    position = models.PositiveIntegerField()
    name = models.CharField(max_length=160)
    without_person = models.BooleanField("done without the person", default=False)
    starts_up = models.BooleanField("pays for the start of a program", default=False)
    removed_at = models.DateTimeField(null=True, blank=True)

    objects = TenantQuerySet.as_manager()

    class Meta:
        ordering = ("position", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "phase", "name"],
                condition=Q(removed_at=None),
                name="an_element_stands_once_in_a_phase",
            ),
            models.CheckConstraint(condition=~Q(name=""), name="an_element_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name


class PlanColumn(Kept, PlanPart):
    """A payer with one of its sources, and who keeps the column.

    Where its money comes from a funding source of the register, the source says when it ends.
    """

    class Group(models.TextChoices):
        VR = "vr", "Vocational Rehabilitation"
        MEDICAID = "medicaid", "Medicaid"
        STATE = "state", "State general funds"
        OTHER = "other", "Other"

    plan = TenantForeignKey(FundingPlan, related_name="columns")
    payer = models.CharField(max_length=20, choices=Group.choices)
    position = models.PositiveIntegerField()
    name = models.CharField(max_length=80)
    comes_from = TenantForeignKey("funding.FundingSource", null=True, blank=True, related_name="columns")
    ends_on = models.DateField(null=True, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)

    objects = TenantQuerySet.as_manager()

    class Meta:
        ordering = ("position", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "payer", "name"],
                condition=Q(removed_at=None),
                name="a_source_stands_once_under_its_payer",
            ),
            models.CheckConstraint(condition=~Q(name=""), name="a_funding_column_has_a_name"),
            models.CheckConstraint(condition=NAMES_ITS_KEEPER, name="a_funding_column_names_its_keeper"),
            models.CheckConstraint(
                condition=Q(comes_from=None) | Q(ends_on=None),
                name="money_of_a_funding_source_ends_with_it",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def place(self) -> Place:
        """It lies with the department that keeps it."""
        own: Place = self.plan.place
        return replace(own, desks=self.desks)

    @property
    def last_day(self) -> date | None:
        day: date | None = self.comes_from.ends_on if self.comes_from else self.ends_on
        return day


class PlanCell(PlanPart):
    """What one payer says of one service. Where there is no row, nobody has said anything."""

    plan = TenantForeignKey(FundingPlan, related_name="cells")
    element = TenantForeignKey(PlanElement, related_name="cells")
    column = TenantForeignKey(PlanColumn, related_name="cells")
    status = models.CharField(max_length=10, choices=STATUSES, default=Status.UNKNOWN)
    method = models.CharField(max_length=20, choices=METHODS, blank=True)
    condition = models.CharField(max_length=WORDS, blank=True)
    entry = models.CharField("for whom", max_length=20, choices=ENTRIES, blank=True)
    limit_days = models.PositiveSmallIntegerField("days after the job start", null=True, blank=True)
    limit_times = models.PositiveSmallIntegerField("times for one person", null=True, blank=True)
    limit = models.CharField("another limit", max_length=WORDS, blank=True)
    presence = models.CharField("person present", max_length=20, choices=PRESENCES, blank=True)
    authorization = models.CharField(max_length=20, choices=AUTHORIZATIONS, blank=True)
    service_code = models.CharField(max_length=20, blank=True)
    evidence_url = models.URLField("where it is written", max_length=500, blank=True)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    expected_on = models.DateField("expected", null=True, blank=True)
    bridge = TenantForeignKey(PlanColumn, null=True, blank=True, related_name="+")
    checked_on = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField(default=timezone.now)
    saved_by = models.ForeignKey(Person, models.PROTECT, related_name="+")

    objects = TenantQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(fields=["element", "column"], name="a_funding_cell_is_filled_in_once"),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_from=None) | Q(valid_to__gte=models.F("valid_from")),
                name="a_funding_cell_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=Q(status="planned") | Q(expected_on=None, bridge=None),
                name="only_planned_money_is_expected",
            ),
        ]


class CellNote(PlanPart):
    """A comment on a cell, or a question to whoever keeps its column, until it is answered."""

    plan = TenantForeignKey(FundingPlan, related_name="notes")
    element = TenantForeignKey(PlanElement, related_name="notes")
    column = TenantForeignKey(PlanColumn, related_name="notes")
    is_question = models.BooleanField(default=False)
    text = models.TextField(max_length=2000)
    written_at = models.DateTimeField(default=timezone.now)
    written_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    answer = models.TextField(max_length=2000, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    form_key = models.UUIDField()

    objects = TenantQuerySet.as_manager()

    class Meta:
        ordering = ("written_at", "pk")
        constraints = [
            models.UniqueConstraint(fields=["state", "form_key"], name="a_form_adds_a_cell_note_once"),
            models.CheckConstraint(condition=~Q(text=""), name="a_cell_note_says_something"),
            models.CheckConstraint(
                condition=Q(answer="", answered_at=None, answered_by=None)
                | Q(is_question=True, answered_at__isnull=False, answered_by__isnull=False) & ~Q(answer=""),
                name="a_question_on_a_cell_is_answered_by_somebody",
            ),
        ]


class PlanVersion(PlanPart):
    """The plan as it was put forward, with the departments that must sign it. It never changes."""

    plan = TenantForeignKey(FundingPlan, related_name="versions")
    number = models.PositiveIntegerField()
    data = models.JSONField()
    parties = models.JSONField()  # desk -> name
    note = models.CharField(max_length=WORDS, blank=True)
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey(Person, models.PROTECT, related_name="+")

    objects = TenantQuerySet.as_manager()

    class Meta:
        ordering = ("-number",)
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="versions_of_a_funding_plan_are_numbered")
        ]


class PlanSignature(PlanPart):
    """A department's agreement to one version of a plan."""

    plan = TenantForeignKey(FundingPlan, related_name="signatures")
    version = TenantForeignKey(PlanVersion, related_name="signatures")
    desk = models.CharField(max_length=170)
    signed_at = models.DateTimeField(default=timezone.now)
    signed_by = models.ForeignKey(Person, models.PROTECT, related_name="+")

    objects = TenantQuerySet.as_manager()

    class Meta:
        ordering = ("signed_at",)
        constraints = [
            models.UniqueConstraint(fields=["version", "desk"], name="a_department_signs_a_version_once")
        ]
