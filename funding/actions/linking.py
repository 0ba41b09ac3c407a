"""Two cells are linked, so that two payers of one service, or of one person at one time, are explained."""

from dataclasses import replace

from django.db import IntegrityError, transaction

from agencies.permissions import Actor, Resource, may, require
from agencies.refusals import Unacceptable
from funding.actions.cells import check_text
from funding.actions.plans import check_open
from funding.coverage import link_faults
from funding.dashboards.plan import read
from funding.grid import Link, LinkKind
from funding.models import CellLink, PlanCell


@transaction.atomic(savepoint=False)
def link(first: PlanCell, second: PlanCell, *, kind: str, note: str, by: Actor) -> CellLink:
    """By whoever keeps the column of `first`. Raises NotPermitted, WrongStatus, Unacceptable."""
    plan = first.plan
    require(by, "edit", Resource.FUNDING_PLAN, first.column.place)
    check_open(plan)
    if kind not in set(LinkKind):
        raise Unacceptable("Choose how the two belong together.", field="kind")
    if not note.strip():
        raise Unacceptable("Say what is handed over, or what makes them two services.", field="note")
    check_text(note, "note")
    sheet = read(plan)
    if second.pk not in sheet.places:
        raise Unacceptable("Choose a cell of this plan.", field="other")
    made = Link(LinkKind(kind), sheet.places[first.pk], sheet.places[second.pk], note)
    if faults := link_faults(replace(sheet.grid, links=(made,))):
        raise Unacceptable(" ".join(fault.reason for fault in faults), field="other")
    try:
        with transaction.atomic():
            row: CellLink = CellLink.objects.create(
                state_id=plan.state_id,
                plan=plan,
                kind=kind,
                first=first,
                second=second,
                note=note.strip(),
                linked_by_id=by.person_id,
            )
    except IntegrityError:
        raise Unacceptable("They are linked like this already.", field="other") from None
    return row


@transaction.atomic(savepoint=False)
def take_off(row: CellLink, *, by: Actor) -> None:
    """By whoever keeps one of its two columns. Raises NotPermitted, WrongStatus."""
    own = row.first.column.place
    if not may(by, "edit", Resource.FUNDING_PLAN, own):
        own = row.second.column.place
    require(by, "edit", Resource.FUNDING_PLAN, own)
    check_open(row.plan)
    row.delete()
