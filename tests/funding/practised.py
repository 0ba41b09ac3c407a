"""A funding plan filled in as the first practice state's departments did, of 31 services and 5 sources."""

from uuid import uuid4

from agencies.models import Agency
from funding.actions import cells, notes, plans
from funding.dashboards.plan import read
from funding.grid import Cell
from funding.models import FundingPlan, PlanElement
from ips_portal.practice.funding import PLANS, Source
from tests.cast import StateCast

QUESTION = "Do counselors pay for a second job of the same person?"


def begin(cast: StateCast, agency: Agency | None = None, region: str = "") -> FundingPlan:
    liaison = cast.memberships["department_liaison"]
    with cast.entered("admin") as admin:
        plan = plans.begin(cast.state, agency=agency, region=region, by=admin)
        for source in PLANS["meridian"]:
            department = liaison.department if source.keeper == "DL" else ""
            keeper = source.keeper.value if source.keeper else ""
            plans.save_column(
                plan, plans.Source(source.payer, source.name, keeper=keeper, department=department), by=admin
            )
        sheet = read(plan)
        for column, source in zip(sheet.columns, PLANS["meridian"], strict=True):
            for row in sheet.elements:
                if said := said_of(source, row):
                    cells.fill(plan, row, column, cell=Cell(**said), version=0, by=admin)
        second = next(row for row in sheet.elements if row.name.startswith("The same for second"))
        notes.write(second, sheet.columns[0], text=QUESTION, is_question=True, key=uuid4(), by=admin)
    return plan


def said_of(source: Source, row: PlanElement) -> dict[str, object]:
    apart = source.apart if row.without_person else None
    return {**(apart or source.says.get(row.phase) or {})}
