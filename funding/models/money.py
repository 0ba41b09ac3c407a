"""What a payer pays, for what and since when: schedules with their payments. No claim and no payment of anybody."""

from uuid import uuid4

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from agencies.models import Person
from agencies.permissions import Actor, Place
from agencies.tenancy import Reach, TenantForeignKey, TenantModel, TenantQuerySet
from funding.models.keeping import NAMES_ITS_KEEPER, Kept
from funding.models.plans import WORDS, PlanColumn
from funding.models.register import FundingSource
from funding.money import TRIGGERS, Trigger

SOURCE = 300
DAYS = Trigger.DAYS_WORKED.value
TRIGGER_CHOICES = [(each.value, words) for each, words in TRIGGERS.items()]


class PaymentSchedule(Kept, TenantModel):
    """One version of it, in force from a day until the next version or its own last day. Older ones stay.

    Payer and name are the same for all versions, and so is who keeps it. It is read by whoever reads the register.
    """

    reach = Reach.SHARED

    public_id = models.UUIDField(default=uuid4, unique=True, editable=False)
    payer = models.CharField(max_length=20, choices=PlanColumn.Group.choices)
    name = models.CharField(max_length=120)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    source = models.CharField("where it is written", max_length=SOURCE, blank=True)
    version = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField(default=timezone.now)
    saved_by = models.ForeignKey(Person, models.PROTECT, related_name="+")

    objects = TenantQuerySet.as_manager()

    class Meta:
        ordering = ("payer", "name", "-starts_on")
        constraints = [
            models.UniqueConstraint(
                fields=["state", "payer", "name", "starts_on"],
                name="a_schedule_has_one_version_from_a_day",
            ),
            models.CheckConstraint(condition=~Q(name=""), name="a_payment_schedule_has_a_name"),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="a_payment_schedule_ends_after_it_starts",
            ),
            models.CheckConstraint(condition=NAMES_ITS_KEEPER, name="a_payment_schedule_names_its_keeper"),
        ]

    def __str__(self) -> str:
        return f"{self.name}, from {self.starts_on:%B %-d, %Y}"

    @property
    def place(self) -> Place:
        return Place(self.state_id, desks=self.desks)

    @classmethod
    def reach_filter(cls, actor: Actor) -> Q:
        return FundingSource.reach_filter(actor)


class SchedulePayment(TenantModel):
    """One payment of a schedule, in the order they are written."""

    reach = Reach.SHARED

    schedule = TenantForeignKey(PaymentSchedule, related_name="payments")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=120)
    trigger = models.CharField("paid for", max_length=20, choices=TRIGGER_CHOICES)
    days = models.PositiveSmallIntegerField("days worked", null=True, blank=True)
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    repeatable = models.BooleanField("paid again for the same person", default=False)
    requires = TenantForeignKey("self", null=True, blank=True, related_name="required_by")
    pays_only_if = models.CharField(max_length=WORDS, blank=True)

    objects = TenantQuerySet.as_manager()

    class Meta:
        ordering = ("position", "pk")
        constraints = [
            models.UniqueConstraint(fields=["schedule", "name"], name="a_payment_stands_once_in_a_schedule"),
            models.CheckConstraint(condition=~Q(name=""), name="a_payment_has_a_name"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="a_payment_is_never_less_than_nothing"),
            models.CheckConstraint(
                condition=Q(requires=None) | ~Q(requires=F("id")), name="a_payment_does_not_require_itself"
            ),
            models.CheckConstraint(
                condition=Q(trigger=DAYS, days__isnull=False, days__gte=1) | ~Q(trigger=DAYS) & Q(days=None),
                name="days_worked_are_counted_and_nothing_else",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def reach_filter(cls, actor: Actor) -> Q:
        return FundingSource.reach_filter(actor)

    @property
    def place(self) -> Place:
        place: Place = self.schedule.place
        return place
