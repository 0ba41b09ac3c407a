"""A file of quarters between its preview and its drafts, and what became of it."""

from typing import Self

from django.db import models
from django.db.models import Q

from agencies.models import Team
from agencies.models.files import FileImport
from agencies.permissions import Actor, Place
from agencies.tenancy import Reach, TenantForeignKey, TenantQuerySet


class OutcomeImportQuerySet(TenantQuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """One's own only: a staged file is a draft of its author."""
        return self.in_state(actor.state_id).filter(uploaded_by=actor.person_id)

    def open(self) -> Self:
        return self.filter(status=OutcomeImport.Status.PREVIEWED)


class OutcomeImport(FileImport):
    """`team` is one the author may enter: where the right to import comes from."""

    reach = Reach.AUTHOR

    team = TenantForeignKey(Team, related_name="+")
    saved = models.JSONField(default=list, blank=True)  # ids of the reports whose drafts were saved

    objects = OutcomeImportQuerySet.as_manager()

    class Meta(FileImport.Meta):
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

    @classmethod
    def reach_filter(cls, actor: Actor) -> Q:
        return Q(uploaded_by=actor.person_id)

    @property
    def place(self) -> Place:
        return Place(self.state_id, self.team.agency_ids, self.team_id, frozenset({self.uploaded_by_id}))
