"""The texts a state keeps, so that nobody writes the same sentence in every report anew."""

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from agencies.models import Person
from agencies.permissions import Actor, Resource, scope_of
from agencies.tenancy import Reach, TenantModel, TenantQuerySet
from fidelity.models.scales import NOTE_LIMIT
from fidelity.scales import HIGHEST, LOWEST


class BankTextQuerySet(TenantQuerySet):
    def in_use(self) -> Self:
        return self.filter(retired_at=None)

    def fitting(self, scale_key: str) -> Self:
        """What may be offered in a report on reviews by this scale."""
        return self.in_use().filter(scale_key__in=("", scale_key))


class BankText(TenantModel):
    """A sentence or a paragraph that is offered beside a field of the report editor.

    It holds nothing of a team. Without an item it belongs to a text of the whole report. A report that took it over
    has words of its own and changes no more with it.
    """

    reach = Reach.SHARED

    class Part(models.TextChoices):
        """The texts of a report, by the names they have there."""

        STRENGTHS = "strengths", "Strengths"
        OVERVIEW = "overview", "About the team"
        METHOD = "method", "How the review was done"
        NEXT_STEPS = "next_steps", "Next steps"
        FOUND = "found", "What was found at an item"
        RECOMMENDATION = "recommendation", "Recommendation at an item"

    OF_ITEMS = (Part.FOUND, Part.RECOMMENDATION)

    part = models.CharField(max_length=20, choices=Part.choices)
    scale_key = models.CharField(max_length=40, blank=True)  # all editions of a scale
    item_code = models.CharField(max_length=10, blank=True)
    # The ratings of the item it suits, both included.
    lowest = models.PositiveSmallIntegerField(default=LOWEST)
    highest = models.PositiveSmallIntegerField(default=HIGHEST)
    text = models.TextField(max_length=NOTE_LIMIT)
    version = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField(default=timezone.now)
    saved_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    retired_at = models.DateTimeField(null=True, blank=True)
    retired_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    form_key = models.UUIDField()  # of the form that added it

    objects = BankTextQuerySet.as_manager()

    class Meta:
        ordering = ("id",)
        constraints = [
            models.UniqueConstraint(fields=["state", "form_key"], name="a_form_adds_a_bank_text_once"),
            models.CheckConstraint(condition=~Q(text=""), name="a_bank_text_says_something"),
            models.CheckConstraint(
                condition=(
                    Q(part__in=("found", "recommendation")) & ~Q(item_code="") & ~Q(scale_key="")
                    | Q(part__in=("strengths", "overview", "method", "next_steps"))
                    & Q(item_code="", scale_key="", lowest=LOWEST, highest=HIGHEST)
                ),
                name="a_bank_text_of_an_item_names_it_with_its_scale",
            ),
            models.CheckConstraint(
                condition=Q(lowest__gte=LOWEST, highest__lte=HIGHEST, lowest__lte=F("highest")),
                name="a_bank_text_suits_at_least_one_rating",
            ),
            models.CheckConstraint(
                condition=Q(retired_at__isnull=True, retired_by__isnull=True)
                | Q(retired_at__isnull=False, retired_by__isnull=False),
                name="a_bank_text_is_retired_by_somebody",
            ),
        ]

    @classmethod
    def reach_filter(cls, actor: Actor) -> Q:
        """For those who may have a report in hand; which one, the bank does not ask."""
        return Q() if scope_of(actor.role, "view", Resource.DRAFT_REPORT) else Q(pk__in=[])

    @property
    def suits_every_rating(self) -> bool:
        return (self.lowest, self.highest) == (LOWEST, HIGHEST)

    def suits(self, rating: int | None) -> bool:
        """An item that is not rated yet is offered only what suits every rating."""
        return self.suits_every_rating if rating is None else self.lowest <= rating <= self.highest
