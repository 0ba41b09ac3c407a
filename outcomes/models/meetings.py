"""The quarterly meeting of a state's supervisors, what was said and agreed there, and what strong programs do."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from agencies.models import Person, Team
from agencies.permissions import Actor, Place, Role
from agencies.tenancy import BREADTH, Breadth, Reach, TenantForeignKey, TenantModel, TenantQuerySet
from outcomes.models.fields import QuarterField
from outcomes.models.reports import NOTE_LIMIT


class SupervisorsMeeting(TenantModel):
    """One quarter of a state, shown to all its supervisors. Source: domain reference 5.4.

    Where `shows_names` is false, programs are letters on every page that is projected.
    """

    reach = Reach.STATE

    quarter = QuarterField()
    held_on = models.DateField()
    shows_names = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    objects = TenantQuerySet.as_manager()

    class Meta:
        ordering = ("-quarter",)
        constraints = [
            models.UniqueConstraint(fields=["state", "quarter"], name="supervisors_meet_once_on_a_quarter")
        ]

    def __str__(self) -> str:
        return f"supervisors' meeting, {self.quarter.months}"


class WrittenQuerySet(TenantQuerySet):
    """What was taken off stays in the table, and nobody reads it any more."""

    def visible_to(self, actor: Actor) -> Self:
        return super().visible_to(actor).standing()

    def standing(self) -> Self:
        return self.filter(removed_at=None)


class Written(TenantModel):
    """Words of one person. She, or who administers the state, mends them or takes them off; the history keeps them."""

    written_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    removed_at = models.DateTimeField(null=True, blank=True)
    removed_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        abstract = True

    def is_mended_by(self, actor: Actor) -> bool:
        return actor.role is Role.STATE_ADMIN or self.written_by_id == actor.person_id


class MeetingNoteQuerySet(WrittenQuerySet):
    def open_actions(self) -> "MeetingNoteQuerySet":
        rows = self.standing().filter(owner__isnull=False, done_at=None)
        return rows.select_related("owner", "meeting")


class MeetingNote(Written):
    """What was written down in a meeting; with an owner and a date it is an action.

    Its owner reads it wherever she sits; everything else of a meeting is for those who lead the state.
    """

    reach = Reach.STATE

    meeting = TenantForeignKey(SupervisorsMeeting, related_name="notes")
    text = models.TextField(max_length=NOTE_LIMIT)
    owner = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    due_on = models.DateField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    written_at = models.DateTimeField(default=timezone.now)
    form_key = models.UUIDField()  # of the form that wrote it

    objects = MeetingNoteQuerySet.as_manager()

    class Meta:
        ordering = ("due_on", "id")
        constraints = [
            models.UniqueConstraint(fields=["meeting", "form_key"], name="a_form_writes_a_note_once"),
            models.CheckConstraint(
                condition=Q(owner=None, due_on=None) | Q(owner__isnull=False, due_on__isnull=False),
                name="an_action_has_an_owner_and_a_date",
            ),
            models.CheckConstraint(
                condition=Q(removed_at=None, removed_by=None)
                | Q(removed_at__isnull=False, removed_by__isnull=False),
                name="whoever_took_a_note_off_is_known",
            ),
            models.CheckConstraint(
                condition=Q(done_at=None, done_by=None)
                | Q(done_at__isnull=False, done_by__isnull=False, owner__isnull=False),
                name="only_an_action_is_done_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"note of {self.written_at:%B %-d, %Y}"

    @classmethod
    def reach_filter(cls, actor: Actor) -> Q:
        return Q() if BREADTH[actor.role] is Breadth.STATE else Q(owner_id=actor.person_id)

    def is_overdue(self, today: date) -> bool:
        return self.done_at is None and self.due_on is not None and self.due_on < today


class StrategyQuerySet(WrittenQuerySet):
    def told(self) -> "StrategyQuerySet":
        return self.filter(consented=True)


class Strategy(Written):
    """What one program did about a measure, in its own words.

    With the program's consent everybody of the state reads it under its name, kept as it was called then.
    """

    reach = Reach.SHARED

    team = TenantForeignKey(Team, related_name="strategies")
    team_name = models.CharField(max_length=160)
    measure = models.CharField(max_length=30)
    text = models.TextField(max_length=NOTE_LIMIT)
    told_on = models.DateField()
    consented = models.BooleanField(default=False)
    form_key = models.UUIDField()  # of the form that wrote it

    objects = StrategyQuerySet.as_manager()

    class Meta:
        ordering = ("-told_on", "-id")
        verbose_name_plural = "strategies"
        indexes = [models.Index(fields=["state", "measure", "-told_on"], name="strategies_on_a_measure")]
        constraints = [
            models.UniqueConstraint(fields=["team", "form_key"], name="a_form_writes_a_strategy_once"),
            models.CheckConstraint(
                condition=Q(removed_at=None, removed_by=None)
                | Q(removed_at__isnull=False, removed_by__isnull=False),
                name="whoever_took_a_strategy_off_is_known",
            ),
        ]

    def __str__(self) -> str:
        return f"strategy of {self.team_name}"

    @classmethod
    def reach_filter(cls, actor: Actor) -> Q:
        if BREADTH[actor.role] is Breadth.STATE:
            return Q()
        return Q(consented=True) | Q(team_id__in=actor.team_ids)

    @property
    def place(self) -> Place:
        return Place(self.state_id, self.team.agency_ids, self.team_id)
