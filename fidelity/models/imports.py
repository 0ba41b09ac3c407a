"""A file of past reviews between its preview and the reviews it became, and whether it was taken back."""

from django.db import models
from django.db.models import Q

from agencies.models import Person
from agencies.models.files import FileImport
from agencies.tenancy import Reach, TenantQuerySet


class ReviewImport(FileImport):
    """Its reviews name it (`Review.imported`). Taken back it stays, with who did so and why."""

    reach = Reach.STATE

    taken_back_at = models.DateTimeField(null=True, blank=True)
    taken_back_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    taken_back_reason = models.TextField(blank=True)

    objects = TenantQuerySet.as_manager()

    class Meta(FileImport.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["state", "public_id"], name="review_import_ids_are_unique_in_a_state"
            ),
            models.UniqueConstraint(
                fields=["state", "sha256"],
                condition=Q(status="previewed"),  # once it is done, its reviews keep it from becoming others
                name="a_file_of_reviews_is_open_once",
            ),
            models.CheckConstraint(
                condition=Q(status="previewed") | Q(finished_at__isnull=False),
                name="a_review_import_that_is_over_has_its_time",
            ),
            models.CheckConstraint(
                condition=Q(status="previewed") | Q(staged={}),
                name="a_review_import_that_is_over_keeps_no_rows",
            ),
            models.CheckConstraint(
                condition=Q(taken_back_at=None, taken_back_by=None, taken_back_reason="")
                | Q(taken_back_at__isnull=False, taken_back_by__isnull=False, status="done")
                & ~Q(taken_back_reason=""),
                name="what_is_taken_back_was_imported_and_says_why",
            ),
        ]

    @property
    def is_taken_back(self) -> bool:
        return self.taken_back_at is not None
