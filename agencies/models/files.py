"""A file of rows between its preview and its import, whatever its rows are."""

import uuid

from django.db import models
from django.utils import timezone

from agencies.models.people import Person
from agencies.tenancy import TenantModel

NAME_LIMIT = 120


class FileImport(TenantModel):
    """`staged` holds the cells of known columns until the import is done or thrown away; never the file itself."""

    class Status(models.TextChoices):
        PREVIEWED = "previewed", "Not finished"
        DONE = "done", "Imported"
        DISCARDED = "discarded", "Discarded"

    class Choice(models.TextChoices):
        ALL = "all", "Only if all rows are good"
        GOOD = "good", "The good rows"

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    uploaded_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(default=timezone.now)
    file_name = models.CharField(max_length=NAME_LIMIT)
    sha256 = models.CharField(max_length=64)
    staged = models.JSONField(default=dict, blank=True)
    status = models.CharField(max_length=9, choices=Status.choices, default=Status.PREVIEWED)
    choice = models.CharField(max_length=4, choices=Choice.choices, blank=True)
    counts = models.JSONField(default=dict, blank=True)  # rows by what became of them
    left_out = models.JSONField(default=list, blank=True)  # rows left out, each with its number and why
    finished_at = models.DateTimeField(null=True, blank=True)
    submit_key = models.UUIDField(null=True, blank=True)  # of the form that finished it

    class Meta:
        abstract = True
        ordering = ("-uploaded_at",)

    def __str__(self) -> str:
        return self.file_name

    @property
    def is_open(self) -> bool:
        return self.status == self.Status.PREVIEWED
