"""Finding a funding plan and its parts for whoever asks. Pages and API find them in the same way."""

from typing import Any
from uuid import UUID

from django.http import Http404

from agencies.access import TenantRequest, find
from agencies.permissions import Resource, may, require
from funding.models import (
    CellLink,
    CellNote,
    FundingPlan,
    FundingSource,
    PaymentSchedule,
    PlanColumn,
    PlanElement,
    PlanVersion,
)
from funding.models.register import register_of


def find_plan(request: TenantRequest, plan: UUID, *, action: str | None = None) -> FundingPlan:
    rows = FundingPlan.objects.select_related("agency")
    found: FundingPlan = find(request, rows, action=action, public_id=plan)
    found.state = request.tenant
    return found


def find_part(request: TenantRequest, rows: Any, plan: UUID, **lookup: Any) -> Any:
    found = find(request, rows.select_related("plan__agency"), plan__public_id=plan, **lookup)
    found.plan.state = request.tenant
    return found


def find_column(request: TenantRequest, plan: UUID, column: int) -> PlanColumn:
    found: PlanColumn = find_part(
        request, PlanColumn.objects.select_related("body", "comes_from"), plan, pk=column
    )
    return found


def find_element(request: TenantRequest, plan: UUID, element: int) -> PlanElement:
    found: PlanElement = find_part(request, PlanElement.objects, plan, pk=element)
    return found


def find_cell(
    request: TenantRequest, plan: UUID, element: int, column: int
) -> tuple[PlanElement, PlanColumn]:
    """Whoever may do something to a cell is who may do it to its column."""
    return cell_of(find_column(request, plan, column).plan, element, column)


def cell_of(plan: FundingPlan, element: int, column: int) -> tuple[PlanElement, PlanColumn]:
    """Raises Http404. A row or a column that was taken out has no cell any more."""
    row = PlanElement.objects.filter(plan=plan, pk=element, removed_at=None).first()
    payer = PlanColumn.objects.filter(plan=plan, pk=column, removed_at=None).select_related("body").first()
    if row is None or payer is None:
        raise Http404
    row.plan = payer.plan = plan
    return row, payer


def find_note(request: TenantRequest, plan: UUID, remark: int) -> CellNote:
    """An open question, for whoever keeps the column it is asked of."""
    row: CellNote | None = (
        CellNote.objects.visible_to(request.actor).filter(plan__public_id=plan, pk=remark).first()
    )
    if row is None:
        raise Http404
    row.column = find_column(request, plan, row.column_id)
    row.plan = row.column.plan
    return row


def find_link(request: TenantRequest, plan: UUID, link: int) -> CellLink:
    """For whoever keeps one of its two columns."""
    rows = CellLink.objects.select_related("first__column__body", "second__column__body")
    row: CellLink | None = rows.visible_to(request.actor).filter(plan__public_id=plan, pk=link).first()
    if row is None:
        raise Http404
    row.plan = find_plan(request, plan, action="view")
    row.first.column.plan = row.second.column.plan = row.plan
    return row


def find_version(request: TenantRequest, plan: UUID, version: int) -> PlanVersion:
    found: PlanVersion = find_part(
        request, PlanVersion.objects.select_related("made_by"), plan, number=version
    )
    return found


def enter_register(request: TenantRequest) -> None:
    """The register is the state's: 404 for who sees an own agency's plans only, 403 for who may not do so there."""
    whole = register_of(request.tenant.pk)
    if not may(request.actor, "view", Resource.FUNDING_PLAN, whole):
        raise Http404
    require(request.actor, request.door.action(str(request.method)) or "view", Resource.FUNDING_PLAN, whole)


def find_source(request: TenantRequest, source: UUID) -> FundingSource:
    rows = FundingSource.objects.select_related("body", "saved_by", "removed_by")
    found: FundingSource = find(request, rows, public_id=source)
    found.state = request.tenant
    return found


def find_schedule(request: TenantRequest, schedule: UUID) -> PaymentSchedule:
    rows = PaymentSchedule.objects.select_related("body")
    found: PaymentSchedule = find(request, rows, public_id=schedule)
    found.state = request.tenant
    return found
