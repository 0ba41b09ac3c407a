"""Messages on their way to one person each, and how often each person wants them."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone

from agencies.models import Person
from agencies.permissions import Actor
from agencies.tenancy import BREADTH, Breadth, Reach, TenantForeignKey, TenantModel, TenantQuerySet
from ips_portal.notices.pacing import DEFAULT, Chosen


class MessageQuerySet(TenantQuerySet):
    def due(self) -> Self:
        """The database's clock decides."""
        return self.filter(status=Message.Status.WAITING, next_try_at__lte=Now())

    def collected(self) -> Self:
        """Waiting for a digest, and in none yet."""
        return self.filter(status=Message.Status.COLLECTED, digest=None)


class Message(TenantModel):
    """One notice to one address. `key` keeps the same event from being told twice.

    What can wait is collected and goes out with a digest, which is a message of its own. The link stands apart from
    the text, sealed, and only until the mail has left: an invitation's link is a key.
    """

    reach = Reach.STATE

    class Status(models.TextChoices):
        WAITING = "waiting", "Waiting"
        COLLECTED = "collected", "For the next digest"
        SENT = "sent", "Sent"
        FAILED = "failed", "Failed"
        NOT_SENT = "not_sent", "Not sent"

    notice = models.CharField(max_length=40)
    key = models.CharField(max_length=120)
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=120, blank=True)  # by which the mail greets
    address = models.EmailField(max_length=254)
    subject = models.CharField(max_length=200)
    body = models.TextField()
    link = models.TextField(blank=True)
    digest = TenantForeignKey("self", null=True, blank=True, related_name="parts")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)
    next_try_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True)
    failure = models.TextField(blank=True)  # why it was not sent

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at", "-id")
        constraints = [
            models.UniqueConstraint(fields=["state", "key", "address"], name="nothing_is_told_twice"),
            models.CheckConstraint(
                condition=~Q(status="sent") | Q(sent_at__isnull=False), name="a_sent_message_has_its_time"
            ),
            models.CheckConstraint(
                condition=~Q(status="collected") | Q(person__isnull=False), name="a_digest_is_for_a_person"
            ),
        ]
        indexes = [
            models.Index(
                fields=["state", "person"], condition=Q(status="collected"), name="collected_by_person"
            )
        ]

    @classmethod
    def reach_filter(cls, actor: Actor) -> Q:
        return Q() if BREADTH[actor.role] is Breadth.STATE else Q(person_id=actor.person_id)


class PreferenceQuerySet(TenantQuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """One's own, whatever else the person may see."""
        return self.in_state(actor.state_id).filter(person_id=actor.person_id)

    def chosen_by(self, people: list[int]) -> dict[int, Chosen]:
        """What each of them chose; whoever is missing has not chosen."""
        rows = self.filter(person_id__in=people).values_list("person_id", "pace")
        return {person_id: Chosen(pace) for person_id, pace in rows}


class Preference(TenantModel):
    """How often one person wants what can wait, in one state."""

    reach = Reach.PERSON

    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    pace = models.CharField(
        max_length=8, choices=[(each.value, each.label) for each in Chosen], default=DEFAULT.value
    )

    objects = PreferenceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["state", "person"], name="one_preference_of_a_person_in_a_state")
        ]

    @classmethod
    def reach_filter(cls, actor: Actor) -> Q:
        return Q(person_id=actor.person_id)


def chosen(state_id: int, person_id: int) -> Chosen:
    """What the person chose in the state, read with their own eyes or the portal's."""
    found = Preference.objects.in_state(state_id).chosen_by([person_id])
    return found.get(person_id, DEFAULT)
