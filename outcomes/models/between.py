"""What a team keeps between quarters: contacts by week, tallies by month, and goals. Nobody above the team sees a row.

Source: domain reference 3.2 (weekly contacts per specialist), SV6 (six a week), OR5 e (goals for team and specialist).
"""

from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from agencies.models import MembershipTeam, Person, Team
from agencies.permissions import Actor, Place, Role
from agencies.tenancy import Reach, TenantForeignKey, TenantModel, TenantQuerySet
from outcomes.models.fields import QuarterField

ADDED_UP = ("job_starts", "transitioned_working", "transitioned_unemployed")  # over months and specialists
PEOPLE = ("served", "employed", "in_education")  # the latest month of each specialist
TALLIED = ("served", "employed", "in_education", *ADDED_UP)
AT_HOME = (Role.SUPERVISOR, Role.SPECIALIST)


def leads(actor: Actor, team_id: int | None) -> bool:
    return actor.role is Role.SUPERVISOR and team_id in actor.team_ids


class OnTeamQuerySet(TenantQuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """For a supervisor the specialists of the own teams; for a specialist the own seats; for others none."""
        own = self.in_state(actor.state_id).filter(
            team_id__in=actor.team_ids, membership__role=Role.SPECIALIST
        )
        if actor.role is Role.SUPERVISOR:
            return own
        if actor.role is Role.SPECIALIST:
            return own.filter(membership__person_id=actor.person_id)
        return self.none()

    def placed(self) -> Self:
        """With whom and where, by name."""
        rows = self.select_related("membership__person", "team__agency", "state")
        return rows.order_by("membership__person__name", "membership_id")

    def open_on(self, day: date) -> Self:
        """Only those who work there on the day."""
        still_there = Q(membership__ended_on=None) | Q(membership__ended_on__gt=day)
        return self.filter(still_there, membership__person__is_active=True)


class OnTeam(MembershipTeam):
    """One specialist on one team: whose weeks and months these are."""

    objects = OnTeamQuerySet.as_manager()  # type: ignore[misc]  # the proxy has a queryset of its own

    class Meta:
        proxy = True

    def __str__(self) -> str:
        return str(self.membership.person)

    @property
    def person(self) -> Person:
        person: Person = self.membership.person
        return person

    @property
    def place(self) -> Place:
        return Place(self.state_id, frozenset(), self.team_id, frozenset({self.membership.person_id}))


class TeamsOwn(TenantModel):
    """Of one team: seen by its supervisors, and by the specialist it is about."""

    reach = Reach.PERSON
    named_with = ("team",)

    team = TenantForeignKey(Team, related_name="+")
    saved_at = models.DateTimeField(default=timezone.now)
    version = models.PositiveIntegerField(default=1)

    objects = TenantQuerySet.as_manager()

    class Meta:
        abstract = True

    @classmethod
    def reach_filter(cls, actor: Actor) -> Q:
        mine = Q(person_id=actor.person_id)
        return mine | Q(team_id__in=actor.team_ids) if actor.role is Role.SUPERVISOR else mine

    @property
    def place(self) -> Place:
        person: int | None = getattr(self, "person_id", None)
        return Place(self.state_id, frozenset(), self.team_id, frozenset({person} if person else ()))


class WeekOfContacts(TeamsOwn):
    """One specialist's week. A review stands for the numbers it was given for: whoever changes them takes it away."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    monday = models.DateField()
    contacts = models.PositiveIntegerField()  # with employers, face to face
    looking = models.PositiveIntegerField()  # people looking for work
    reviewed_on = models.DateField(null=True, blank=True)
    reviewed_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ("-monday",)
        constraints = [
            models.UniqueConstraint(
                fields=["team", "person", "monday"], name="a_specialist_has_a_week_once_on_a_team"
            ),
            models.CheckConstraint(condition=Q(monday__iso_week_day=1), name="a_week_begins_on_a_monday"),
            models.CheckConstraint(
                condition=Q(reviewed_on=None, reviewed_by=None)
                | Q(reviewed_on__isnull=False, reviewed_by__isnull=False),
                name="who_reviewed_a_week_is_known",
            ),
        ]

    def __str__(self) -> str:
        return f"week of {self.monday:%B %-d, %Y}"


class MonthTally(TeamsOwn):
    """What one specialist counted in one month. It helps with the quarter and is never reported."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    month = models.DateField()  # its first day
    served = models.PositiveIntegerField(null=True, blank=True)
    employed = models.PositiveIntegerField(null=True, blank=True)
    in_education = models.PositiveIntegerField(null=True, blank=True)
    job_starts = models.PositiveIntegerField(null=True, blank=True)
    transitioned_working = models.PositiveIntegerField(null=True, blank=True)
    transitioned_unemployed = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        ordering = ("-month",)
        constraints = [
            models.UniqueConstraint(
                fields=["team", "person", "month"], name="a_specialist_has_a_month_once_on_a_team"
            ),
            models.CheckConstraint(condition=Q(month__day=1), name="a_month_is_kept_by_its_first_day"),
            *(
                models.CheckConstraint(
                    condition=Q(**{f"{part}__lte": F("served")}) | Q(**{part: None}) | Q(served=None),
                    name=name,
                )
                for part, name in (
                    ("employed", "no_more_work_in_a_month_than_are_served"),
                    ("in_education", "no_more_learn_in_a_month_than_are_served"),
                )
            ),
        ]

    def __str__(self) -> str:
        return f"tally of {self.month:%B %Y}"

    @property
    def values(self) -> dict[str, int | None]:
        return {key: getattr(self, key) for key in TALLIED}


class TeamGoal(TeamsOwn):
    """What a supervisor agreed with the team, or with one specialist, for a quarter. No value: taken back."""

    class Measure(models.TextChoices):
        JOB_STARTS = "job_starts", "Job starts"
        EMPLOYED = "employed", "People working"
        CONTACTS = "contacts", "Employer contacts a week"

    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    quarter = QuarterField()
    measure = models.CharField(max_length=10, choices=Measure.choices)
    value = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        ordering = ("measure",)
        constraints = [
            models.UniqueConstraint(
                fields=["team", "person", "quarter", "measure"],
                nulls_distinct=False,
                name="a_goal_of_a_quarter_is_set_once",
            ),
        ]

    def __str__(self) -> str:
        return f"goal, {self.Measure(self.measure).label.lower()}, {self.quarter.months}"

    @classmethod
    def reach_filter(cls, actor: Actor) -> Q:
        """The team's own goals are the whole team's."""
        seen: Any = super().reach_filter(actor)
        if actor.role in AT_HOME:
            seen |= Q(person=None, team_id__in=actor.team_ids)
        return Q(seen)
