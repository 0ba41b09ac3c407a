"""The funding plan of an agency, put forward once, with a question to Vocational Rehabilitation."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from funding.actions import cells, linking, notes, plans, register, versions
from funding.actions.register import Entry
from funding.dashboards.plan import read
from funding.grid import Cell, Status
from funding.models import CellLink, FundingPlan, FundingSource, PlanCell, PlanElement
from funding.stored import to_data
from tests.architecture import billing, rates
from tests.architecture.oracle import Where

if TYPE_CHECKING:
    from tests.architecture.world import Corner, World

KEEPER = "VR"
SOURCE = {
    "name": "Grant",
    "kind": "grant",
    "payer": "vr",
    "starts_on": "2026-07-01",
    "ends_on": "2029-06-30",
    "amount": "1250000.50",
    "keeper": KEEPER,
}
BODIES: dict[tuple[str, str], Any] = {
    ("funding-api:cell", "PUT"): lambda world: {
        "status": "planned",
        "expected_on": "2099-07-01",
        "version": 1,
    },
    ("funding-api:notes", "POST"): lambda world: {"text": "Since when is it so?", "key": str(uuid4())},
    ("funding-api:answer", "POST"): lambda world: {"text": "Since the new fee schedule."},
    ("funding-api:versions", "POST"): lambda world: {"after": 1, "note": "Once more."},
    ("funding-api:register", "POST"): lambda world: SOURCE | {"name": "Another grant"},
    ("funding-api:register-source", "PUT"): lambda world: SOURCE | {"version": 1},
    **rates.BODIES,
}
TYPED: dict[str, dict[str, Any]] = {
    "funding:billing-edit": billing.TYPED,
    "funding:service-new": {"name": "Before every second job"},
    "funding:source-new": {"name": "1915(i)"},
    "funding:register-new": {"name": "A county levy", "kind": "levy", "payer": "other"},
    "funding:note-write": {"text": "Since when is it so?"},
    "funding:link-new": {"kind": "braiding", "note": "The county pays for the hours before a job."},
    "funding:note-answer": {"text": "Since the new fee schedule."},
    **rates.TYPED,
}


@dataclass
class Funded:
    plan: UUID
    element: int
    column: int
    remark: int
    link: int
    source: UUID
    schedule: UUID
    version: int = 1


def where(corner: "Corner", about: Sequence[str]) -> Where:
    """A plan is the agency's, and none of it is a department's but the column it keeps."""
    desks = frozenset({KEEPER}) if {"column", "remark", "link"} & {*about} else frozenset()
    return Where(corner.state, corner.agency_key, desks=desks)


def keep(corner: "Corner") -> None:
    """One for each agency, whichever corner asks."""
    state, agency = corner.cast.state, corner.cast.agencies[corner.agency_key]
    with corner.cast.entered("admin") as admin:
        plan = FundingPlan.objects.in_state(state.pk).filter(agency=agency).first() or begin(corner, admin)
        remark = plan.notes.get()
        corner.funding = Funded(
            *(plan.public_id, remark.element_id, remark.column_id, remark.pk, plan.links.get().pk),
            source=source_of(corner, admin).public_id,
            schedule=rates.begun(corner, admin).public_id,
        )


def source_of(corner: "Corner", admin: Any) -> FundingSource:
    """One for each state, which no plan names."""
    state = corner.cast.state
    found: FundingSource | None = FundingSource.objects.in_state(state.pk).first()
    return found or register.add(state, Entry(f"Grant of {state}", "grant", "vr", keeper=KEEPER), by=admin)


def begin(corner: "Corner", admin: Any) -> FundingPlan:
    plan = plans.begin(corner.cast.state, agency=corner.cast.agencies[corner.agency_key], by=admin)
    column = plans.save_column(plan, plans.Source("vr", "Milestone payments", keeper=KEEPER), by=admin)
    element: PlanElement = plan.elements.first()
    paid = cells.fill(plan, element, column, cell=Cell(Status.PAYS, service_code="A"), version=0, by=admin)
    county = plans.save_column(plan, plans.Source("other", "County funds"), by=admin)
    other = cells.fill(plan, element, county, cell=Cell(Status.PAYS, service_code="B"), version=0, by=admin)
    paid.plan = other.plan = paid.column.plan = plan
    linking.link(paid, other, kind="braiding", note="Two services at a time.", by=admin)
    notes.write(element, column, text="Who confirms it?", is_question=True, key=uuid4(), by=admin)
    data = to_data(read(plan).grid)
    versions.put_forward(plan, data=data, parties={KEEPER: "Vocational Rehabilitation"}, after=0, by=admin)
    return plan


def cell_of(world: "World") -> str:
    """The page on which the question is answered."""
    found = world.own.funding
    return f"/meridian/funding/{found.plan}/{found.element}/{found.column}/"


def changed(world: "World") -> None:
    """Since it was put forward last."""
    found = world.own.funding
    with world.own.cast.entered("admin") as admin:
        row = PlanCell.objects.select_related("plan__state", "element", "column").get(column=found.column)
        row.column.plan = row.plan
        cells.fill(row.plan, row.element, row.column, cell=Cell(Status.NO), version=row.version, by=admin)


def unlinked(world: "World") -> None:
    """So that the same two can be linked again."""
    with world.own.cast.entered("admin"):
        CellLink.objects.filter(pk=world.own.funding.link).delete()


def taken_off(world: "World") -> None:
    with world.own.cast.entered("admin") as admin:
        register.take_off(FundingSource.objects.get(public_id=world.own.funding.source), by=admin)


# What the world must be like for the deed to be possible at all.
BEFORE = {
    "funding:version-list": changed,
    "funding:link-new": unlinked,
    "funding:register-back": taken_off,
}
