"""What one team reports for one quarter, and each revision of its figures."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Self, TypeVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import NullIf
from django.utils import timezone

from agencies.models import Person, Team
from agencies.permissions import Actor, Place, Resource, Scope, scope_of
from agencies.tenancy import BREADTH, Breadth, Reach, TenantForeignKey, TenantModel, TenantQuerySet, among
from ips_portal.quarters import Quarter
from outcomes.figures import Figure, Figures, Number
from outcomes.measures import LARGEST
from outcomes.models.fields import QuarterField

NOTE_LIMIT = 2000
CORE: tuple[str, ...] = (
    "served",
    "employed",
    "in_school",
    "in_education",
    "job_starts",
    "transitioned_working",
)
CORE += ("transitioned_unemployed", "specialist_fte")
FIGURES: tuple[str, ...] = (*CORE, "more", "absent", "explained", "note", "vacancy")
NOTHING = models.Value({}, output_field=models.JSONField())
SPARE: tuple[str | NullIf, ...] = (
    *CORE,
    *(NullIf(part, NOTHING) for part in FIGURES[-5:-2]),
    "note",
    "vacancy",
)  # no JSON that says nothing
Rows = TypeVar("Rows", bound=TenantQuerySet)
HOME = (Breadth.AGENCY, Breadth.TEAM)  # those whose own figures they are


def as_far_as_granted(rows: Rows, actor: Actor, report: str = "") -> Rows:
    """None without the right to see reports, and no further than the right goes: the own teams, or one's own reports.

    A supervisor sees other teams of the agency by name; their figures are not hers.
    """
    scope = scope_of(actor.role, "view", Resource.OUTCOME_SUBMITTED)
    if scope is None:
        return rows.none()
    if scope is Scope.OWN:
        own = (Q(**{f"{report}{part}": actor.person_id}) for part in ("begun_by", "submitted_by"))
        return rows.filter(next(own) | next(own))
    return rows.filter(among("team_id", actor.team_ids)) if scope is Scope.TEAM else rows


class QuarterlyReportQuerySet(TenantQuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """Whose figures they are, and who leads the state. Payers and reviewers from elsewhere see none."""
        return as_far_as_granted(super().visible_to(actor), actor)

    def of_quarter(self, quarter: Quarter) -> Self:
        return self.filter(quarter=quarter)

    def placed(self) -> Self:
        return self.select_related("team__agency", "state").prefetch_related("team__partners")

    def overdue(self, today: date) -> Self:
        return self.filter(status__in=QuarterlyReport.WITH_TEAM, due_on__lt=today)


class QuarterlyReport(TenantModel):
    """One team's duty to report one quarter. There is a row for every team that was open in the quarter.

    It holds no figure: above the agency everybody sees how far a draft is, and nothing of what it says.
    """

    reach = Reach.TEAM
    named_with = ("team",)

    class Status(models.TextChoices):
        EXPECTED = "expected", "Not begun"
        DRAFT = "draft", "Draft"
        SUBMITTED = "submitted", "Submitted"
        RETURNED = "returned", "Returned"
        ACCEPTED = "accepted", "Accepted"
        LOCKED = "locked", "Locked"
        REOPENED = "reopened", "Reopened"

    WITH_TEAM = (Status.EXPECTED, Status.DRAFT, Status.RETURNED, Status.REOPENED)
    REPORTED = (Status.SUBMITTED, Status.ACCEPTED, Status.LOCKED)

    team = TenantForeignKey(Team, related_name="quarterly_reports")
    quarter = QuarterField()
    status = models.CharField(max_length=9, choices=Status.choices, default=Status.EXPECTED)
    due_on = models.DateField()
    locks_on = models.DateField()
    percent = models.PositiveSmallIntegerField(default=0)  # how much of the current revision is filled in
    current = models.PositiveSmallIntegerField(default=0)  # the revision being worked on; 0 before the first
    in_force = models.PositiveSmallIntegerField(null=True, blank=True)  # the revision last accepted
    is_operating = models.BooleanField(default=True)  # as last submitted
    is_late = models.BooleanField(default=False)  # first submitted after the due date
    open_warnings = models.PositiveSmallIntegerField(default=0)  # explained ones of the submitted revision
    begun_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    submitted_at = models.DateTimeField(null=True, blank=True)
    submitted_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    locked_at = models.DateTimeField(null=True, blank=True)
    returned = models.JSONField(
        default=dict, blank=True
    )  # measure -> what to look at; "" for the whole report
    reopened_reason = models.TextField(max_length=NOTE_LIMIT, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = QuarterlyReportQuerySet.as_manager()

    class Meta:
        ordering = ("-quarter", "team__name")
        indexes = [models.Index(fields=["state", "quarter", "status"], name="outcomes_of_a_quarter")]
        constraints = [
            models.UniqueConstraint(fields=["team", "quarter"], name="a_team_reports_a_quarter_once"),
            models.CheckConstraint(
                condition=Q(submitted_at=None, submitted_by=None)
                | Q(submitted_at__isnull=False, submitted_by__isnull=False),
                name="whoever_submitted_is_known",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=("submitted", "accepted", "locked")) | Q(submitted_at__isnull=False),
                name="a_reported_quarter_was_submitted",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=("accepted", "locked"))
                | Q(accepted_at__isnull=False, in_force__isnull=False),
                name="an_accepted_quarter_has_figures_in_force",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.team}, {self.quarter.months}"

    @classmethod
    def reach_filter(cls, actor: Actor) -> Q:
        breadth = BREADTH[actor.role]
        if breadth is Breadth.STATE:
            return Q()
        return among("team_id", actor.seen_team_ids) if breadth in HOME else Q(pk__in=[])

    @property
    def place(self) -> Place:
        people = frozenset(person for person in (self.begun_by_id, self.submitted_by_id) if person)
        return Place(self.state_id, self.team.agency_ids, self.team_id, people)

    @property
    def resource(self) -> Resource:
        """What the permission table calls the report in its status."""
        match self.Status(self.status):
            case self.Status.SUBMITTED:
                return Resource.OUTCOME_SUBMITTED
            case self.Status.ACCEPTED:
                return Resource.OUTCOME_ACCEPTED
            case self.Status.LOCKED:
                return Resource.OUTCOME_LOCKED
        return Resource.OUTCOME_DRAFT

    @property
    def reopens_as(self) -> Resource:
        """What is reopened is accepted, or locked: the permission table names each by itself."""
        return Resource.OUTCOME_LOCKED if self.is_final else Resource.OUTCOME_ACCEPTED

    @property
    def is_with_team(self) -> bool:
        return self.status in self.WITH_TEAM

    @property
    def is_final(self) -> bool:
        return self.status == self.Status.LOCKED

    def is_overdue(self, today: date) -> bool:
        return overdue(self.status, self.due_on, today)

    def final_words(self, today: date) -> str:
        """When the figures become final. Those accepted after the state's day are locked with the next night."""
        if self.locked_at:
            return f"locked on {timezone.localtime(self.locked_at):%B %-d, %Y}"
        day = f"{self.locks_on:%B %-d, %Y}"
        if self.locks_on > today:
            return day
        when = "within a day" if self.status == self.Status.ACCEPTED else "within a day of being accepted"
        return f"{when}, for the day was {day}"


def overdue(status: str, due_on: date, today: date) -> bool:
    """Of a report, or of the columns of one where no record is built."""
    return status in QuarterlyReport.WITH_TEAM and due_on < today


class RevisionQuerySet(TenantQuerySet):
    def visible_to(self, actor: Actor) -> Self:
        return as_far_as_granted(super().visible_to(actor), actor, "report__")

    def in_force(self) -> Self:
        """Figures that count: last accepted, of a quarter in which the team operated."""
        return self.filter(number=F("report__in_force"), is_operating=True).select_related("report")


class Revision(TenantModel):
    """The figures of one attempt. A draft belongs to its agency; once submitted, nothing in it changes."""

    reach = Reach.TEAM
    named_with = ("team",)

    report = TenantForeignKey(QuarterlyReport, related_name="revisions")
    team = TenantForeignKey(Team, related_name="+")
    number = models.PositiveSmallIntegerField()
    is_draft = models.BooleanField(default=True)
    is_operating = models.BooleanField(default=True)
    served = models.PositiveIntegerField(null=True, blank=True)
    employed = models.PositiveIntegerField(null=True, blank=True)
    in_school = models.PositiveIntegerField(null=True, blank=True)
    in_education = models.PositiveIntegerField(null=True, blank=True)
    job_starts = models.PositiveIntegerField(null=True, blank=True)
    transitioned_working = models.PositiveIntegerField(null=True, blank=True)
    transitioned_unemployed = models.PositiveIntegerField(null=True, blank=True)
    specialist_fte = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    more = models.JSONField(default=dict, blank=True)  # optional measures: a number, or a decimal as text
    absent = models.JSONField(default=dict, blank=True)  # measure -> why it was not collected
    explained = models.JSONField(default=dict, blank=True)  # rule -> the team's note on its warning
    note = models.TextField(max_length=NOTE_LIMIT, blank=True)
    vacancy = models.TextField(max_length=NOTE_LIMIT, blank=True)
    definition = models.JSONField(
        default=dict, blank=True
    )  # measures and job definition it was entered under
    submit_key = models.UUIDField(null=True, blank=True)  # of the form that submitted it
    saved_at = models.DateTimeField(default=timezone.now)
    version = models.PositiveIntegerField(default=1)

    objects = RevisionQuerySet.as_manager()

    class Meta:
        ordering = ("-number",)
        constraints = [
            models.UniqueConstraint(fields=["report", "number"], name="a_revision_is_numbered_once"),
            models.UniqueConstraint(fields=["report", "submit_key"], name="a_form_submits_once"),
            *(
                models.CheckConstraint(
                    condition=Q(is_draft=True) | Q(**{f"{part}__lte": F(whole)}) | Q(**{part: None}),
                    name=name,
                )
                for part, whole, name in (
                    ("employed", "served", "no_more_work_than_are_served"),
                    ("in_education", "served", "no_more_learn_than_are_served"),
                    ("in_school", "in_education", "who_is_in_school_is_in_education"),
                    ("transitioned_working", "employed", "who_leaves_working_has_worked"),
                )
            ),
        ]

    def __str__(self) -> str:
        return f"revision {self.number}"

    @classmethod
    def reach_filter(cls, actor: Actor) -> Q:
        breadth = BREADTH[actor.role]
        if breadth is Breadth.STATE:
            return Q(is_draft=False)
        return among("team_id", actor.seen_team_ids) if breadth in HOME else Q(pk__in=[])

    @property
    def figures(self) -> Figures:
        """The row as the value that rules read."""
        return figures_of([getattr(self, name) for name in FIGURES])

    def put(self, figures: Figures) -> None:
        """Takes the value into the row's columns."""
        for name, value in zip(FIGURES, columns_of(figures), strict=True):
            setattr(self, name, value)


def figures_of(values: Sequence[Any]) -> Figures:
    """From the columns FIGURES or SPARE, which is all that a page of many teams reads of a revision."""
    *core, more, absent, explained, note, vacancy = values
    found = {key: given(value) for key, value in zip(CORE, core, strict=True) if value is not None}
    if more:
        found |= {key: Figure(number(value)) for key, value in more.items()}
    if absent:
        found |= {key: Figure(why=why) for key, why in absent.items()}
    return Figures(MappingProxyType(found), MappingProxyType(explained or {}), note, vacancy)


def columns_of(figures: Figures) -> list[Any]:
    """The value as the columns FIGURES hold it."""
    more = {}
    absent = {}
    for key, figure in figures.by_measure.items():
        if figure.value is None:
            if figure.why:
                absent[key] = figure.why
        elif key not in CORE:
            more[key] = stored(figure.value)
    core = map(figures.value, CORE)
    return [*core, more, absent, dict(figures.explained), figures.note, figures.vacancy]


@lru_cache(maxsize=LARGEST + 1)
def counted(value: int) -> Figure:
    """The same figure for the same count: teams by the thousand have the same few."""
    return Figure(value)


def given(value: Number) -> Figure:
    return counted(value) if type(value) is int else Figure(value)


def stored(value: Number) -> Any:
    """A count as a number of JSON, a decimal as text: JSON has no exact decimals."""
    return value if isinstance(value, int) else str(value)


def number(value: Any) -> Number:
    return value if isinstance(value, int) else Decimal(value)


def sees_drafts(actor: Actor) -> bool:
    return scope_of(actor.role, "view", Resource.OUTCOME_DRAFT) in (Scope.AGENCY, Scope.TEAM, Scope.OWN)
