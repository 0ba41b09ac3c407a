"""What a plan waits for: a department's signature, an answer by whoever keeps a column."""

from django.db.models import Exists, OuterRef

from agencies.permissions import Actor, Role
from agencies.tenancy import TenantQuerySet
from funding.models import CellNote, PlanColumn, PlanSignature, PlanVersion
from funding.models.keeping import KEEPERS


def waiting_for(desk: str, versions: TenantQuerySet) -> TenantQuerySet:
    """Of these versions the newest of each open plan, where the department is asked to sign and has not."""
    newer = PlanVersion.objects.filter(plan=OuterRef("plan"), number__gt=OuterRef("number"))
    signed = PlanSignature.objects.filter(version=OuterRef("pk"), desk=desk)
    asked = versions.filter(plan__closed_at=None, parties__has_key=desk)
    return asked.exclude(Exists(newer)).exclude(Exists(signed))


def open_questions(notes: TenantQuerySet) -> TenantQuerySet:
    """Of these notes the questions that nobody has answered, on cells that are in use."""
    rows = notes.filter(is_question=True, answered_at=None, plan__closed_at=None)
    return rows.filter(element__removed_at=None, column__removed_at=None)


def keeps(actor: Actor, column: PlanColumn) -> bool:
    """The state's own columns are kept by its admins."""
    return actor.desk == column.desk if column.keeper else actor.role is Role.STATE_ADMIN


def to_sign(actor: Actor) -> list[PlanVersion]:
    """Versions that wait for the actor's department. One query."""
    rows = waiting_for(actor.desk, PlanVersion.objects.visible_to(actor))
    return list(rows.select_related("plan__agency", "plan__state").defer("data"))


def to_answer(actor: Actor) -> list[CellNote]:
    """Open questions on the columns that the actor keeps. One query."""
    keeper = actor.role if actor.role in KEEPERS else ""
    rows = open_questions(CellNote.objects.visible_to(actor)).filter(column__keeper=keeper)
    found = rows.select_related("plan__agency", "plan__state", "element", "column__body")
    return [row for row in found if keeps(actor, row.column)]
