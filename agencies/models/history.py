"""What changed, who did it and why. Rows are written by a trigger only; the app role may read them."""

from django.db import connection, models

from agencies import tenancy
from agencies.models.people import Person
from agencies.models.states import State


class Change(models.Model):
    """One changed row. Visible where its row is visible, see `enclosure.history`."""

    class Kind(models.TextChoices):
        INSERT = "insert"
        UPDATE = "update"
        DELETE = "delete"

    state = models.ForeignKey(State, models.DO_NOTHING, db_constraint=False, related_name="+")
    table_name = models.CharField(max_length=80)
    row_id = models.BigIntegerField()
    kind = models.CharField(max_length=6, choices=Kind.choices)
    values = models.JSONField()  # insert, delete: column -> value; update: column -> [before, after]
    person = models.ForeignKey(Person, models.DO_NOTHING, null=True, db_constraint=False, related_name="+")
    membership_id = models.BigIntegerField(null=True)
    actor = models.CharField(max_length=20)  # person, system, migration
    reason = models.TextField(blank=True)
    at = models.DateTimeField()
    transaction = models.BigIntegerField()
    seal = models.BigIntegerField(null=True)

    class Meta:
        ordering = ("-id",)
        indexes = [
            models.Index(fields=["state", "table_name", "row_id"], name="change_of_a_row"),
            models.Index(fields=["state", "-id"], name="changes_of_a_state"),
            models.Index(fields=["state", "id"], condition=models.Q(seal=None), name="change_not_sealed"),
        ]


class Seal(models.Model):
    """A link of the chain over a state's finished changes. A changed, missing or added row breaks it."""

    state = models.ForeignKey(State, models.DO_NOTHING, db_constraint=False, related_name="+")
    number = models.BigIntegerField()
    rows = models.IntegerField()
    hash = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        ordering = ("state", "number")
        constraints = [models.UniqueConstraint(fields=["state", "number"], name="seals_are_numbered")]


def seal_finished() -> int:
    """Links what finished since the last time into each state's chain; running it twice seals nothing twice."""
    sealed = 0
    for state_id in State.objects.values_list("pk", flat=True):
        with tenancy.as_system(state_id), connection.cursor() as cursor:
            cursor.execute("SELECT agencies_seal_changes(%s)", [state_id])
            sealed += cursor.fetchone()[0]
    return sealed
