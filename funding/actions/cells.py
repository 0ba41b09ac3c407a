"""Cells of a funding plan are filled in, several people at once.

Each is saved over the version that was read: somebody who was faster is never overwritten unseen.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from agencies.permissions import Actor, Resource, require
from agencies.refusals import StaleVersion, Unacceptable
from funding.actions.plans import check_open
from funding.cells import as_cell
from funding.grid import Cell, Method, Status
from funding.models import FundingPlan, PlanCell, PlanColumn, PlanElement
from funding.models.plans import WORDS
from ips_portal.client_details import client_details

CHANGED = (
    "Somebody saved this cell after you opened it. Nothing was overwritten: look at what stands now, bring both "
    "together and save again."
)
Values = dict[str, Any]
TEXTS = ("condition", "limit")


@dataclass(frozen=True)
class Quick:
    """What the page of a column asks of each cell; everything else of a cell stays as it is."""

    status: Status
    method: Method
    condition: str
    version: int  # the one that was read; 0 where nobody had filled it in


@transaction.atomic(savepoint=False)
def fill(
    plan: FundingPlan, element: PlanElement, column: PlanColumn, *, cell: Cell, version: int, by: Actor
) -> PlanCell:
    """`version` is the one that was read, 0 where the cell was empty.

    Raises NotPermitted, WrongStatus, Unacceptable, StaleVersion.
    """
    require(by, "edit", Resource.FUNDING_PLAN, column.place)
    check_open(plan)
    check(plan, column, cell)
    return save(plan, element.pk, column, values_of(cell), version, by)


@transaction.atomic(savepoint=False)
def fill_column(plan: FundingPlan, column: PlanColumn, *, rows: Mapping[int, Quick], by: Actor) -> int:
    """The cells of one column by the id of their element; what did not change is not saved. Returns how many were.

    All of it or nothing. Raises NotPermitted, WrongStatus, Unacceptable, StaleVersion.
    """
    require(by, "edit", Resource.FUNDING_PLAN, column.place)
    check_open(plan)
    own = PlanElement.objects.filter(plan=plan, removed_at=None).values_list("pk", flat=True)
    if not rows.keys() <= {*own}:
        raise Unacceptable("A service here is not, or no more, one of this plan. Nothing was saved.")
    stored = {row.element_id: row for row in PlanCell.objects.filter(column=column)}
    wrong: dict[str, list[str]] = {}
    stale: dict[str, Values] = {}
    done = 0
    for element, quick in rows.items():
        row = stored.get(element)
        if quick.status is Status.UNKNOWN and not row and not (quick.method or quick.condition):
            continue
        if row and (row.status, row.method, row.condition) == (quick.status, quick.method, quick.condition):
            continue
        now = quickly(row, quick)
        try:
            check(plan, column, now)
            save(plan, element, column, values_of(now), quick.version, by)
            done += 1
        except Unacceptable as refusal:
            wrong[f"{element}-{refusal.field or 'status'}"] = [refusal.message]
        except StaleVersion as refusal:
            stale[str(element)] = refusal.current
    if wrong:
        raise Unacceptable("Some cells need a look; nothing was saved.", fields=wrong)
    if stale:
        raise StaleVersion(CHANGED, current=stale)
    return done


def quickly(row: PlanCell | None, quick: Quick) -> Cell:
    """The cell with the three values of the column's page. What only planned money has goes with the plan for it."""
    kept = as_cell(row) if row else Cell()
    values = {field.name: getattr(kept, field.name) for field in fields(Cell)}
    values |= {"status": quick.status, "method": quick.method, "condition": quick.condition}
    if quick.status is not Status.PLANNED:
        values |= {"expected_on": None, "bridge": None}
    return Cell(**values)


def check(plan: FundingPlan, column: PlanColumn, cell: Cell) -> None:
    """Raises Unacceptable with the field it is about."""
    if cell.status is Status.PARTLY and not (
        cell.condition or cell.limit or cell.limit_days or cell.limit_times
    ):
        raise Unacceptable("Say which part is paid, or on what condition.", field="condition")
    if cell.status != Status.PLANNED and (cell.expected_on or cell.bridge):
        raise Unacceptable(
            "Only planned money has a date it is expected and a payer until then.", field="status"
        )
    if cell.valid_from and cell.valid_to and cell.valid_to < cell.valid_from:
        raise Unacceptable("It ends before it starts. Check both dates.", field="valid_to")
    if cell.bridge == column.pk:
        raise Unacceptable("Choose another payer until then.", field="bridge")
    if cell.bridge and not PlanColumn.objects.filter(plan=plan, pk=cell.bridge, removed_at=None).exists():
        raise Unacceptable("Choose a payer of this plan.", field="bridge")
    for name in TEXTS:
        check_text(getattr(cell, name), name)


def check_text(text: str, name: str) -> None:
    if len(text) > WORDS:
        raise Unacceptable(f"Shorten it to {WORDS} characters.", field=name)
    if found := client_details(text):
        raise Unacceptable(f"This may hold {' and '.join(found)}. A funding plan names nobody.", field=name)


def values_of(cell: Cell) -> Values:
    values = {field.name: getattr(cell, field.name) for field in fields(Cell) if field.name != "bridge"}
    return values | {"bridge_id": cell.bridge}


def save(
    plan: FundingPlan, element: int, column: PlanColumn, values: Values, version: int, by: Actor
) -> PlanCell:
    """One conditional write: of two windows the first wins, and the second is shown what stands now."""
    now = values | {"checked_on": plan.state.today(), "saved_at": timezone.now(), "saved_by_id": by.person_id}
    rows = PlanCell.objects.filter(plan=plan, element=element, column=column)
    if version and rows.filter(version=version).update(**now, version=F("version") + 1):
        return as_stored(rows)
    if not version:
        try:
            with transaction.atomic():
                PlanCell.objects.create(
                    state_id=plan.state_id, plan=plan, element_id=element, column=column, **now
                )
            return as_stored(rows)
        except IntegrityError:
            pass
    raise StaleVersion(CHANGED, current=as_read(rows.select_related("saved_by").first()))


def as_stored(rows: Any) -> PlanCell:
    found: PlanCell = rows.select_related("saved_by").get()
    return found


def as_read(row: PlanCell | None) -> Values:
    """As the API names it; version 0 where nobody has filled it in."""
    cell = as_cell(row) if row else Cell()
    values = {field.name: getattr(cell, field.name) for field in fields(Cell)}
    shown = {
        name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in values.items()
    }
    return {**shown, "version": row.version if row else 0, "saved_by": row.saved_by.name if row else ""}
