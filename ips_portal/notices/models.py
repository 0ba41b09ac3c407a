"""Messages on their way to one person each. The row is the record, the worker delivers it."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone

from agencies.models import Person
from agencies.permissions import Actor
from agencies.tenancy import BREADTH, Breadth, Reach, TenantModel, TenantQuerySet


class MessageQuerySet(TenantQuerySet):
    def due(self) -> Self:
        """The database's clock decides."""
        return self.filter(status=Message.Status.WAITING, next_try_at__lte=Now())


class Message(TenantModel):
    """One mail of one notice to one address. `key` keeps the same event from being told twice.

    The link stands apart from the text, sealed, and only until the mail has left: an invitation's link is a key.
    """

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
    link = models.TextField(blank=True)
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

    @classmethod
    def reach_filter(cls, actor: Actor) -> Q:
        return Q() if BREADTH[actor.role] is Breadth.STATE else Q(person_id=actor.person_id)
