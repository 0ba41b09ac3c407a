"""A file of quarters between its preview and its drafts, and what became of it."""

import uuid
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from agencies.models import Person, Team
from agencies.permissions import Actor, Place
from agencies.tenancy import Reach, TenantForeignKey, TenantModel, TenantQuerySet

NAME_LIMIT = 120


class OutcomeImportQuerySet(TenantQuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """One's own only: a staged file is a draft of its author."""
        return self.in_state(actor.state_id).filter(uploaded_by=actor.person_id)

    def open(self) -> Self:
        return self.filter(status=OutcomeImport.Status.PREVIEWED)


class OutcomeImport(TenantModel):
    """`staged` holds the cells of known columns until the import is done or thrown away; never the file itself.

    `team` is one the author may enter: where the right to import comes from.
    """

    reach = Reach.AUTHOR

    class Status(models.TextChoices):
        PREVIEWED = "previewed", "Not finished"
        DONE = "done", "Imported"
        DISCARDED = "discarded", "Discarded"

    class Choice(models.TextChoices):
        ALL = "all", "Only if all rows are good"
        GOOD = "good", "The good rows"

    team = TenantForeignKey(Team, related_name="+")
    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    uploaded_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(default=timezone.now)
    file_name = models.CharField(max_length=NAME_LIMIT)
    sha256 = models.CharField(max_length=64)
    staged = models.JSONField(default=dict, blank=True)
    status = models.CharField(max_length=9, choices=Status.choices, default=Status.PREVIEWED)
    choice = models.CharField(max_length=4, choices=Choice.choices, blank=True)
    counts = models.JSONField(default=dict, blank=True)  # rows by what became of them
    saved = models.JSONField(default=list, blank=True)  # ids of the reports whose drafts were saved
    left_out = models.JSONField(default=list, blank=True)  # rows left out, each with its number and why
    finished_at = models.DateTimeField(null=True, blank=True)
    submit_key = models.UUIDField(null=True, blank=True)  # of the form that finished it

    objects = OutcomeImportQuerySet.as_manager()

    class Meta:
        ordering = ("-uploaded_at",)
        constraints = [
            models.UniqueConstraint(fields=["state", "public_id"], name="import_ids_are_unique_in_a_state"),
            models.UniqueConstraint(
                fields=["state", "uploaded_by", "sha256"],
                condition=Q(status="previewed") | Q(status="done", left_out=[]),
                name="a_person_imports_a_file_once",
            ),
            models.CheckConstraint(
                condition=Q(status="previewed") | Q(finished_at__isnull=False),
                name="an_import_that_is_over_has_its_time",
            ),
            models.CheckConstraint(
                condition=Q(status="previewed") | Q(staged={}), name="an_import_that_is_over_keeps_no_rows"
            ),
        ]

    def __str__(self) -> str:
        return self.file_name

    @classmethod
    def reach_filter(cls, actor: Actor) -> Q:
        return Q(uploaded_by=actor.person_id)

    @property
    def place(self) -> Place:
        return Place(self.state_id, self.team.agency_ids, self.team_id, frozenset({self.uploaded_by_id}))

    @property
    def is_open(self) -> bool:
        return self.status == self.Status.PREVIEWED
