"""Comments on a cell, and questions to whoever keeps its column."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from agencies.actions.sentences import check_sentence
from agencies.permissions import Actor, Resource, require
from agencies.refusals import WrongStatus
from funding import notices
from funding.actions.plans import check_open
from funding.models import CellNote, PlanColumn, PlanElement

MOST = 2000
ADVICE = "Write it without; a funding plan names nobody"


@transaction.atomic(savepoint=False)
def write(
    element: PlanElement, column: PlanColumn, *, text: str, is_question: bool, key: UUID, by: Actor
) -> CellNote:
    """Once for each form that is sent. Every liaison may ask about every cell; others where they may edit the plan.

    Raises NotPermitted, WrongStatus, Unacceptable.
    """
    plan = column.plan
    require(by, "edit" if not by.desk else "view", Resource.FUNDING_PLAN, plan.place)
    check_open(plan)
    check_sentence(text, most=MOST, advice=ADVICE)
    row, is_new = CellNote.objects.get_or_create(
        state_id=plan.state_id,
        form_key=key,
        defaults={
            "plan": plan,
            "element": element,
            "column": column,
            "text": text.strip(),
            "is_question": is_question,
            "written_by_id": by.person_id,
        },
    )
    if is_new and row.is_question:
        notices.asked(row)
    return row


@transaction.atomic(savepoint=False)
def answer(note: CellNote, *, text: str, by: Actor) -> None:
    """By whoever may fill in the column. Raises NotPermitted, WrongStatus, Unacceptable."""
    require(by, "edit", Resource.FUNDING_PLAN, note.column.place)
    check_open(note.plan)
    check_sentence(text, most=MOST, advice=ADVICE)
    now = {"answer": text.strip(), "answered_at": timezone.now(), "answered_by": by.person_id}
    if not CellNote.objects.filter(pk=note.pk, is_question=True, answered_at=None).update(**now):
        raise WrongStatus("This question is answered already. Read the answer on the page of the cell.")
    notices.answered(note, by=by)
