"""What a plan waits for: a department's signature, an answer by whoever keeps a column."""

from typing import NamedTuple
from uuid import UUID

from django.db.models import Exists, OuterRef, Value
from django.db.models.functions import Coalesce

from agencies.permissions import Actor, Resource, Role, scope_of
from agencies.tenancy import TenantQuerySet
from funding.models import CellNote, PlanColumn, PlanSignature, PlanVersion
from funding.models.keeping import KEEPERS

WHOSE = Coalesce("plan__agency__name", "plan__region")


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


class Waiting(NamedTuple):
    """A version to sign, where it has a number; else a question on a cell, as its column says who keeps it."""

    plan: UUID
    whose: str  # agency or region; empty for the plan of the state
    number: int = 0
    service: str = ""
    element: int = 0
    column: int = 0
    source: str = ""
    keeper: str = ""
    department: str = ""
    body: str = ""

    def is_kept_by(self, actor: Actor) -> bool:
        """The state's own columns are kept by its admins."""
        kept = PlanColumn.desk_of(self.keeper, self.department, self.body)
        return actor.desk == kept if kept else actor.role is Role.STATE_ADMIN


def waits_for(actor: Actor) -> list[Waiting]:
    """Versions to sign and questions to answer, for the desk of the actor. At most one query."""
    if not actor.desk and actor.role is not Role.STATE_ADMIN:
        return []
    keeper = actor.role if actor.role in KEEPERS else ""
    notes = open_questions(CellNote.objects.visible_to(actor)).filter(column__keeper=keeper)
    rows = notes.order_by().values_list(
        "plan__public_id",
        WHOSE,
        Value(0),
        "element__name",
        "element_id",
        "column_id",
        "column__name",
        "column__keeper",
        "column__department",
        Coalesce("column__body__name", Value("")),
    )
    if actor.desk and scope_of(actor.role, "approve", Resource.FUNDING_PLAN) is not None:
        versions = waiting_for(actor.desk, PlanVersion.objects.visible_to(actor)).order_by()
        nothing = [Value(each) for each in ("", 0, 0, "", "", "", "")]
        rows = rows.union(versions.values_list("plan__public_id", WHOSE, "number", *nothing), all=True)
    found = [Waiting(*row) for row in rows]
    mine = [each for each in found if each.number or each.is_kept_by(actor)]
    return sorted(mine, key=lambda each: (not each.number, each))
