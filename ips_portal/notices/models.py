"""Messages on their way to one person each. The row is the record, the worker delivers it."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from agencies.models import Person
from agencies.tenancy import Reach, TenantModel, TenantQuerySet


class MessageQuerySet(TenantQuerySet):
    def due(self, now: datetime) -> Self:
        return self.filter(status=Message.Status.WAITING, next_try_at__lte=now)


class Message(TenantModel):
    """One mail of one notice to one address. `key` keeps the same event from being told twice."""

    reach = Reach.STATE

    class Status(models.TextChoices):
        WAITING = "waiting", "Waiting"
        SENT = "sent", "Sent"
        FAILED = "failed", "Failed"

    notice = models.CharField(max_length=40)
    key = models.CharField(max_length=120)
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    address = models.EmailField(max_length=254)
    subject = models.CharField(max_length=200)
    body = models.TextField()
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)
    next_try_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True)
    failure = models.TextField(blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at", "-id")
        constraints = [
            models.UniqueConstraint(fields=["state", "key", "address"], name="nothing_is_told_twice"),
            models.CheckConstraint(
                condition=~Q(status="sent") | Q(sent_at__isnull=False), name="a_sent_message_has_its_time"
            ),
        ]
