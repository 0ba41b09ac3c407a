"""A funding plan is begun, its rows and columns are changed, and it is closed."""

from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from agencies.models import Agency, Payer, State
from agencies.permissions import Actor, Resource, require
from agencies.refusals import Unacceptable, WrongStatus
from fidelity.lifecycle.months import written
from funding.actions.keeping import kept
from funding.models import FundingPlan, FundingSource, PlanCell, PlanColumn, PlanElement
from funding.services import shipped

Part = TypeVar("Part", PlanElement, PlanColumn, PlanCell)
Stored = TypeVar("Stored", bound="PlanElement | PlanColumn")
CLOSED = "This funding plan is closed. It stays readable; nothing of it can be changed."
TAKEN = "There is an open funding plan for this already. Open it, or close it first."
TWICE = "There is one of this name already. Give it another."


@dataclass(frozen=True)
class Source:
    """A column: whose money, from which source, who keeps the column and when the money ends.

    `comes_from` is the funding source of the register; its last day is that of the column.
    """

    payer: str
    name: str
    keeper: str = ""
    department: str = ""
    body: Payer | None = None
    comes_from: FundingSource | None = None
    ends_on: date | None = None


@dataclass(frozen=True)
class Service:
    """A row: an element of a phase."""

    phase: str
    name: str
    without_person: bool = False
    starts_up: bool = False


@transaction.atomic(savepoint=False)
def begin(
    state: State,
    *,
    agency: Agency | None = None,
    region: str = "",
    like: FundingPlan | None = None,
    by: Actor,
) -> FundingPlan:
    """From the shipped rows without a column, or as a copy of what another plan says now.

    Raises NotPermitted, Unacceptable.
    """
    require(by, "create", Resource.FUNDING_PLAN, FundingPlan(state=state, agency=agency).place)
    if agency and region:
        raise Unacceptable("Choose a region or an agency, not both.", field="region")
    if FundingPlan.objects.in_state(state.pk).open().filter(agency=agency, region=region).exists():
        raise Unacceptable(TAKEN, field="agency" if agency else "region")
    plan: FundingPlan = FundingPlan.objects.create(
        state=state, agency=agency, region=region, begun_by_id=by.person_id
    )
    if like is None:
        PlanElement.objects.bulk_create(
            PlanElement(
                state=state,
                plan=plan,
                phase=element.phase,
                position=element.key,
                name=element.name,
                without_person=element.without_person,
                starts_up=element.starts_up,
            )
            for element in shipped().elements
        )
    else:
        copy(like, plan, by)
    return plan


def copy(like: FundingPlan, plan: FundingPlan, by: Actor) -> None:
    """Rows, columns and cells; links and questions stay where they are."""
    elements = {row.pk: again(row, plan) for row in open_rows(like)}
    columns = {row.pk: again(row, plan) for row in open_columns(like)}
    cells = list(PlanCell.objects.filter(plan=like, element__in=[*elements], column__in=[*columns]))
    PlanElement.objects.bulk_create(elements.values())
    PlanColumn.objects.bulk_create(columns.values())
    for cell in cells:
        again(cell, plan)
        cell.element, cell.column = elements[cell.element_id], columns[cell.column_id]
        cell.bridge = columns.get(cell.bridge_id)
        cell.version, cell.saved_by_id, cell.saved_at = 1, by.person_id, timezone.now()
    PlanCell.objects.bulk_create(cells)


def again(row: Part, plan: FundingPlan) -> Part:
    """The same row, to be added to another plan."""
    row.plan, row.pk = plan, None
    row._state.adding = True
    return row


def open_rows(plan: FundingPlan) -> list[PlanElement]:
    return list(PlanElement.objects.filter(plan=plan, removed_at=None))


def open_columns(plan: FundingPlan) -> list[PlanColumn]:
    return list(PlanColumn.objects.filter(plan=plan, removed_at=None).select_related("body", "comes_from"))


def check_open(plan: FundingPlan) -> None:
    if plan.closed_at:
        raise WrongStatus(CLOSED)


@transaction.atomic(savepoint=False)
def close(plan: FundingPlan, *, by: Actor) -> None:
    """Who may begin a plan may close it. Another one can be begun for the place then."""
    require(by, "create", Resource.FUNDING_PLAN, plan.place)
    now = {"closed_at": timezone.now(), "closed_by": by.person_id}
    if not FundingPlan.objects.filter(pk=plan.pk, closed_at=None).update(**now):
        raise WrongStatus(CLOSED)
    plan.refresh_from_db()


@transaction.atomic(savepoint=False)
def save_element(
    plan: FundingPlan, service: Service, *, element: PlanElement | None = None, by: Actor
) -> PlanElement:
    """Adds a row, or changes one. Raises NotPermitted, WrongStatus, Unacceptable."""
    require_layout(plan, by)
    if service.phase not in {phase.key for phase in shipped().phases}:
        raise Unacceptable("Choose a phase.", field="phase")
    if not service.name.strip():
        raise Unacceptable("Name the service.", field="name")
    row = element or PlanElement(state_id=plan.state_id, plan=plan, position=next_position(PlanElement, plan))
    return saved(row, vars(service))


@transaction.atomic(savepoint=False)
def save_column(
    plan: FundingPlan, source: Source, *, column: PlanColumn | None = None, by: Actor
) -> PlanColumn:
    """Adds a payer's source, or changes it. Raises NotPermitted, WrongStatus, Unacceptable."""
    require_layout(plan, by)
    if source.payer not in PlanColumn.Group.values:
        raise Unacceptable("Choose a payer.", field="payer")
    if not source.name.strip():
        raise Unacceptable("Name the source.", field="name")
    row = column or PlanColumn(state_id=plan.state_id, plan=plan, position=next_position(PlanColumn, plan))
    values = vars(source) | kept(source.keeper, source.department, source.body, "column")
    if source.comes_from:
        check_money(source.comes_from, source.ends_on, row)
        values["ends_on"] = None
    return saved(row, values)


def check_money(money: FundingSource, ends_on: date | None, row: PlanColumn) -> None:
    """Raises Unacceptable where the source cannot be named, or the column would end on another day."""
    is_named = row.comes_from_id == money.pk
    if money.state_id != row.state_id or (money.removed_at and not is_named):
        raise Unacceptable("Choose a funding source that stands in the register.", field="comes_from")
    if ends_on and ends_on != money.ends_on:
        day = f"ends on {written(money.ends_on)}" if money.ends_on else "has no last day"
        raise Unacceptable(
            f"In the register this money {day}. Leave the day empty here, or change it there.",
            field="ends_on",
        )


@transaction.atomic(savepoint=False)
def take_out(row: PlanElement | PlanColumn, *, by: Actor) -> None:
    """It stays with what was said of it, and can be brought back. Raises NotPermitted, WrongStatus."""
    require_layout(row.plan, by)
    if row.removed_at:
        raise WrongStatus("It is taken out already.")
    row.removed_at = timezone.now()
    row.save(update_fields=["removed_at"])


@transaction.atomic(savepoint=False)
def bring_back(row: PlanElement | PlanColumn, *, by: Actor) -> None:
    """Raises NotPermitted, WrongStatus, and Unacceptable where another one took its name meanwhile."""
    require_layout(row.plan, by)
    if not row.removed_at:
        raise WrongStatus("It stands in the plan.")
    saved(row, {"removed_at": None})


def require_layout(plan: FundingPlan, by: Actor) -> None:
    """Rows and columns are changed by whoever may begin such a plan; liaisons fill in their own columns."""
    require(by, "create", Resource.FUNDING_PLAN, plan.place)
    check_open(plan)


def saved(row: Stored, values: dict[str, Any]) -> Stored:
    for name, value in values.items():
        setattr(row, name, value)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise Unacceptable(TWICE, field="name") from None
    return row


def next_position(model: type[PlanElement] | type[PlanColumn], plan: FundingPlan) -> int:
    return (model.objects.filter(plan=plan).aggregate(last=Max("position"))["last"] or 0) + 1
